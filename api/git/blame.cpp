#include "api/git/blame.hpp"

#include <algorithm>

#include "api/git/history/tree_object.hpp"
#include "api/git/libgit2.hpp"
#include "api/git/revision.hpp"
#include "api/git/tree.hpp"

namespace uhost::git {
namespace {

constexpr std::size_t largest_blamed = 64 << 20;

Person person_of(const git_signature* signature) {
    if (signature == nullptr) return {};
    return {signature->name, signature->email, signature->when.time, signature->when.offset};
}

std::size_t count_lines(std::string_view content) {
    const auto feeds = static_cast<std::size_t>(std::ranges::count(content, '\n'));
    return feeds + (content.empty() || content.ends_with('\n') ? 0 : 1);
}

}  // namespace

std::optional<std::vector<BlameHunk>> blame(const Repository& repository, const BlameQuery& query) {
    const auto lease = repository.lease();
    const auto path = plain_path(query.path);
    const auto content = read_file_at(lease, query.revision, path, largest_blamed);
    if (!content) return std::nullopt;
    const auto lines = count_lines(*content);
    if (lines == 0) return std::vector<BlameHunk>();
    const auto first = std::max<std::size_t>(query.first_line, 1),
               last = query.last_line == 0 ? lines : query.last_line;
    if (last > lines || first > last) {
        throw Error("argument", "'" + path + "' has no lines " + std::to_string(first) + " to " + std::to_string(last))
            .hint("it has " + std::to_string(lines) + " lines");
    }
    git_blame_options options = GIT_BLAME_OPTIONS_INIT;
    if (query.first_parent) options.flags |= GIT_BLAME_FIRST_PARENT;
    options.newest_commit = to_git_oid(require_commit(lease, query.revision));
    options.min_line = first;
    options.max_line = last;
    BlameHandle blame;
    check(attempt(git_blame_file, out(blame), lease, path.c_str(), &options), "cannot blame '" + path + "'", lease);
    std::vector<BlameHunk> hunks;
    for (std::uint32_t i = 0; i < git_blame_get_hunk_count(blame.get()); ++i) {
        const auto* hunk = git_blame_get_hunk_byindex(blame.get(), i);
        hunks.push_back({hunk->final_start_line_number, hunk->lines_in_hunk, from_git_oid(hunk->final_commit_id),
                         person_of(hunk->final_signature), hunk->orig_path != nullptr ? hunk->orig_path : path,
                         hunk->orig_start_line_number, hunk->boundary != 0});
    }
    return hunks;
}

}  // namespace uhost::git
