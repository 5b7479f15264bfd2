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

/// The rows of a tree, with bytes of their own.
class TreeRows {
public:
    /// Reads tree `oid`; no rows if `entry` is not a tree. Raises as `find_in_tree`.
    TreeRows(ObjectReader& reader, const PathEntry& entry);
    TreeRows(const TreeRows&) = delete;
    TreeRows& operator=(const TreeRows&) = delete;

    const std::vector<TreeRow>& rows() const noexcept { return rows_; }

private:
    std::vector<std::uint8_t> bytes_;
    std::vector<TreeRow> rows_;
};

}  // namespace uhost::git
