#include "api/git/status.hpp"

#include "api/git/history/tree_object.hpp"
#include "api/git/libgit2.hpp"

namespace uhost::git {
namespace {

const char* staged_name(unsigned flags) {
    if (flags & GIT_STATUS_INDEX_NEW) return "added";
    if (flags & GIT_STATUS_INDEX_RENAMED) return "renamed";
    if (flags & GIT_STATUS_INDEX_DELETED) return "deleted";
    if (flags & GIT_STATUS_INDEX_TYPECHANGE) return "type_changed";
    return flags & GIT_STATUS_INDEX_MODIFIED ? "modified" : nullptr;
}

const char* unstaged_name(unsigned flags) {
    if (flags & GIT_STATUS_WT_NEW) return "untracked";
    if (flags & GIT_STATUS_WT_RENAMED) return "renamed";
    if (flags & GIT_STATUS_WT_DELETED) return "deleted";
    if (flags & GIT_STATUS_WT_TYPECHANGE) return "type_changed";
    if (flags & GIT_STATUS_IGNORED) return "ignored";
    return flags & GIT_STATUS_WT_MODIFIED ? "modified" : nullptr;
}

StatusEntry describe_entry(const git_status_entry& entry) {
    StatusEntry described;
    const auto* delta = entry.index_to_workdir != nullptr ? entry.index_to_workdir : entry.head_to_index;
    described.path = delta->new_file.path;
    described.staged = staged_name(entry.status);
    described.unstaged = unstaged_name(entry.status);
    described.conflicted = (entry.status & GIT_STATUS_CONFLICTED) != 0;
    if (entry.status & GIT_STATUS_INDEX_RENAMED) described.old_path = entry.head_to_index->old_file.path;
    return described;
}

}  // namespace

std::vector<StatusEntry> status(const Repository& repository, const StatusQuery& query) {
    const auto lease = repository.lease();
    if (repository.is_bare()) throw bare_error("cannot read the status");
    const auto paths = plain_paths(query.paths);
    BorrowedStrings borrowed(paths);
    git_status_options options = GIT_STATUS_OPTIONS_INIT;
    options.flags = GIT_STATUS_OPT_RENAMES_HEAD_TO_INDEX | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH |
                    GIT_STATUS_OPT_SORT_CASE_SENSITIVELY;
    if (query.untracked) options.flags |= GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS;
    if (query.ignored) options.flags |= GIT_STATUS_OPT_INCLUDE_IGNORED;
    options.pathspec = borrowed.raw();
    StatusListHandle list;
    check(attempt(git_status_list_new, out(list), lease, &options), "cannot read the status", lease);
    std::vector<StatusEntry> entries;
    for (std::size_t i = 0; i < git_status_list_entrycount(list.get()); ++i) {
        const auto* entry = git_status_byindex(list.get(), i);
        if (entry->status != GIT_STATUS_CURRENT) entries.push_back(describe_entry(*entry));
    }
    return entries;
}

}  // namespace uhost::git
