#include "api/git/history/removed_files.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace uhost::git {

std::unordered_set<std::string> paths_of(const std::vector<TreeFile>& files) {
    std::unordered_set<std::string> paths;
    for (const TreeFile& file : files) paths.insert(file.path);
    return paths;
}

namespace {

/// Leaves in `files` only those that `others` has too.
void keep_common(std::vector<TreeFile>& files, const std::vector<TreeFile>& others) {
    const auto common = paths_of(others);
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

std::vector<RemovedFile> removed_files(ObjectReader& reader, const RemovedFilesQuery& query, const CommitSide& commit,
                                       const std::vector<CommitSide>& parents) {
    const auto missing_from = [&](const CommitSide& side) {
        return diff_entries(reader, side.entry, commit.entry, query.path, DifferenceOf::removed).removed;
    };
    std::vector<TreeFile> removed = missing_from(parents.front());
    if (!query.files.empty()) {
        std::erase_if(removed, [&](const TreeFile& file) { return !query.files.contains(file.path); });
    }
    for (std::size_t i = 1; i < parents.size() && !removed.empty(); ++i) keep_common(removed, missing_from(parents[i]));
    std::vector<RemovedFile> files;
    for (TreeFile& file : removed) files.push_back({std::move(file.path), file.entry.oid, std::nullopt});
    std::sort(files.begin(), files.end(), [](const RemovedFile& a, const RemovedFile& b) { return a.path < b.path; });
    if (query.renames && !files.empty()) add_moves(reader, files, whole_difference(reader, commit, parents));
    return files;
}

}  // namespace uhost::git
