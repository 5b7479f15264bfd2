#pragma once

#include <array>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/git/merge/content_merge.hpp"
#include "api/git/merge/tree_edit.hpp"

/// What the steps of one merge of trees share: collecting what differs (merge_walk), renames (merge_renames), and
/// deciding each path (merge_paths). The rules are those of git's merge-ort, and so are the words: three stages, masks
/// of the stages that have something (bit 0 the base, bit 1 ours, bit 2 theirs).
namespace uhost::git {

/// Why a path is in conflict.
enum class ConflictKind : std::uint8_t {
    content,
    add_add,
    modify_delete,
    rename_delete,
    rename_rename,
    rename_add,
    mode,
    type,
    binary,
    submodule,
    directory_file,
    directory_rename
};

/// A path of a conflict on one side: under which name that side has it, and what it is there.
struct ConflictSide {
    std::string path;
    PathEntry entry;
};

struct Conflict {
    ConflictKind kind;
    std::string path;  ///< where the merged tree has it
    std::array<std::optional<ConflictSide>, 3> sides;
    std::vector<ConflictHunk> hunks;
    std::optional<std::string> text;  ///< with markers, of a conflict within text
    std::string driver;               ///< the merge driver that gitattributes name and that was not run
};

constexpr unsigned base_stage = 0, our_stage = 1, their_stage = 2;
constexpr unsigned all_stages = 7;

constexpr unsigned mask_of(unsigned stage) noexcept { return 1U << stage; }

/// A file, link or submodule that may be in conflict. Where some side has a folder, its stage is absent here.
struct MergePath {
    std::array<PathEntry, 3> stages;
    std::array<std::string, 3> names;  ///< the path, but for renames
    unsigned file_mask = 0;
    unsigned folder_mask = 0;
    unsigned match_mask = 0;  ///< of the stages that are equal, if two of them are
    bool path_conflict = false;
    bool removed = false;              ///< it went elsewhere by a rename
    PathEntry original;                ///< what our tree has at this path, a folder included
    std::optional<ConflictKind> kind;  ///< known before the path is decided
    std::vector<ConflictHunk> hunks;   ///< of a conflict that renames brought

    bool folder_in_the_way() const noexcept { return file_mask != 0 && folder_mask != 0; }
};

/// How much renames within a removed folder matter: to find out where the folder went itself, or a folder above it.
enum class FolderRelevance : std::uint8_t { none, ancestor, self };

/// What one side removed and added, as far as renames may follow from it.
struct SideChanges {
    std::vector<TreeFile> removed, added;
    std::unordered_map<std::string, bool>
        relevant_sources;  ///< true: for its content; false: for where its folder went
    std::unordered_map<std::string, FolderRelevance> removed_folders;
};

struct MergeOptions {
    ConflictStyle style = ConflictStyle::merge;
    MergeLabels labels;
    bool renames = true;
    std::size_t rename_limit = 7000;
    bool favor_theirs = false;  ///< put their side in the tree where there is a conflict
};

struct TreeMerge {
    Oid tree;
    bool clean = true;
    std::vector<Conflict> conflicts;
    std::vector<std::string> merged;  ///< paths whose contents were merged
};

struct MergeState {
    ContentMerger& contents;
    const MergeOptions& options;
    std::stop_token stop;
    bool is_virtual;  ///< a merge of merge bases
    unsigned depth;   ///< how many merges of merge bases this one is inside of
    std::array<PathEntry, 3> roots;

    std::map<std::string, MergePath> paths;
    TreeEdit edit;  ///< of our tree
    std::array<SideChanges, 3> sides;
    TreeMerge result;

    ObjectReader& reader() const { return contents.reader(); }
    void check_stop() const;
    /// What a path is in one of the trees.
    PathEntry entry_at(unsigned stage, const std::string& path) const;
    bool exists(const std::string& path) const;
    /// The labels of one file, with its names where they differ.
    MergeLabels labels_of(const std::array<std::string, 3>& names) const;
};

/// Collects what differs between the three trees, and settles what only one side changed.
void collect_merge(MergeState& state);

/// Follows renames of files and of folders.
void merge_renames(MergeState& state);

/// Decides every path that is left.
void merge_paths(MergeState& state);

}  // namespace uhost::git
