#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/logs/dictionary.hpp"

namespace uhost::logs {

/// Lines in a row, and the time that stood before each. Times are in milliseconds since 1970.
class Lines {
public:
    using Time = std::optional<std::int64_t>;

    /// To add a line: append its text, without a newline, to text(), then call end_line().
    std::string& text() { return text_; }
    const std::string& text() const { return text_; }
    void end_line(Time time);

    std::uint32_t count() const { return count_; }
    /// The times as they are kept: for each line the difference to the one before.
    const std::string& times() const { return times_; }

private:
    std::string text_, times_;
    std::uint32_t count_ = 0;
    std::int64_t last_time_ = 0;
};

/// The times of lines as Lines::times() keeps them; nothing when they are not of so many lines.
std::optional<std::vector<Lines::Time>> read_times(std::string_view times, std::uint32_t lines);

/// What stands before a block in a segment, as it is in the file. A block has the distinct ones of its lines, the order
/// in which they come, and their times.
struct BlockHead {
    std::uint32_t magic;
    std::uint32_t lines;
    std::uint64_t first_line;  ///< in the segment, from 0
    std::uint32_t distinct_lines;
    std::uint32_t whole_bytes;  ///< of all lines, each with its newline
    std::uint32_t text_bytes, packed_text_bytes;
    std::uint32_t order_bytes, packed_order_bytes;
    std::uint32_t times_bytes, packed_times_bytes;
    std::uint32_t dictionary;  ///< 0 for none
    std::uint32_t folds;       ///< 1 where has_folding_letter()
    std::uint64_t hash;        ///< of what follows
    std::uint64_t head_hash;   ///< of what is before

    std::uint64_t end_line() const { return first_line + lines; }
    std::uint64_t packed_bytes() const {
        return std::uint64_t{packed_text_bytes} + packed_order_bytes + packed_times_bytes;
    }

    /// The head at the beginning of `bytes`; nothing where there is none, or a damaged one.
    static std::optional<BlockHead> read(std::string_view bytes);
};
static_assert(sizeof(BlockHead) == 72);

/// A text of at most so many bytes is one block; a line may make it longer.
constexpr std::size_t usual_block_bytes = 4 << 20, max_block_bytes = 16 << 20;

/// A block as it is written: its head and what follows it, and its filter.
struct PackedBlock {
    BlockHead head;
    std::string bytes, filter;
};

PackedBlock pack(const Lines& lines, std::uint64_t first_line, const Dictionary* dictionary);

/// Unpacks blocks, which may be damaged. For one thread at a time.
class Unpacker {
public:
    explicit Unpacker(Dictionaries& dictionaries);

    // Of the block whose head is given and whose `packed` bytes follow it. What they give is valid until the next call
    // of the same function. They throw `logs.damaged`.

    /// The distinct lines, each with a newline behind it.
    std::string_view distinct_text(const BlockHead& head, std::string_view packed);
    /// For each line, the place of its text among the distinct ones.
    const std::vector<std::uint32_t>& order(const BlockHead& head, std::string_view packed);
    /// All lines, without newlines; they refer to the distinct ones.
    const std::vector<std::string_view>& lines(const BlockHead& head, std::string_view packed);
    std::vector<Lines::Time> times(const BlockHead& head, std::string_view packed);

private:
    struct ReleaseContext {
        void operator()(void* context) const;
    };

    std::string_view unpack(std::string_view packed, std::size_t size, std::string& into, std::uint32_t dictionary);

    Dictionaries& dictionaries_;
    std::unique_ptr<void, ReleaseContext> context_;
    std::shared_ptr<const Dictionary> dictionary_;
    std::string text_, order_text_, times_;
    std::vector<std::uint32_t> order_;
    std::vector<std::string_view> lines_;
};

}  // namespace uhost::logs
