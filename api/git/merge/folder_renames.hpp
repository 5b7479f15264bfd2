#pragma once

#include "api/git/history/renames.hpp"
#include "api/git/merge/merge_state.hpp"

namespace uhost::git {

/// Where the folders that one side removed went, by where most of their files went: merge-ort's directory renames.
class FolderRenames {
public:
    explicit FolderRenames(SideChanges& changes) : changes_(changes) {}

    /// Takes note of a file's rename.
    void count(std::string_view old_path, std::string_view new_path);

    /// From what is counted so far: takes these for where the folders went, see likely_path.
    void guess();
    /// Where a file would be if its folder went there as a whole.
    std::optional<std::string> likely_path(std::string_view path) const;

    /// Which files of `sources` need no look, because where their folders went is clear without them.
    std::vector<bool> find_settled(const std::vector<std::string_view>& sources);

    /// The new folder of each removed one whose files say so; adds a conflict for those whose files disagree.
    std::map<std::string, std::string> settle(TreeMerge& result) const;

private:
    using Counts = std::map<std::string, unsigned, std::less<>>;

    FolderRelevance relevance(std::string_view folder) const;

    SideChanges& changes_;
    std::map<std::string, Counts, std::less<>> counts_;
    std::map<std::string, std::string, std::less<>> guesses_;
};

/// The folder that a path lies in; "" for the root.
std::string_view folder_of(std::string_view path) noexcept;

}  // namespace uhost::git
