#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/git/history/bytes.hpp"
#include "api/git/history/oid.hpp"

namespace uhost::git {

class ObjectReader;

/// The file mode that git gives a folder.
constexpr std::uint32_t tree_mode = 0040000;

/// What a path is in one commit: a file mode of git and the object, or nothing at all (mode 0).
struct PathEntry {
    std::uint32_t mode = 0;
    Oid oid;

    bool operator==(const PathEntry&) const = default;

    bool is_absent() const noexcept { return mode == 0; }
    bool is_tree() const noexcept { return (mode & 0170000) == tree_mode; }
    bool is_submodule() const noexcept { return (mode & 0170000) == 0160000; }
    /// A regular file, executable or not, or a symbolic link.
    bool is_file() const noexcept { return !is_absent() && !is_tree() && !is_submodule(); }
};

/// One row of a tree. `name` points into the bytes the row was read from.
struct TreeRow {
    std::string_view name;
    PathEntry entry;
};

/// Takes the next row off `tree`; false at the end. `malformed` is set if what is left is not a row.
bool next_tree_row(ByteView& tree, TreeRow& row, bool& malformed) noexcept;

/// Git's order of tree rows: by name, where that of a folder counts as if a slash followed. Negative if `a` comes first.
int compare_tree_rows(const TreeRow& a, const TreeRow& b) noexcept;

/// The entry `name` of tree `oid`, absent if there is none. Raises what `ObjectReader::read` raises, and
/// `git.corrupt_object` for a malformed tree.
PathEntry find_in_tree(ObjectReader& reader, const Oid& oid, std::string_view name);

/// Goes through the rows of a tree, with bytes of its own.
class TreeCursor {
public:
    /// Reads the tree `entry` and stands at its first row; at the end if `entry` is not a tree. Raises as
    /// `find_in_tree`, also in `next`.
    TreeCursor(ObjectReader& reader, const PathEntry& entry);
    TreeCursor(const TreeCursor&) = delete;
    TreeCursor& operator=(const TreeCursor&) = delete;

    bool at_end() const noexcept { return at_end_; }
    /// Only if not at the end; valid as long as the cursor.
    const TreeRow& row() const noexcept { return row_; }
    void next();

    /// Moves two cursors on while their rows are the same, which is what most rows of two versions are: far cheaper
    /// than taking each of them apart.
    static void skip_same(TreeCursor& a, TreeCursor& b);
    static void skip_same(TreeCursor& a, TreeCursor& b, TreeCursor& c);

private:
    void go_to(ByteView rest);

    ObjectReader* reader_;
    Oid oid_;
    std::vector<std::uint8_t> bytes_;
    ByteView here_;  // from the current row on
    ByteView rest_;  // after it
    TreeRow row_;
    bool at_end_ = true;
};

/// A path of a repository in its plain form: no slash at either end, no empty part, no `.`; empty for the whole tree.
/// Raises `argument` for a path that is absolute, has a `..`, or holds a NUL.
std::string plain_path(std::string_view path);

/// The same for several; none if one of them is the whole tree, which needs no restriction.
std::vector<std::string> plain_paths(const std::vector<std::string>& paths);

/// Finds what one path is in many trees. Most commits leave most folders alone, so what was found below a tree is
/// remembered by the tree's id. For one thread.
class TreePaths {
public:
    /// `path` is plain (see plain_path).
    TreePaths(ObjectReader& reader, std::string_view path);

    /// What the path is below the root tree `root`. Raises as `find_in_tree`.
    PathEntry find(const Oid& root);

private:
    using Memory = std::unordered_map<Oid, PathEntry, OidHash>;

    PathEntry step(std::size_t level, const Oid& tree);

    ObjectReader* reader_;
    std::vector<std::string> parts_;
    std::vector<Memory> known_;  // for each part, by the tree it is looked up in
};

/// A file that is in one tree and not in another.
struct TreeFile {
    std::string path;
    PathEntry entry;
};

/// The files of `before` that are gone in `after`, and the files of `after` that are new, each sorted by path as git
/// sorts them. A file that became a symbolic link or a submodule is still there (git calls it a type change); one that
/// became a folder is gone. Submodules are not files, and are left out.
struct TreeDifference {
    std::vector<TreeFile> removed;
    std::vector<TreeFile> added;
};

/// Which halves of the difference are wanted.
enum class DifferenceOf { removed, both };

/// Compares what a path is in two commits. `path` is its full name, put in front of the names found. Only folders
/// that differ are read. Raises as `find_in_tree`, and `git.limit` for a difference of more than a million files or
/// folders more than 1,000 deep (which a crafted repository can have in a few objects).
TreeDifference diff_entries(ObjectReader& reader, const PathEntry& before, const PathEntry& after,
                            const std::string& path, DifferenceOf wanted);

/// A path whose file, link or submodule is not what it was; absent where there is none.
struct ChangedPath {
    std::string path;
    PathEntry before, after;
};

/// Everything that differs, in git's order; `path` and errors as for diff_entries.
std::vector<ChangedPath> changed_paths(ObjectReader& reader, const PathEntry& before, const PathEntry& after,
                                       const std::string& path);

}  // namespace uhost::git
