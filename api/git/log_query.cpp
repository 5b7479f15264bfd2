#include "api/git/log_query.hpp"

#include "api/git/ancestry.hpp"
#include "api/git/references.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {
namespace {

std::string side_or_head(std::string_view side) { return side.empty() ? "HEAD" : std::string(side); }

}  // namespace

void set_range(const Repository& repository, const std::string& range, LogQuery& query) {
    const auto lease = repository.lease();
    const auto dots = range.find("..");
    if (dots == std::string::npos) {
        query.tips = {require_commit(lease, range)};
        return;
    }
    const bool symmetric = range.compare(dots, 3, "...") == 0;
    const auto left = require_commit(lease, side_or_head(range.substr(0, dots)));
    const auto right = require_commit(lease, side_or_head(range.substr(dots + (symmetric ? 3 : 2))));
    query.tips = symmetric ? std::vector{left, right} : std::vector{right};
    query.hide = symmetric ? merge_bases(*repository.objects(), left, {right}) : std::vector{left};
}

void set_all_tips(const Repository& repository, LogQuery& query) {
    const auto lease = repository.lease();
    const auto add = [&](git_object* object) {
        ObjectHandle commit;
        if (git_object_peel(out(commit), object, GIT_OBJECT_COMMIT) != 0) return;
        query.tips.push_back(from_git_oid(*git_object_id(commit.get())));
    };
    for (const auto& reference : list_references(lease, "")) {
        if (!reference.id) continue;
        const auto id = to_git_oid(*reference.id);
        ObjectHandle object;
        if (git_object_lookup(out(object), lease, &id, GIT_OBJECT_ANY) == 0) add(object.get());
    }
    if (const auto head = read_head(lease)) query.tips.push_back(head->id);
}

}  // namespace uhost::git
