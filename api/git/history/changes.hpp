#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/git/history/line_diff.hpp"
#include "api/git/history/objects.hpp"
#include "api/git/history/tree_object.hpp"

namespace uhost::git {

/// What to find out about the files that differ between two trees.
struct ChangesQuery {
    std::vector<std::string> paths;  ///< files or folders in plain form, taken literally; none for everything
    bool renames = true;             ///< find moved files, see find_renames
    bool stats = false;              ///< count lines
    std::size_t max_files = 100'000;
};

/// A file that differs. Submodules count as files of one line.
struct ChangedFile {
    const char* status;  ///< "added", "deleted", "modified", "renamed" or "type_changed"
    std::string path;
    std::string old_path;  ///< `path` but for a renamed one
    PathEntry before, after;
    unsigned similarity_percent = 0;  ///< of a renamed file
    bool binary = false;
    std::size_t additions = 0, deletions = 0;  ///< lines, with `stats`; 0 for a binary file
};

/// What git's attributes say of a file: whether it is text, or that its content decides.
enum class TextKind : std::uint8_t { by_content, text, binary };

/// The paths that differ between two root trees (absent for none), within `paths` if there are any, in git's order.
std::vector<ChangedPath> changed_in(ObjectReader& reader, const PathEntry& before, const PathEntry& after,
                                    const std::vector<std::string>& paths);

/// Compares trees as `git diff --raw -M` and `--numstat` do. For one thread.
class TreeComparison {
public:
    explicit TreeComparison(ObjectReader& reader) : reader_(reader), differ_(table_) {}

    /// What differs between two root trees (absent for none), in git's order. Raises `git.limit` for more than
    /// `max_files`, and what `changed_paths` and `find_renames` raise.
    std::vector<ChangedFile> compare(const PathEntry& before, const PathEntry& after, const ChangesQuery& query);

    /// The content before and after, valid until the next call: of a submodule, a line that names its commit.
    std::pair<std::string_view, std::string_view> contents_of(const ChangedFile& file);

    /// The lines that differ; valid until the next call. Sets `old_lines` and `new_lines` to their numbers.
    const std::vector<LineChange>& compare_lines(std::string_view old_text, std::string_view new_text);

    /// Sets how many lines were added and deleted, or that the file is binary.
    void count_lines(ChangedFile& file, TextKind kind = TextKind::by_content);

private:
    void find_moved(std::vector<ChangedFile>& files);
    void read_content(const PathEntry& entry, std::string& into);

    ObjectReader& reader_;
    LineTable table_;
    LineDiffer differ_;
    std::string old_text_, new_text_;
    std::vector<Line> old_lines_, new_lines_;
};

/// The entry of a root tree.
inline PathEntry root_entry(const Oid& tree) noexcept { return {0040000, tree}; }

/// The lines of a text, each with its line feed.
std::vector<std::string_view> lines_in(std::string_view text);

/// Whether git takes content for binary: unless its attributes say, by a NUL in its first 8,000 bytes; beyond 512 MiB,
/// always.
bool is_binary(std::string_view content, TextKind kind = TextKind::by_content) noexcept;

}  // namespace uhost::git
