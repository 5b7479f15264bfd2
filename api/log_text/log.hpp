#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/log_text/line_cleaner.hpp"
#include "api/log_text/raw_lines.hpp"
#include "api/log_text/source_file.hpp"

namespace uhost::log_text {

/// A log of any size whose lines can be read in any order, in constant memory. From any thread.
class Log {
public:
    /// One line, as log functions give it.
    struct Line {
        std::string text;       ///< cleaned
        std::string job, step;  ///< empty without `gh run view --log`
        std::optional<double> time;
    };

    explicit Log(std::shared_ptr<const SourceFile> file) : file_(std::move(file)) {}

    const SourceFile& file() const { return *file_; }

    /// Nothing before the log was read to its end once: by a scan of all lines, or by make_index().
    std::optional<std::uint64_t> lines() const;
    bool has_index() const { return index() != nullptr; }
    void set_index(LineIndex index);
    /// Reads the log once, if need be. Throws `log_text.read`, and `cancelled` when `stop` is requested.
    void make_index(const std::stop_token& stop);

    /// Where a line begins, from 1; the index must be there.
    std::uint64_t offset_of(std::uint64_t number) const;
    /// The lines from `first` to `last`, which begin at 1; what is outside of the log is left out. Throws
    /// `log_text.read`.
    std::vector<std::string> texts(std::uint64_t first, std::uint64_t last);
    std::optional<Line> line(std::uint64_t number);
    /// As it is in the file; a line that is very long loses its middle, where a mark says how many bytes.
    std::optional<std::string> raw(std::uint64_t number);

private:
    static constexpr std::uint64_t window_lines = 64;
    static constexpr std::size_t max_windows = 64, max_window_bytes = 2 << 20;  // at least one is kept
    struct Window {
        std::uint64_t first;  // line number
        std::vector<Line> lines;
        std::size_t bytes = 0;
    };
    /// Stands where a window was read, so that the next one needs no search.
    struct Position {
        RawReader reader;
        std::uint64_t next_line;
    };

    std::shared_ptr<const LineIndex> index() const;
    const Window& window_of(std::uint64_t number);
    Window read_window(std::uint64_t first);
    RawReader reader_of(std::uint64_t first);
    std::vector<std::string> read_texts(std::uint64_t first, std::uint64_t count);

    std::shared_ptr<const SourceFile> file_;
    mutable std::mutex mutex_;
    std::shared_ptr<const LineIndex> index_;
    std::mutex window_mutex_;
    std::list<Window> windows_;  // the one used last comes first
    std::size_t window_bytes_ = 0;
    std::optional<Position> position_;
    std::optional<RawReader> raw_reader_;  // raw lines are asked for in places near each other
};

}  // namespace uhost::log_text
