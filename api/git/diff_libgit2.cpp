// Differences that libgit2 finds: with the index or the work tree, with copies, without white space, and of files whose
// attributes name a driver.
#include <algorithm>

#include "api/git/attributes.hpp"
#include "api/git/diff.hpp"
#include "api/git/history/history.hpp"
#include "api/git/hunk_writer.hpp"
#include "api/git/libgit2.hpp"
#include "api/git/revision.hpp"

namespace uhost::git {
namespace {

int stop_when_requested(const git_diff*, const char*, const char*, void* payload) noexcept {
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
    if (query.against == DiffQuery::Against::work_tree && git_repository_is_bare(repository) == 1) {
        throw bare_error("cannot compare with the work tree");
    }
    TreeHandle old_tree;
    if (query.old_revision) old_tree = require_tree(repository, *query.old_revision);
    DiffHandle diff;
    switch (query.against) {
        case DiffQuery::Against::revision: {
            const auto new_tree = require_tree(repository, query.new_revision);
            check(attempt(git_diff_tree_to_tree, out(diff), repository, old_tree.get(), new_tree.get(), &options),
                  "cannot compare '" + query.old_revision.value_or("the empty tree") + "' with '" +
                      query.new_revision + "'",
                  repository);
            break;
        }
        case DiffQuery::Against::index:
            check(attempt(git_diff_tree_to_index, out(diff), repository, old_tree.get(), nullptr, &options),
                  "cannot compare with the index", repository);
            break;
        case DiffQuery::Against::work_tree:
            check(query.from_index
                      ? attempt(git_diff_index_to_workdir, out(diff), repository, nullptr, &options)
                      : attempt(git_diff_tree_to_workdir_with_index, out(diff), repository, old_tree.get(), &options),
                  "cannot compare with the work tree", repository);
            break;
    }
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
    HunkReader(const DiffQuery& query, const std::stop_token& stop) : budget_(query.max_lines), stop_(stop) {}

    void read(git_patch* patch, DiffFile& file) {
        const std::size_t count = git_patch_num_hunks(patch);
        for (std::size_t i = 0; i < count; ++i) {
            const git_diff_hunk* hunk = nullptr;
            std::size_t lines = 0;
            check(attempt(git_patch_get_hunk, &hunk, &lines, patch, i), "cannot read a hunk of " + file.path);
            auto& into = file.hunks.emplace_back(
                DiffHunk{hunk->old_start, hunk->old_lines, hunk->new_start, hunk->new_lines, header_text(*hunk), {},
                         {}});
            read_lines(patch, i, lines, into, file.path);
        }
    }

private:
    void read_lines(git_patch* patch, std::size_t hunk, std::size_t count, DiffHunk& into, const std::string& path) {
        budget_.take(count, path);
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
        into.add_line(line.origin, {line.content, line.content_len}, std::max(line.old_lineno, 0),
                      std::max(line.new_lineno, 0));
        into.lines.back().newline_at_end = true;
    }

    LineBudget budget_;
    const std::stop_token& stop_;
};

DiffFile describe_delta(const git_diff_delta& delta) {
    DiffFile file{};
    file.status = status_name(delta.status);
    file.old_path = delta.old_file.path;
    file.path = delta.new_file.path;
    if (delta.status != GIT_DELTA_ADDED) file.before = {delta.old_file.mode, from_git_oid(delta.old_file.id)};
    if (delta.status != GIT_DELTA_DELETED) file.after = {delta.new_file.mode, from_git_oid(delta.new_file.id)};
    const bool moved = delta.status == GIT_DELTA_RENAMED || delta.status == GIT_DELTA_COPIED;
    file.similarity_percent = moved ? delta.similarity : 0;
    return file;
}

void read_patch(git_diff* diff, std::size_t index, const DiffQuery& query, HunkReader& hunks, DiffFile& file) {
    PatchHandle patch;
    check(attempt(git_patch_from_diff, out(patch), diff, index), "cannot compare " + file.path);
    file.binary = (git_diff_get_delta(diff, index)->flags & GIT_DIFF_FLAG_BINARY) != 0;
    if (!patch) return;
    check(attempt(git_patch_line_stats, nullptr, &file.additions, &file.deletions, patch.get()), "cannot count lines");
    if (query.hunks) hunks.read(patch.get(), file);
}

}  // namespace

std::vector<DiffFile> diff_with_libgit2(const Repository& repository, const DiffQuery& query,
                                        const std::stop_token& stop) {
    const auto lease = repository.lease();
    std::optional<EmptyIndex> empty_index;
    if (query.against == DiffQuery::Against::revision) empty_index.emplace(lease);
    const auto paths = plain_paths(query.paths);
    BorrowedStrings borrowed(paths);
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_DISABLE_PATHSPEC_MATCH | GIT_DIFF_INDENT_HEURISTIC;
    if (query.type_changes) options.flags |= GIT_DIFF_INCLUDE_TYPECHANGE;
    if (query.ignore_whitespace) options.flags |= GIT_DIFF_IGNORE_WHITESPACE;
    options.context_lines = query.context;
    options.pathspec = borrowed.raw();
    options.progress_cb = stop_when_requested;
    options.payload = const_cast<std::stop_token*>(&stop);
    const auto handle = compare(lease, query, options);
    find_moves(handle.get(), query);
    const std::size_t count = git_diff_num_deltas(handle.get());
    if (count > query.max_files) {
        throw Error("git.limit", "the diff has " + std::to_string(count) + " files, more than the " +
                                     std::to_string(query.max_files) + " allowed")
            .hint("name 'paths', or raise 'max_files'");
    }
    std::vector<DiffFile> files;
    HunkReader hunks(query, stop);
    for (std::size_t i = 0; i < count; ++i) {
        if (stop.stop_requested()) throw cancelled();
        files.push_back(describe_delta(*git_diff_get_delta(handle.get(), i)));
        if (!query.type_changes && files.back().status == std::string_view("type_changed")) {
            files.pop_back();
            // Looking for moved files put the two halves together again.
            auto one = query;
            one.renames = one.copies = false;
            one.paths = {git_diff_get_delta(handle.get(), i)->new_file.path};
            for (auto& half : diff_with_libgit2(repository, one, stop)) files.push_back(std::move(half));
            continue;
        }
        if (query.stats) read_patch(handle.get(), i, query, hunks, files.back());
    }
    // What became a link went before it came.
    for (std::size_t i = 1; i < files.size(); ++i) {
        if (files[i].path == files[i - 1].path && files[i].after.is_absent()) std::swap(files[i], files[i - 1]);
    }
    return files;
}

}  // namespace uhost::git
