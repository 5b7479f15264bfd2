#include "api/git/commit_filter.hpp"

#include <algorithm>

namespace uhost::git {
namespace {

bool any_line(re::LineSearch& search, std::string_view text) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    search.begin(text);
    return search.next();
}

std::size_t occurrences(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

}  // namespace

CommitFilter::CommitFilter(const ObjectStore& store, const LogQuery& query)
    : reader_(store), trees_(reader_), query_(query) {
    changes_.paths = plain_paths(query.paths);
    changes_.renames = query.renames;
    changes_.stats = query.stats;
    if (query.author) author_.emplace(query.author);
    if (query.grep) grep_.emplace(query.grep);
    if (query.pickaxe_regex) line_.emplace(query.pickaxe_regex);
}

bool CommitFilter::complete(LoggedCommit& logged, std::string_view text) {
    auto commit = parse_commit(logged.commit.id, text);
    if (!commit) throw reader_.corrupt(logged.commit.id, "is not a well-formed commit");
    logged.commit = std::move(*commit);
    if (!matches_text(logged.commit)) return false;
    if (!query_.gives_files()) return true;
    logged.files = files_of(logged);
    if (!query_.picks()) return true;
    std::erase_if(logged.files, [this](const ChangedFile& file) { return !is_picked(file); });
    return !logged.files.empty();
}

bool CommitFilter::matches_text(const Commit& commit) {
    if (query_.merges && *query_.merges != (commit.parents.size() > 1)) return false;
    if (author_ && !any_line(*author_, commit.author.name + " <" + commit.author.email + ">")) return false;
    return !grep_ || any_line(*grep_, commit.message);
}

bool CommitFilter::is_picked(const ChangedFile& file) {
    if (file.before.oid == file.after.oid) return false;
    const auto [before, after] = trees_.contents_of(file);
    if (query_.pickaxe && occurrences(before, *query_.pickaxe) == occurrences(after, *query_.pickaxe)) return false;
    return !line_ || changes_matching_line(before, after);
}

bool CommitFilter::changes_matching_line(std::string_view before, std::string_view after) {
    if (is_binary(before) || is_binary(after)) return false;
    const auto old_lines = lines_in(before), new_lines = lines_in(after);
    const auto any = [&](const std::vector<std::string_view>& lines, std::size_t start, std::size_t count) {
        return std::any_of(lines.begin() + start, lines.begin() + start + count, [&](std::string_view line) {
            if (line.ends_with('\n')) line.remove_suffix(1);
            return line_->find(line);
        });
    };
    const auto& changes = trees_.compare_lines(before, after);
    return std::ranges::any_of(changes, [&](const LineChange& change) {
        return any(old_lines, change.old_start, change.old_count) || any(new_lines, change.new_start, change.new_count);
    });
}

std::vector<ChangedFile> CommitFilter::files_of(const LoggedCommit& logged) {
    const auto& commit = logged.commit;
    const bool is_root = commit.parents.empty() || reader_.store().is_shallow(commit.id);
    if (!is_root && commit.parents.size() > 1 && !query_.first_parent) return {};
    PathEntry before;
    if (!is_root) {
        read_commit_links(reader_, commit.parents.front(), links_);
        before = root_entry(links_.tree);
    }
    if (!query_.follow) return trees_.compare(before, root_entry(commit.tree), changes_);
    // Of all that the commit changed, the followed file: its old name may lie anywhere.
    auto files = trees_.compare(before, root_entry(commit.tree), {{}, changes_.renames});
    std::erase_if(files, [&](const ChangedFile& file) { return file.path != logged.path; });
    if (changes_.stats) std::ranges::for_each(files, [this](ChangedFile& file) { trees_.count_lines(file); });
    return files;
}

}  // namespace uhost::git
