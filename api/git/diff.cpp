#include "api/git/diff.hpp"

#include <algorithm>

#include "api/git/history/history.hpp"
#include "api/git/history/tree_object.hpp"
#include "api/git/libgit2.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {

namespace {

int stop_if_asked(const git_diff*, const char*, const char*, void* payload) {
    return static_cast<const std::stop_token*>(payload)->stop_requested() ? GIT_EUSER : 0;
}

const char* status_name(git_delta_t status) {
    switch (status) {
        case GIT_DELTA_ADDED:
            return "added";
        case GIT_DELTA_DELETED:
            return "deleted";
        case GIT_DELTA_RENAMED:
            return "renamed";
        case GIT_DELTA_COPIED:
            return "copied";
        case GIT_DELTA_TYPECHANGE:
            return "type_changed";
        case GIT_DELTA_CONFLICTED:
            return "conflicted";
        case GIT_DELTA_UNREADABLE:
            return "unreadable";
        default:
            return "modified";
    }
}

DiffHandle compare(git_repository* repository, const DiffQuery& query, git_diff_options& options) {
    if (!query.new_revision && git_repository_is_bare(repository) == 1) {
        throw bare_error("cannot compare with the work tree");
    }
    TreeHandle old_tree;
    if (query.old_revision) old_tree = require_tree(repository, *query.old_revision);
    DiffHandle diff;
    if (query.new_revision) {
        const auto new_tree = require_tree(repository, *query.new_revision);
        check(
            attempt(git_diff_tree_to_tree, out(diff), repository, old_tree.get(), new_tree.get(), &options),
            "cannot compare '" + query.old_revision.value_or("the empty tree") + "' with '" + *query.new_revision + "'",
            repository);
        return diff;
    }
    check(attempt(git_diff_tree_to_workdir_with_index, out(diff), repository, old_tree.get(), &options),
          "cannot compare with the work tree", repository);
    return diff;
}

void find_moves(git_diff* diff, const DiffQuery& query) {
    if (!query.renames && !query.copies) return;
    git_diff_find_options options = GIT_DIFF_FIND_OPTIONS_INIT;
    if (query.renames) options.flags |= GIT_DIFF_FIND_RENAMES;
    if (query.copies) options.flags |= GIT_DIFF_FIND_COPIES;
    check(attempt(git_diff_find_similar, diff, &options), "cannot find renamed files");
}

std::string header_text(const git_diff_hunk& hunk) {
    std::string_view header(hunk.header, hunk.header_len);
    while (header.ends_with('\n')) header.remove_suffix(1);
    const auto end = header.find("@@", 2);
    if (end == std::string_view::npos) return {};
    header.remove_prefix(end + 2);
    if (header.starts_with(' ')) header.remove_prefix(1);
    return std::string(header);
}

class HunkReader {
public:
    HunkReader(const DiffQuery& query, const std::stop_token& stop) : query_(query), stop_(stop) {}

    void read(git_patch* patch, DiffFile& file) {
        const std::size_t count = git_patch_num_hunks(patch);
        for (std::size_t i = 0; i < count; ++i) {
            const git_diff_hunk* hunk = nullptr;
            std::size_t lines = 0;
            check(attempt(git_patch_get_hunk, &hunk, &lines, patch, i), "cannot read a hunk of " + file.new_path);
            auto& into = file.hunks.emplace_back(
                DiffHunk{hunk->old_start, hunk->old_lines, hunk->new_start, hunk->new_lines, header_text(*hunk), {}});
            read_lines(patch, i, lines, into, file.new_path);
        }
    }

private:
    void read_lines(git_patch* patch, std::size_t hunk, std::size_t count, DiffHunk& into, const std::string& path) {
        lines_ += count;
        if (lines_ > query_.most_lines) {
            throw Error("git.limit",
                        "the diff has more than " + std::to_string(query_.most_lines) + " lines, at " + path)
                .hint("name 'paths', pass hunks = false for counts only, or raise 'most_lines'");
        }
        if (stop_.stop_requested()) throw cancelled();
        for (std::size_t i = 0; i < count; ++i) {
            const git_diff_line* line = nullptr;
            check(attempt(git_patch_get_line_in_hunk, &line, patch, hunk, i), "cannot read a line of " + path);
            add_line(*line, into);
        }
    }

    // libgit2 gives the remark that a last line has no line feed as a line of its own ('=', '>', '<').
    static void add_line(const git_diff_line& line, DiffHunk& into) {
        const bool remark = line.origin == GIT_DIFF_LINE_CONTEXT_EOFNL || line.origin == GIT_DIFF_LINE_ADD_EOFNL ||
                            line.origin == GIT_DIFF_LINE_DEL_EOFNL;
        if (remark) {
            if (!into.lines.empty()) into.lines.back().newline_at_end = false;
            return;
        }
        std::string_view text(line.content, line.content_len);
        if (text.ends_with('\n')) text.remove_suffix(1);
        into.lines.push_back(
            {line.origin, std::max(line.old_lineno, 0), std::max(line.new_lineno, 0), true, std::string(text)});
    }

