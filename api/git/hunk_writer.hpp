#pragma once

#include <atomic>

#include "api/git/diff.hpp"

namespace uhost::git {

/// How many lines hunks may have, over all files and threads.
class LineBudget {
public:
    explicit LineBudget(std::size_t max_lines) : max_lines_(max_lines) {}
    /// Raises `git.limit` once there are too many.
    void take(std::size_t lines, const std::string& path);

private:
    std::size_t max_lines_;
    std::atomic<std::size_t> taken_ = 0;
};

/// Compares files as git prints them: changes with lines around them, those that would touch in one hunk. For one
/// thread.
class HunkWriter {
public:
    HunkWriter(ObjectReader& reader, const DiffQuery& query, LineBudget& budget)
        : trees_(reader), query_(query), budget_(budget) {}

    /// Sets counts and, if asked for, hunks of a file, which is text as `kind` says.
    void write(DiffFile& file, TextKind kind);

private:
    void add_hunk(std::span<const LineChange> changes, DiffFile& file);
    std::string function_above(std::size_t line) const;

    TreeComparison trees_;
    const DiffQuery& query_;
    LineBudget& budget_;
    std::vector<std::string_view> old_, new_;
};

}  // namespace uhost::git
