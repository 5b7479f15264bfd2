#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/re/regex.hpp"

namespace uhost::kb {

/// An expression that matches a line, or one that continues a sequence and was not tried.
struct LineMatch {
    std::uint32_t expression;
    std::uint32_t first_span;  ///< in LineResult::spans: of the whole match, then of each group
};

/// All that matches one line. It depends on the text alone, unless steps were limited.
struct LineResult {
    std::vector<LineMatch> matches;
    std::vector<std::optional<re::Span>> spans;
    std::vector<std::uint32_t> limited;  ///< expressions that take too many steps

    void clear();
};

/// What was found in lines of late: logs say much the same again and again. For one thread.
class LineMemo {
public:
    /// From here on, what find() gives stays as it is until the next call.
    void begin_block() {
        ++block_;
        entries_.resize(size);
    }
    /// The result of a line, to be filled when `is_known` is false. Null for a line that is not worth a place, or whose
    /// place is taken.
    LineResult* find(std::string_view line, bool& is_known);

private:
    static constexpr std::size_t size = 1 << 13, max_line_bytes = 512;

    struct Entry {
        std::string line;
        LineResult result;
        std::uint64_t block = 0;  ///< that it was last used in; 0 for an empty one
    };

    std::vector<Entry> entries_;
    std::uint64_t block_ = 0;
};

}  // namespace uhost::kb