    const DiffQuery& query_;
    const std::stop_token& stop_;
    std::size_t lines_ = 0;
};

DiffFile describe(const git_diff_delta& delta) {
    DiffFile file{};
    file.status = status_name(delta.status);
    file.old_path = delta.old_file.path;
    file.new_path = delta.new_file.path;
    if (delta.status != GIT_DELTA_ADDED) {
        file.old_mode = delta.old_file.mode;
        file.old_id = from_git_oid(delta.old_file.id);
    }
    if (delta.status != GIT_DELTA_DELETED) {
        file.new_mode = delta.new_file.mode;
        file.new_id = from_git_oid(delta.new_file.id);
    }
    const bool moved = delta.status == GIT_DELTA_RENAMED || delta.status == GIT_DELTA_COPIED;
    file.similarity_percent = moved ? delta.similarity : 0;
    return file;
}

void read_patch(git_diff* diff, std::size_t index, const DiffQuery& query, HunkReader& hunks, DiffFile& file) {
    PatchHandle patch;
    check(attempt(git_patch_from_diff, out(patch), diff, index), "cannot compare " + file.new_path);
    file.binary = (git_diff_get_delta(diff, index)->flags & GIT_DIFF_FLAG_BINARY) != 0;
    if (!patch) return;
    check(attempt(git_patch_line_stats, nullptr, &file.additions, &file.deletions, patch.get()), "cannot count lines");
    if (query.hunks) hunks.read(patch.get(), file);
}

// An empty path is the whole tree, which needs no restriction.
std::vector<std::string> plain_paths(const std::vector<std::string>& paths) {
    std::vector<std::string> plain;
    for (const auto& path : paths) plain.push_back(plain_path(path));
    if (std::ranges::find(plain, "") != plain.end()) plain.clear();
    return plain;
}

}  // namespace

std::vector<DiffFile> diff(const Repository& repository, const DiffQuery& query, const std::stop_token& stop) {
    const auto lease = repository.lease();
    const auto paths = plain_paths(query.paths);
    BorrowedStrings borrowed(paths);
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_DISABLE_PATHSPEC_MATCH | GIT_DIFF_INCLUDE_TYPECHANGE;
    if (query.ignore_whitespace) options.flags |= GIT_DIFF_IGNORE_WHITESPACE;
    options.context_lines = query.context;
    options.pathspec = borrowed.raw();
    options.progress_cb = stop_if_asked;
    options.payload = const_cast<std::stop_token*>(&stop);
    const auto handle = compare(lease, query, options);
    find_moves(handle.get(), query);
    const std::size_t count = git_diff_num_deltas(handle.get());
    if (count > query.most_files) {
        throw Error("git.limit", "the diff has " + std::to_string(count) + " files, more than the " +
                                     std::to_string(query.most_files) + " allowed")
            .hint("name 'paths', or raise 'most_files'");
    }
    std::vector<DiffFile> files;
    HunkReader hunks(query, stop);
    for (std::size_t i = 0; i < count; ++i) {
        if (stop.stop_requested()) throw cancelled();
        files.push_back(describe(*git_diff_get_delta(handle.get(), i)));
        read_patch(handle.get(), i, query, hunks, files.back());
    }
    return files;
}
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

StatusEntry describe(const git_status_entry& entry) {
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
    if (repository.is_bare()) throw bare_error("cannot tell the status");
    std::vector<std::string> paths;
    for (const auto& path : query.paths) paths.push_back(plain_path(path));
    if (std::ranges::find(paths, "") != paths.end()) paths.clear();
    BorrowedStrings borrowed(paths);
    git_status_options options = GIT_STATUS_OPTIONS_INIT;
    options.flags = GIT_STATUS_OPT_RENAMES_HEAD_TO_INDEX | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH |
                    GIT_STATUS_OPT_SORT_CASE_SENSITIVELY;
    if (query.untracked) options.flags |= GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS;
    if (query.ignored) options.flags |= GIT_STATUS_OPT_INCLUDE_IGNORED;
    options.pathspec = borrowed.raw();
    StatusListHandle list;
    check(attempt(git_status_list_new, out(list), lease, &options), "cannot tell the status", lease);
    std::vector<StatusEntry> entries;
    for (std::size_t i = 0; i < git_status_list_entrycount(list.get()); ++i) {
        const auto* entry = git_status_byindex(list.get(), i);
        if (entry->status != GIT_STATUS_CURRENT) entries.push_back(describe(*entry));
    }
    return entries;
}

}  // namespace uhost::git
