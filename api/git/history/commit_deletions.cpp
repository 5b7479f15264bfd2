#include "api/git/history/commit_deletions.hpp"

#include <algorithm>
#include <unordered_set>

namespace uhost::git {
namespace {

using Paths = std::unordered_set<std::string>;

Paths paths_of(const std::vector<TreeFile>& files) {
    Paths paths;
    for (const TreeFile& file : files) paths.insert(file.path);
    return paths;
}

/// Leaves in `files` only those that `others` has too.
void keep_common(std::vector<TreeFile>& files, const std::vector<TreeFile>& others) {
    const Paths common = paths_of(others);
    std::erase_if(files, [&](const TreeFile& file) { return !common.contains(file.path); });
}

/// What the commit did to the whole tree: what it removed from the first parent, and the files no parent has.
TreeDifference whole_difference(ObjectReader& reader, const CommitSide& commit,
                                const std::vector<CommitSide>& parents) {
    TreeDifference whole = diff_entries(reader, parents.front().root, commit.root, "", DifferenceOf::both);
    for (std::size_t i = 1; i < parents.size() && !whole.added.empty(); ++i) {
        keep_common(whole.added, diff_entries(reader, parents[i].root, commit.root, "", DifferenceOf::both).added);
    }
    return whole;
}

void add_moves(ObjectReader& reader, std::vector<RemovedFile>& files, const TreeDifference& whole) {
    std::unordered_map<std::string_view, RemovedFile*> by_path;
    for (RemovedFile& file : files) by_path.emplace(file.path, &file);
    std::vector<bool> wanted;
    for (const TreeFile& file : whole.removed) wanted.push_back(by_path.contains(file.path));
    const auto moves = find_moves(reader, whole, wanted);
    for (std::size_t i = 0; i < moves.size(); ++i) {
        if (wanted[i]) by_path[whole.removed[i].path]->move = moves[i];
    }
}

}  // namespace

std::vector<RemovedFile> removed_files(ObjectReader& reader, const std::string& path, const CommitSide& commit,
                                       const std::vector<CommitSide>& parents, bool renames) {
    std::vector<TreeFile> removed =
        diff_entries(reader, parents.front().entry, commit.entry, path, DifferenceOf::removed).removed;
    for (std::size_t i = 1; i < parents.size() && !removed.empty(); ++i) {
        keep_common(removed, diff_entries(reader, parents[i].entry, commit.entry, path, DifferenceOf::removed).removed);
    }
    std::vector<RemovedFile> files;
    for (TreeFile& file : removed) files.push_back({std::move(file.path), file.entry.oid, std::nullopt});
    std::sort(files.begin(), files.end(), [](const RemovedFile& a, const RemovedFile& b) { return a.path < b.path; });
    if (renames && !files.empty()) add_moves(reader, files, whole_difference(reader, commit, parents));
    return files;
}

}  // namespace uhost::git
