#include "api/git/diff.hpp"

#include <algorithm>
#include <cctype>
#include <span>

#include "api/git/history/history.hpp"
#include "api/git/history/tree_object.hpp"
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

Error too_many_lines(const DiffQuery& query, const std::string& path) {
    return Error("git.limit", "the diff has more than " + std::to_string(query.max_lines) + " lines, at " + path)
        .hint("name 'paths', pass hunks = false for counts only, or raise 'max_lines'");
}

class HunkReader {
public:
    HunkReader(const DiffQuery& query, const std::stop_token& stop) : query_(query), stop_(stop) {}

    void read(git_patch* patch, DiffFile& file) {
        const std::size_t count = git_patch_num_hunks(patch);
        for (std::size_t i = 0; i < count; ++i) {
            const git_diff_hunk* hunk = nullptr;
            std::size_t lines = 0;
            check(attempt(git_patch_get_hunk, &hunk, &lines, patch, i), "cannot read a hunk of " + file.path);
            auto& into = file.hunks.emplace_back(
                DiffHunk{hunk->old_start, hunk->old_lines, hunk->new_start, hunk->new_lines, header_text(*hunk), {}});
            read_lines(patch, i, lines, into, file.path);
        }
    }

private:
    void read_lines(git_patch* patch, std::size_t hunk, std::size_t count, DiffHunk& into, const std::string& path) {
        lines_ += count;
        if (lines_ > query_.max_lines) {
            throw too_many_lines(query_, path);
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

// An empty path is the whole tree, which needs no restriction.
std::vector<std::string> plain_paths(const std::vector<std::string>& paths) {
    std::vector<std::string> plain;
    for (const auto& path : paths) plain.push_back(plain_path(path));
    if (std::ranges::find(plain, "") != plain.end()) plain.clear();
    return plain;
}

/// Hunks as git prints them: changes with lines around them, those that would touch in one.
class HunkWriter {
public:
    HunkWriter(TreeComparison& trees, const DiffQuery& query) : trees_(trees), query_(query) {}

    void write(DiffFile& file) {
        if (file.before.oid == file.after.oid) return;
        const auto old_text = trees_.content_of(file.before), new_text = trees_.content_of(file.after);
        file.binary = is_binary(old_text) || is_binary(new_text);
        if (file.binary) return;
        old_ = lines_in(old_text);
        new_ = lines_in(new_text);
        const auto& changes = trees_.compare_lines(old_text, new_text);
        for (std::size_t first = 0, next = 0; first < changes.size(); first = next) {
            const auto end_of = [&](std::size_t i) { return changes[i].old_start + changes[i].old_count; };
            for (next = first + 1; next < changes.size(); ++next) {
                if (changes[next].old_start - end_of(next - 1) > 2 * std::size_t{query_.context}) break;
            }
            add_hunk(std::span(changes).subspan(first, next - first), file);
        }
    }

private:
    void add_hunk(std::span<const LineChange> changes, DiffFile& file) {
        const auto& first = changes.front();
        const auto& last = changes.back();
        const std::size_t before = std::min<std::size_t>({query_.context, first.old_start, first.new_start});
        const auto old_end = std::min(last.old_start + last.old_count + query_.context, old_.size());
        const auto old_begin = first.old_start - before, new_begin = first.new_start - before;
        auto& hunk = file.hunks.emplace_back();
        hunk.header = function_above(old_begin);
        std::size_t old_at = old_begin, new_at = new_begin;
        const auto copy_until = [&](std::size_t end) {
            for (; old_at < end; ++old_at, ++new_at) add_line(hunk, ' ', old_[old_at], old_at + 1, new_at + 1);
        };
        for (const auto& change : changes) {
            copy_until(change.old_start);
            for (; old_at < change.old_start + change.old_count; ++old_at) {
                add_line(hunk, '-', old_[old_at], old_at + 1, 0);
            }
            for (; new_at < change.new_start + change.new_count; ++new_at) {
                add_line(hunk, '+', new_[new_at], 0, new_at + 1);
            }
            file.deletions += change.old_count;
            file.additions += change.new_count;
        }
        copy_until(old_end);
        hunk.old_lines = static_cast<int>(old_at - old_begin);
        hunk.new_lines = static_cast<int>(new_at - new_begin);
        // Git counts an empty side from the line before it.
        hunk.old_start = static_cast<int>(old_begin) + (hunk.old_lines > 0 ? 1 : 0);
        hunk.new_start = static_cast<int>(new_begin) + (hunk.new_lines > 0 ? 1 : 0);
        lines_written_ += hunk.lines.size();
        if (lines_written_ > query_.max_lines) throw too_many_lines(query_, file.path);
    }

    static void add_line(DiffHunk& hunk, char origin, std::string_view line, std::size_t old_line,
                         std::size_t new_line) {
        const bool ended = line.ends_with('\n');
        if (ended) line.remove_suffix(1);
        hunk.lines.push_back(
            {origin, static_cast<int>(old_line), static_cast<int>(new_line), ended, std::string(line)});
    }

    /// The nearest line above that looks like the start of a function to git, which knows no language without
    /// attributes.
    std::string function_above(std::size_t line) const {
        constexpr std::size_t max_length = 80;
        while (line-- > 0) {
            auto text = old_[line];
            const auto first = static_cast<unsigned char>(text.front());
            if (std::isalpha(first) == 0 && first != '_' && first != '$') continue;
            text = text.substr(0, max_length);
            while (std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
            return std::string(text);
        }
        return {};
    }

    TreeComparison& trees_;
    const DiffQuery& query_;
    std::vector<std::string_view> old_, new_;
    std::size_t lines_written_ = 0;
};

PathEntry tree_of(git_repository* repository, const std::optional<std::string>& revision) {
    if (!revision) return {};
    const auto tree = require_tree(repository, *revision);
    return tree ? root_entry(from_git_oid(*git_tree_id(tree.get()))) : PathEntry{};
}

std::vector<DiffFile> diff_trees(const Repository& repository, const DiffQuery& query, const std::stop_token& stop) {
    const auto lease = repository.lease();
    const auto before = tree_of(lease, query.old_revision), after = tree_of(lease, query.new_revision);
    const ObjectStore store(repository.git_folder());
    ObjectReader reader(store);
    TreeComparison trees(reader);
    const bool counts_only = query.stats && !query.hunks;
    std::vector<DiffFile> files;
    for (auto& file :
         trees.compare(before, after, {plain_paths(query.paths), query.renames, counts_only, query.max_files})) {
        files.push_back({std::move(file), {}});
    }
    if (!query.stats || !query.hunks) return files;
    HunkWriter hunks(trees, query);
    for (auto& file : files) {
        if (stop.stop_requested()) throw cancelled();
        hunks.write(file);
    }
    return files;
}

std::vector<DiffFile> diff_with_libgit2(const Repository& repository, const DiffQuery& query,
                                        const std::stop_token& stop) {
    const auto lease = repository.lease();
    const auto paths = plain_paths(query.paths);
    BorrowedStrings borrowed(paths);
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_DISABLE_PATHSPEC_MATCH | GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_INDENT_HEURISTIC;
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
        files.push_back(describe(*git_diff_get_delta(handle.get(), i)));
        if (query.stats) read_patch(handle.get(), i, query, hunks, files.back());
    }
    return files;
}

}  // namespace

std::vector<DiffFile> diff(const Repository& repository, const DiffQuery& query, const std::stop_token& stop) {
    const bool trees = query.new_revision && !query.copies && !query.ignore_whitespace;
    return trees ? diff_trees(repository, query, stop) : diff_with_libgit2(repository, query, stop);
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
    if (repository.is_bare()) throw bare_error("cannot read the status");
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
    check(attempt(git_status_list_new, out(list), lease, &options), "cannot read the status", lease);
    std::vector<StatusEntry> entries;
    for (std::size_t i = 0; i < git_status_list_entrycount(list.get()); ++i) {
        const auto* entry = git_status_byindex(list.get(), i);
        if (entry->status != GIT_STATUS_CURRENT) entries.push_back(describe(*entry));
    }
    return entries;
}

}  // namespace uhost::git
