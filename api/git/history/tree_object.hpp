#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/git/history/bytes.hpp"
#include "api/git/history/oid.hpp"

namespace uhost::git {

class ObjectReader;

/// What a path is in one commit: a file mode of git and the object, or nothing at all (mode 0).
struct PathEntry {
    std::uint32_t mode = 0;
    Oid oid;

    bool operator==(const PathEntry&) const = default;

    bool is_absent() const noexcept { return mode == 0; }
    bool is_tree() const noexcept { return (mode & 0170000) == 0040000; }
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

private:
    ObjectReader* reader_;
    Oid oid_;
    std::vector<std::uint8_t> bytes_;
    ByteView here_;  // from the current row on
    ByteView rest_;  // after it
    TreeRow row_;
    bool at_end_ = true;
};

}  // namespace uhost::git
