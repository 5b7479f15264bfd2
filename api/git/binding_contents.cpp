// Trees, files, differences and the work tree.
#include "api/git/attributes.hpp"
#include "api/git/binding.hpp"
#include "api/git/diff.hpp"
#include "api/git/grep.hpp"
#include "api/git/status.hpp"
#include "api/git/tree.hpp"

namespace uhost::git::binding {
namespace {

constexpr std::string_view tree_entry_fields[]{"path", "name", "kind", "mode", "id"};
constexpr bind::RecordType tree_entry_record{"git.TreeEntry", tree_entry_fields};

constexpr std::string_view hunk_line_fields[]{"origin", "text", "old_line", "new_line", "newline_at_end"};
constexpr bind::RecordType hunk_line_record{"git.HunkLine", hunk_line_fields};

constexpr std::string_view hunk_fields[]{"old_start", "old_lines", "new_start", "new_lines", "header", "lines"};
constexpr bind::RecordType hunk_record{"git.Hunk", hunk_fields};

constexpr std::string_view diff_fields[]{"files", "additions", "deletions"};
constexpr bind::RecordType diff_record{"git.Diff", diff_fields};

constexpr std::string_view grep_match_fields[]{"path", "line", "column", "text"};
constexpr bind::RecordType grep_match_record{"git.GrepMatch", grep_match_fields};

constexpr std::string_view status_fields[]{"path", "old_path", "staged", "unstaged", "conflicted"};
constexpr bind::RecordType status_record{"git.StatusEntry", status_fields};

constexpr std::string_view changed_file_fields[]{"status", "path",      "old_path",  "old_id",
                                                 "new_id", "old_mode",  "new_mode",  "similarity_percent",
                                                 "binary", "additions", "deletions", "hunks"};
constexpr bind::RecordType changed_file_record{"git.ChangedFile", changed_file_fields};

constexpr std::int64_t default_read_limit = 256 << 20;

std::size_t positive(const bind::Fields& options, const char* key, std::int64_t fallback) {
    const auto value = options.integer_or(key, fallback);
    if (value < 0) options.bad_field(key, "a number of at least 0");
    return static_cast<std::size_t>(value);
}

void push_tree_entry(Call& call, const TreeFileEntry& found) {
    const auto slash = found.path.rfind('/');
    new_record(call, tree_entry_record).field("path", found.path);
    call.field("name", slash == std::string::npos ? found.path : found.path.substr(slash + 1));
    call.field("kind", kind_of_mode(found.entry.mode)).field("mode", found.entry.mode);
    call.field("id", found.entry.oid.hex());
}

void push_line(Call& call, const DiffHunk& hunk, const DiffLine& line) {
    // Most diffs are lines: they get room for no field that they lack.
    const std::size_t fields = line.origin == ' ' && line.newline_at_end ? 4 : 3;
    new_record(call, hunk_line_record, fields).field("origin", std::string_view(&line.origin, 1));
    call.field("text", hunk.text_of(line));
    if (line.old_line > 0) call.field("old_line", line.old_line);
    if (line.new_line > 0) call.field("new_line", line.new_line);
    if (!line.newline_at_end) call.field("newline_at_end", false);
}

void push_hunk(Call& call, const DiffHunk& hunk) {
    new_record(call, hunk_record).field("old_start", hunk.old_start).field("old_lines", hunk.old_lines);
    call.field("new_start", hunk.new_start).field("new_lines", hunk.new_lines).field("header", hunk.header);
    push_list(call, hunk.lines, [&](Call& into, const DiffLine& line) { push_line(into, hunk, line); });
    call.set("lines");
}

void push_side(Call& call, const char* id_key, const char* mode_key, const PathEntry& entry) {
    if (entry.is_absent()) return;
    if (!entry.oid.is_zero()) call.field(id_key, entry.oid.hex());
    call.field(mode_key, entry.mode);
}

void push_diff(Call& call, const std::vector<DiffFile>& files, bool with_stats, bool with_hunks) {
    std::size_t additions = 0, deletions = 0;
    for (const auto& file : files) {
        additions += file.additions;
        deletions += file.deletions;
    }
    new_record(call, diff_record);
    push_list(call, files, [=](Call& into, const DiffFile& file) {
        push_changed_file(into, file, with_stats);
        if (!with_hunks) return;
        push_list(into, file.hunks, push_hunk);
        into.set("hunks");
    });
    call.set("files");
    if (with_stats) call.field("additions", additions).field("deletions", deletions);
}

void push_status(Call& call, const StatusEntry& entry) {
    new_record(call, status_record).field("path", entry.path).field("old_path", entry.old_path);
    if (entry.staged != nullptr) call.field("staged", entry.staged);
    if (entry.unstaged != nullptr) call.field("unstaged", entry.unstaged);
    call.field("conflicted", entry.conflicted);
}

std::optional<std::string> optional_text(const Call& call, int index, const char* name) {
    if (call.absent(index)) return std::nullopt;
    return std::string(call.text(index, name));
}

}  // namespace

std::vector<std::string> texts_at(const Call& call, int index, const char* name) {
    lua_State* L = call.state();
    if (lua_type(L, index) != LUA_TTABLE) return {std::string(call.text(index, name))};
    std::vector<std::string> texts;
    for (std::size_t i = 1; i <= lua_objlen(L, index); ++i) {
        lua_rawgeti(L, index, static_cast<int>(i));
        if (lua_type(L, -1) != LUA_TSTRING) call.bad_item(index, name, i, "a text");
        texts.emplace_back(lua_tostring(L, -1), lua_objlen(L, -1));
        lua_pop(L, 1);
    }
    return texts;
}

void push_changed_file(Call& call, const ChangedFile& file, bool with_stats) {
    new_record(call, changed_file_record)
        .field("status", file.status)
        .field("path", file.path)
        .field("old_path", file.old_path);
    push_side(call, "old_id", "old_mode", file.before);
    push_side(call, "new_id", "new_mode", file.after);
    if (file.similarity_percent > 0) call.field("similarity_percent", file.similarity_percent);
    if (!with_stats) return;
    call.field("binary", file.binary).field("additions", file.additions).field("deletions", file.deletions);
}

int tree(Call& call) {
    const auto options = call.fields(3, "options", {"path", "recursive", "limit"});
    TreeQuery query;
    query.revision = call.text_or(2, "revision", "HEAD");
    query.path = options.text_or("path", "");
    query.recursive = options.flag("recursive", false);
    query.max_entries = positive(options, "limit", static_cast<std::int64_t>(query.max_entries));
    return on_pool(
        call, [query](const auto& repository, const auto& stop) { return list_tree(*repository, query, stop); },
        [](Call& results, const std::vector<TreeFileEntry>& entries) { push_list(results, entries, push_tree_entry); });
}

int read(Call& call) {
    const auto options = call.fields(4, "options", {"limit_bytes"});
    const auto limit = positive(options, "limit_bytes", default_read_limit);
    return on_pool(
        call,
        [revision = std::string(call.text(2, "revision")), path = std::string(call.text(3, "path")), limit](
            const auto& repository, const auto&) { return read_file_at(repository->lease(), revision, path, limit); },
        [](Call& results, const std::string& content) { results.push(content); });
}

int read_many(Call& call) {
    const auto options = call.fields(4, "options", {"limit_bytes"});
    const auto limit = positive(options, "limit_bytes", default_read_limit);
    const auto paths = texts_at(call, 3, "paths");
    return on_pool(
        call,
        [revision = std::string(call.text(2, "revision")), paths, limit](const auto& repository, const auto& stop) {
            return read_files_at(*repository, revision, paths, limit, stop);
        },
        [paths](Call& results, const std::vector<std::optional<std::string>>& contents) {
            results.new_table(0, paths.size());
            for (std::size_t i = 0; i < paths.size(); ++i) {
                if (contents[i]) results.field(paths[i].c_str(), *contents[i]);
            }
        });
}

int read_blob(Call& call) {
    const auto options = call.fields(3, "options", {"limit_bytes"});
    const auto limit = positive(options, "limit_bytes", default_read_limit);
    const auto id = Oid::from_hex(call.text(2, "id"));
    if (!id) call.bad_argument(2, "id", "an id of 40 digits");
    return on_pool(
        call,
        [id = *id, limit](const auto& repository, const auto&) {
            return git::read_blob(repository->lease(), id, limit);
        },
        [](Call& results, const std::string& content) { results.push(content); });
}

namespace {

// diff(repository, a, b, options): with `staged`, the index is compared with `a`, or without `a`, the work tree with
// the index.
DiffQuery read_diff_query(Call& call) {
    const auto options = call.fields(4, "options",
                                     {"paths", "renames", "copies", "context", "stats", "hunks", "ignore_whitespace",
                                      "max_files", "max_lines", "staged", "unstaged"});
    DiffQuery query;
    query.old_revision = optional_text(call, 2, "a");
    const auto new_revision = optional_text(call, 3, "b");
    const bool staged = options.flag("staged", false);
    query.from_index = options.flag("unstaged", false);
    if (staged && (new_revision || query.from_index)) options.bad_field("staged", "no second revision or 'unstaged'");
    if (query.from_index && (query.old_revision || new_revision)) options.bad_field("unstaged", "no revisions");
    if (new_revision) query.new_revision = *new_revision;
    query.against = new_revision ? DiffQuery::Against::revision
                    : staged     ? DiffQuery::Against::index
                                 : DiffQuery::Against::work_tree;
    if (!query.old_revision && !new_revision && !query.from_index) query.old_revision = "HEAD";
    query.paths = options.texts("paths");
    query.renames = options.flag("renames", true);
    query.copies = options.flag("copies", false);
    query.context = static_cast<unsigned>(std::min<std::size_t>(positive(options, "context", 3), 1'000'000));
    query.stats = options.flag("stats", true);
    query.hunks = options.flag("hunks", query.stats);
    if (query.hunks && !query.stats) options.bad_field("hunks", "no hunks where 'stats' is false");
    query.ignore_whitespace = options.flag("ignore_whitespace", false);
    query.max_files = positive(options, "max_files", static_cast<std::int64_t>(query.max_files));
    query.max_lines = positive(options, "max_lines", static_cast<std::int64_t>(query.max_lines));
    return query;
}

}  // namespace

int diff(Call& call) {
    return on_pool(
        call,
        [query = read_diff_query(call)](const auto& repository, const auto& stop) {
            return git::diff(*repository, query, stop);
        },
        [query = read_diff_query(call)](Call& results, const std::vector<DiffFile>& files) {
            push_diff(results, files, query.stats, query.hunks);
        });
}

int patch(Call& call) {
    auto query = read_diff_query(call);
    query.stats = query.hunks = true;
    query.type_changes = false;
    return on_pool(
        call,
        [query](const auto& repository, const auto& stop) { return patch_text(git::diff(*repository, query, stop)); },
        [](Call& results, const std::string& text) { results.push(text); });
}

int changed_paths(Call& call) {
    const auto options = call.fields(4, "options", {"paths"});
    return on_pool(
        call,
        [a = std::string(call.text(2, "a")), b = std::string(call.text(3, "b")), paths = options.texts("paths")](
            const auto& repository, const auto&) { return changed_names(*repository, a, b, paths); },
        [](Call& results, const std::vector<std::string>& names) { results.push(names); });
}

int grep(Call& call) {
    const auto options = call.fields(3, "options", {"revision", "paths", "ignore_case", "limit"});
    GrepQuery query;
    re::Flags flags;
    flags.caseless = options.flag("ignore_case", false);
    query.pattern = re::Regex::get(call.text(2, "pattern"), flags);
    query.revision = options.text_or("revision", query.revision);
    query.paths = options.texts("paths");
    query.max_matches = positive(options, "limit", static_cast<std::int64_t>(query.max_matches));
    return on_pool(
        call, [query](const auto& repository, const auto& stop) { return git::grep(*repository, query, stop); },
        [](Call& results, const std::vector<GrepMatch>& matches) {
            push_list(results, matches, [](Call& into, const GrepMatch& match) {
                new_record(into, grep_match_record).field("path", match.path).field("line", match.line);
                into.field("column", match.column).field("text", match.text);
            });
        });
}

int attributes(Call& call) {
    const auto names = texts_at(call, 3, "names");
    const auto paths = texts_at(call, 2, "paths");
    return on_pool(
        call,
        [=](const auto& repository, const auto&) { return attributes_of(*repository, paths, names); },
        [paths](Call& results, const std::vector<std::map<std::string, AttributeValue>>& answers) {
            results.new_table(0, paths.size());
            for (std::size_t i = 0; i < paths.size(); ++i) {
                results.new_table(0, answers[i].size());
                for (const auto& [name, value] : answers[i]) {
                    std::visit([&](const auto& known) { results.field(name.c_str(), known); }, value);
                }
                results.set(paths[i].c_str());
            }
        });
}

int ignored(Call& call) {
    const auto paths = texts_at(call, 2, "paths");
    return on_pool(
        call, [=](const auto& repository, const auto&) { return are_ignored(*repository, paths); },
        [paths](Call& results, const std::vector<bool>& answers) {
            std::vector<std::string> found;
            for (std::size_t i = 0; i < paths.size(); ++i) {
                if (answers[i]) found.push_back(paths[i]);
            }
            results.push(found);
        });
}

int status(Call& call) {
    const auto options = call.fields(2, "options", {"paths", "untracked", "ignored"});
    StatusQuery query{options.texts("paths"), options.flag("untracked", true), options.flag("ignored", false)};
    return on_pool(
        call, [query](const auto& repository, const auto&) { return git::status(*repository, query); },
        [](Call& results, const std::vector<StatusEntry>& entries) { push_list(results, entries, push_status); });
}

}  // namespace uhost::git::binding
