#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "api/http/recording/exchange.hpp"
#include "host/core/descriptor.hpp"

namespace uhost::http {

/// Writes a recording: JSON Lines, a header and then one exchange a line. Each line is written at once, so that the
/// file is whole whenever the process ends. It is readable by its owner only.
class Recorder {
public:
    enum class Existing { keep, replace };

    /// Begins `file`, which is new or empty; `Existing::replace` also begins another recording anew. Throws
    /// `settings.recording` when it holds something else, when another process is recording into it, or when it cannot
    /// be written.
    explicit Recorder(std::filesystem::path file, Existing existing = Existing::keep);

    /// Throws `http.recording` when the line cannot be written, or when the file would pass `largest_recording`; the
    /// file then ends with the line before.
    void add(const Exchange& exchange);

private:
    void begin(Existing existing);
    void write_line(std::string_view line);

    std::filesystem::path file_;
    Descriptor descriptor_;
    std::size_t written_ = 0;
};

}  // namespace uhost::http
