#include "api/git/merge/folder_renames.hpp"

#include <algorithm>

namespace uhost::git {
namespace {

std::string_view last_part(std::string_view path) noexcept { return path.substr(path.rfind('/') + 1); }

}  // namespace

std::string_view folder_of(std::string_view path) noexcept {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

FolderRelevance FolderRenames::relevance(std::string_view folder) const {
    const auto found = changes_.removed_folders.find(std::string(folder));
    return found == changes_.removed_folders.end() ? FolderRelevance::none : found->second;
}

/// `a/b/c/file` that became `a/x/c/file` says that `a/b/c` became `a/x/c`, and that `a/b` became `a/x`; not more.
void FolderRenames::count(std::string_view old_path, std::string_view new_path) {
    for (bool is_first = true;; is_first = false) {
        const auto old_folder = folder_of(old_path), new_folder = folder_of(new_path);
        if (!changes_.removed_folders.contains(std::string(old_folder))) return;
        if (!is_first && last_part(old_path) != last_part(new_path)) return;
        const auto matters = relevance(old_folder);
        if (is_first || matters == FolderRelevance::self) {
            ++counts_[std::string(old_folder)][std::string(new_folder)];
        }
        if (matters == FolderRelevance::none || old_folder.empty() || new_folder.empty()) return;
        old_path = old_folder;
        new_path = new_folder;
    }
}

void FolderRenames::guess() {
    for (const auto& [folder, counts] : counts_) {
        guesses_[folder] = std::ranges::max_element(counts, {}, &Counts::value_type::second)->first;
    }
}

std::optional<std::string> FolderRenames::likely_path(std::string_view path) const {
    const auto found = guesses_.find(folder_of(path));
    if (found == guesses_.end()) return std::nullopt;
    return (found->second.empty() ? "" : found->second + '/') + std::string(last_part(path));
}

std::vector<bool> FolderRenames::find_settled(const std::vector<std::string_view>& sources) {
    std::map<std::string, unsigned, std::less<>> unknown;
    for (const auto source : sources) {
        for (auto folder = folder_of(source); !folder.empty() && relevance(folder) != FolderRelevance::none;
             folder = folder_of(folder)) {
            ++unknown[std::string(folder)];
        }
    }
    for (const auto& [folder, counts] : counts_) {
        if (relevance(folder) != FolderRelevance::self) continue;
        unsigned first = 0, second = 0;
        for (const auto& [target, count] : counts) {
            if (count >= first) {
                second = std::exchange(first, count);
            } else {
                second = std::max(second, count);
            }
        }
        if (first > second + unknown[folder]) changes_.removed_folders[folder] = FolderRelevance::ancestor;
    }
    std::vector<bool> settled;
    for (const auto source : sources) {
        bool is_settled = !changes_.relevant_sources.at(std::string(source));
        for (auto folder = folder_of(source); is_settled; folder = folder_of(folder)) {
            const auto matters = relevance(folder);
            if (matters == FolderRelevance::none) break;
            is_settled = matters != FolderRelevance::self;
        }
        settled.push_back(is_settled);
    }
    return settled;
}

std::map<std::string, std::string> FolderRenames::settle(TreeMerge& result) const {
    std::map<std::string, std::string> renames;
    for (const auto& [folder, counts] : counts_) {
        if (relevance(folder) == FolderRelevance::none) continue;
        const auto best = std::ranges::max_element(counts, {}, &Counts::value_type::second);
        const auto as_many = std::ranges::count(counts, best->second, &Counts::value_type::second);
        if (as_many == 1) {
            renames[folder] = best->first;
            continue;
        }
        result.clean = false;
        result.conflicts.push_back({ConflictKind::directory_rename, folder, {}, {}, {}, {}});
    }
    return renames;
}

}  // namespace uhost::git
