#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/logs/segment.hpp"

namespace uhost::logs {

/// Reads lines of the segments of a folder. From any thread.
class Store {
public:
    struct Line {
        std::string text;
        Lines::Time time;
    };

    explicit Store(std::filesystem::path folder)
        : folder_(std::move(folder)), dictionaries_(folder_), unpacker_(dictionaries_) {}

    const std::filesystem::path& folder() const { return folder_; }
    /// Lines of a segment, from 0; those that it does not have are left out. Throws `logs.missing` where there is no
    /// such segment, and `logs.damaged`.
    std::vector<Line> lines(std::uint64_t segment, std::uint64_t first, std::uint64_t count);

private:
    const Segment& segment(std::uint64_t id, std::uint64_t end_line);

    std::filesystem::path folder_;
    Dictionaries dictionaries_;
    std::mutex mutex_;
    Unpacker unpacker_;
    std::optional<Segment> segment_;  // the one that was read last
    std::size_t block_ = SIZE_MAX;    // the one that was unpacked last
    std::vector<std::string_view> lines_;
    std::vector<Lines::Time> times_;
};

}  // namespace uhost::logs
