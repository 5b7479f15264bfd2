#pragma once

#include <deque>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "api/log_text/log.hpp"
#include "api/logs/masking.hpp"
#include "api/logs/segment.hpp"

namespace uhost::logs {

/// What became of a log that was added.
struct Added {
    std::uint64_t segment, first_line, lines;
    std::uint64_t bytes;       ///< as it came
    std::uint64_t text_bytes;  ///< cleaned
    Lines::Time first_time, last_time;
    std::string digest;   ///< of its cleaned text: the same for the same log
    bool is_cut = false;  ///< it was longer than a log may be

    /// A line that begins a step, as GitHub writes it, or before which `gh run view --log` names another job or step.
    struct Mark {
        std::uint64_t line;  ///< in the log, from 1
        std::string job, step;
    };
    static constexpr std::size_t max_marks = 1'000;
    std::vector<Mark> marks;
};

/// Adds logs to a folder of segments: cleans their lines, hides secrets in them, and packs blocks on other threads.
/// What was added is there for good after commit(). One thread at a time.
class Writer {
public:
    static constexpr std::uint64_t max_log_bytes = std::uint64_t{4} << 30;

    /// With `discards`, everything is done but writing: for a dry run.
    Writer(std::filesystem::path folder, const Vault& vault, bool discards);
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Throws `logs.write`, `log_text.read`, and `cancelled` when `stop` is requested.
    Added add(const log_text::Log& log, const std::stop_token& stop);
    /// Adds lines of another segment as they are. Throws `logs.damaged` as well.
    Added copy(const Segment& segment, std::uint64_t first_line, std::uint64_t lines, const std::stop_token& stop);
    /// Writes what is left and waits until all of it is on the disk. Throws `logs.write`.
    void commit();

private:
    struct Packed {
        PackedBlock block;
        std::string sample;  ///< of its text, while there is no dictionary
    };

    void begin_log(Added& added);
    void flush_block(const std::stop_token& stop);
    void write_packed(std::size_t most_waiting);
    void learn(std::string sample);
    void take_dictionary();
    void choose_dictionary();
    void learn_from_segments();

    std::filesystem::path folder_;
    Masking masking_;
    bool discards_;
    Dictionaries dictionaries_;
    std::optional<DictionaryLock> lock_;
    std::shared_ptr<const Dictionary> dictionary_;
    std::vector<std::string> samples_;
    std::size_t sample_bytes_ = 0;
    bool has_learned_ = false;
    std::future<std::shared_ptr<const Dictionary>> learning_;
    std::optional<SegmentWriter> segment_;
    Lines lines_;
    std::uint64_t first_line_ = 0;             // of lines_, in the segment
    std::deque<std::future<Packed>> packing_;  // last: its jobs use what is above
};

}  // namespace uhost::logs
