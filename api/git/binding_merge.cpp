// Merging trees, replaying commits, and making trees and commits of what came of it.
#include <algorithm>
#include <chrono>

#include "api/git/binding_permissions.hpp"
#include "api/git/merge/merge.hpp"
#include "api/git/merge/replay.hpp"
#include "api/git/merge/tree_creation.hpp"
#include "host/bind/mutation.hpp"

namespace uhost::git::binding {
namespace {

constexpr std::string_view range_fields[]{"first", "count"};
constexpr bind::RecordType range_record{"git.LineRange", range_fields};

constexpr std::string_view conflict_hunk_fields[]{"base", "ours", "theirs", "line"};
constexpr bind::RecordType conflict_hunk_record{"git.ConflictHunk", conflict_hunk_fields};

constexpr std::string_view conflict_side_fields[]{"path", "oid", "mode"};
constexpr bind::RecordType conflict_side_record{"git.ConflictSide", conflict_side_fields};

constexpr std::string_view conflict_fields[]{"kind", "path", "base", "ours", "theirs", "hunks", "text", "driver"};
constexpr bind::RecordType conflict_record{"git.MergeConflict", conflict_fields};

constexpr std::string_view merge_fields[]{"clean", "tree", "conflicts", "merged"};
constexpr bind::RecordType merge_record{"git.TreeMerge", merge_fields};

constexpr std::string_view replay_fields[]{"tip", "commits", "dropped", "conflicts", "rest"};
constexpr bind::RecordType replay_record{"git.Replay", replay_fields};

constexpr std::string_view replayed_fields[]{"original", "commit", "tree"};
constexpr bind::RecordType replayed_record{"git.ReplayedCommit", replayed_fields};

constexpr std::string_view dropped_fields[]{"original", "reason", "upstream", "difference"};
constexpr bind::RecordType dropped_record{"git.DroppedCommit", dropped_fields};

constexpr std::string_view replay_conflict_fields[]{"original", "subject", "tree", "conflicts"};
constexpr bind::RecordType replay_conflict_record{"git.ReplayConflict", replay_conflict_fields};

constexpr const char* side_names[]{"base", "ours", "theirs"};

const char* name_of_kind(ConflictKind kind) {
    constexpr const char* names[]{"content",       "add_add",    "modify_delete",  "rename_delete",
                                  "rename_rename", "rename_add", "mode",           "type",
                                  "binary",        "submodule",  "directory_file", "directory_rename"};
    return names[static_cast<std::size_t>(kind)];
}

void push_range(Call& call, const LineRange& range) {
    new_record(call, range_record).field("first", range.first).field("count", range.count);
}

void push_conflict_hunk(Call& call, const ConflictHunk& hunk) {
    new_record(call, conflict_hunk_record);
    push_range(call, hunk.base);
    call.set("base");
    push_range(call, hunk.ours);
    call.set("ours");
    push_range(call, hunk.theirs);
    call.set("theirs");
    call.field("line", hunk.line);
}

void push_conflict(Call& call, const Conflict& conflict) {
    new_record(call, conflict_record).field("kind", name_of_kind(conflict.kind)).field("path", conflict.path);
    for (std::size_t stage = 0; stage < conflict.sides.size(); ++stage) {
        const auto& side = conflict.sides[stage];
        if (!side) continue;
        new_record(call, conflict_side_record).field("path", side->path).field("oid", side->entry.oid.hex());
        call.field("mode", side->entry.mode).set(side_names[stage]);
    }
    push_list(call, conflict.hunks, push_conflict_hunk);
    call.set("hunks").field("text", conflict.text);
    if (!conflict.driver.empty()) call.field("driver", conflict.driver);
}

void push_merge(Call& call, const TreeMerge& merge) {
    new_record(call, merge_record).field("clean", merge.clean).field("tree", merge.tree.hex());
    push_list(call, merge.conflicts, push_conflict);
    call.set("conflicts").push(merge.merged);
    call.set("merged");
}

const char* name_of_reason(DroppedCommit::Reason reason) {
    constexpr const char* names[]{"patch_id", "trailer", "empty", "tweaked", "merge"};
    return names[static_cast<std::size_t>(reason)];
}

void push_dropped(Call& call, const DroppedCommit& dropped) {
    new_record(call, dropped_record).field("original", dropped.original.hex());
    call.field("reason", name_of_reason(dropped.reason));
    if (dropped.upstream) call.field("upstream", dropped.upstream->hex());
    if (!dropped.difference.empty()) call.field("difference", dropped.difference);
}

void push_replay_conflict(Call& call, const ReplayConflict& conflict) {
    new_record(call, replay_conflict_record).field("original", conflict.original.hex());
    call.field("subject", conflict.subject).field("tree", conflict.merge.tree.hex());
    push_list(call, conflict.merge.conflicts, push_conflict);
    call.set("conflicts");
}

void push_replay(Call& call, const Replay& replay) {
    new_record(call, replay_record).field("tip", replay.tip.hex());
    push_list(call, replay.commits, [](Call& into, const ReplayedCommit& commit) {
        new_record(into, replayed_record).field("original", commit.original.hex());
        into.field("commit", commit.commit.hex()).field("tree", commit.tree.hex());
    });
    call.set("commits");
    push_list(call, replay.dropped, push_dropped);
    call.set("dropped");
    push_list(call, replay.conflicts, push_replay_conflict);
    call.set("conflicts");
    push_list(call, replay.rest, push_oid);
    call.set("rest");
}

/// The table of texts in field `key`; a key that is not in `known` is refused.
std::optional<std::string> text_in(const std::vector<std::pair<std::string, std::string>>& pairs, const char* key) {
    for (const auto& [name, value] : pairs) {
        if (name == key) return value;
    }
    return std::nullopt;
}

MergeOptions read_merge_options(const bind::Fields& options) {
    MergeOptions merge;
    const auto style = options.text_or("conflict_style", "merge");
    if (style == "diff3") {
        merge.style = ConflictStyle::diff3;
    } else if (style == "zdiff3") {
        merge.style = ConflictStyle::zdiff3;
    } else if (style != "merge") {
        options.bad_field("conflict_style", "'merge', 'diff3' or 'zdiff3'");
    }
    merge.renames = options.flag("renames", true);
    const auto limit = options.integer_or("rename_limit", static_cast<std::int64_t>(merge.rename_limit));
    if (limit < 0 || limit > 1'000'000) options.bad_field("rename_limit", "a number of files up to 1,000,000");
    merge.rename_limit = static_cast<std::size_t>(limit);
    const auto labels = options.pairs("labels");
    for (const auto& [name, label] : labels) {
        if (name != "base" && name != "ours" && name != "theirs") {
            options.bad_field("labels", "labels for 'base', 'ours' and 'theirs'");
        }
        if (label.find_first_of("\r\n") != std::string::npos) options.bad_field("labels", "labels of one line");
    }
    merge.labels = {text_in(labels, "base").value_or(""), text_in(labels, "ours").value_or(""),
                    text_in(labels, "theirs").value_or("")};
    return merge;
}

std::string required_text(const bind::Fields& options, const char* key, const char* expected) {
    const auto text = options.text(key);
    if (!text) options.bad_field(key, expected);
    return *text;
}

/// Runs `make(write, stop)` as a change of the repository, or where nothing is to be written, as a mere question.
template <class Make, class Push>
int made_on_pool(Call& call, bool write, Mutation mutation, Make make, Push push) {
    const auto finish = [push](auto result) -> Finish {
        return [push, result = std::make_shared<decltype(result)>(std::move(result))](Call& results) {
            push(results, *result);
            return 1;
        };
    };
    const auto ask = [make, finish](std::stop_token stop) { return finish(make(false, stop)); };
    if (!write) return call.work(ask);
    return call.mutate_on_pool(
        permitted(call, std::move(mutation)),
        [make, finish](std::stop_token stop) -> MutationResult {
            return {"written", finish(make(true, stop))};
        },
        ask);
}

}  // namespace

int merge_trees(Call& call) {
    const auto options = call.fields(
        2, "options", {"base", "ours", "theirs", "conflict_style", "renames", "rename_limit", "labels", "write"});
    MergeRequest request;
    request.base = options.text("base");
    request.ours = required_text(options, "ours", "a revision");
    request.theirs = required_text(options, "theirs", "a revision");
    request.options = read_merge_options(options);
    const auto repository = repository_type.share(call);
    return made_on_pool(
        call, options.flag("write", true),
        {"git.merge_trees",
         repository->common_folder(),
         "write the merge of " + request.ours + " and " + request.theirs,
         {{"repository", repository->common_folder()}}},
        [repository, request](bool write, const std::stop_token& stop) {
            auto asked = request;
            asked.write = write;
            return git::merge_trees(*repository, asked, stop);
        },
        push_merge);
}

namespace {

/// One of two words in field `key`; true for the second. The first is the default.
bool choice(const bind::Fields& options, const char* key, std::string_view first, std::string_view second) {
    const auto word = options.text_or(key, first);
    if (word == first || word == second) return word == second;
    options.bad_field(key, "'" + std::string(first) + "' or '" + std::string(second) + "'");
}

Person read_committer(const Call& call, const bind::Fields& options) {
    const auto now = std::chrono::floor<std::chrono::seconds>(call.host().now()).time_since_epoch().count();
    return {options.text_or("committer", ""), options.text_or("committer_email", ""), options.integer_or("time", now)};
}

std::uint32_t mode_in(const Call& call, std::size_t number) {
    lua_State* L = call.state();
    lua_getfield(L, -1, "mode");
    std::uint32_t mode = 0100644;
    if (lua_type(L, -1) == LUA_TSTRING) {
        const std::string_view name = lua_tostring(L, -1);
        mode = name == "file" ? 0100644 : name == "executable" ? 0100755 : name == "link" ? 0120000 : 0;
    } else if (lua_type(L, -1) == LUA_TNUMBER) {
        constexpr double most = 0177777;
        const double given = lua_tonumber(L, -1);
        mode = given >= 0 && given <= most ? canonical_mode(static_cast<std::uint32_t>(given)) : 0;
        if (mode == tree_mode) mode = 0;  // what is given is no folder
    } else if (!lua_isnil(L, -1)) {
        mode = 0;
    }
    lua_pop(L, 1);
    if (mode == 0) call.bad_item(2, "changes", number, "'file', 'executable', 'link' or a mode of git as 'mode'");
    return mode;
}

std::optional<std::string> text_field(lua_State* L, const char* key) {
    lua_getfield(L, -1, key);
    std::optional<std::string> text;
    if (lua_type(L, -1) == LUA_TSTRING) text.emplace(lua_tostring(L, -1), lua_objlen(L, -1));
    lua_pop(L, 1);
    return text;
}

// changes = { path = { text = | oid = , mode = } | false }
std::vector<TreeChange> read_tree_changes(const Call& call, const bind::Fields& options) {
    std::vector<TreeChange> changes;
    lua_State* L = call.state();
    options.push("changes");
    if (!lua_istable(L, -1)) options.bad_field("changes", "a table of changes by path");
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        const bool removed = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
        if (lua_type(L, -2) != LUA_TSTRING || !(removed || lua_istable(L, -1))) {
            options.bad_field("changes", "{ text = … }, { oid = … } or false by path");
        }
        auto& change = changes.emplace_back();
        change.path.assign(lua_tostring(L, -2), lua_objlen(L, -2));
        if (!removed) {
            change.content = text_field(L, "text");
            if (const auto id = text_field(L, "oid")) change.oid = Oid::from_hex(*id);
            if (!change.content && !change.oid) options.bad_field("changes", "a 'text' or the 'oid' of a blob");
            change.mode = mode_in(call, changes.size());
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    std::ranges::sort(changes, {}, &TreeChange::path);
    return changes;
}

Mutation change_of(const Repository& repository, std::string kind, std::string summary) {
    return {
        std::move(kind), repository.common_folder(), std::move(summary), {{"repository", repository.common_folder()}}};
}

}  // namespace

int replay(Call& call) {
    const auto options =
        call.fields(2, "options",
                    {"commits", "onto", "merges", "trailer", "on_conflict", "skip_upstream", "committer",
                     "committer_email", "time", "conflict_style", "renames", "rename_limit", "labels", "write"});
    ReplayRequest request;
    request.onto = required_text(options, "onto", "a revision");
    request.commits = options.texts("commits");
    if (!options.has("commits")) options.bad_field("commits", "a range such as 'main..topic', or a list of commits");
    if (request.commits.size() == 1 && request.commits.front().find("..") != std::string::npos) {
        request.range = request.commits.front();
    }
    request.preserve_merges = choice(options, "merges", "flatten", "preserve");
    request.continue_on_conflict = choice(options, "on_conflict", "stop", "continue");
    request.skip_upstream = options.flag("skip_upstream", true);
    request.trailer = options.text_or("trailer", "");
    request.committer = read_committer(call, options);
    request.options = read_merge_options(options);
    const auto repository = repository_type.share(call);
    return made_on_pool(
        call, options.flag("write", true),
        change_of(*repository, "git.replay", "write commits replayed onto " + request.onto),
        [repository, request](bool write, const std::stop_token& stop) {
            auto asked = request;
            asked.write = write;
            return git::replay(*repository, asked, stop);
        },
        push_replay);
}

int write_tree(Call& call) {
    const auto options = call.fields(2, "options", {"tree", "changes", "write"});
    const auto repository = repository_type.share(call);
    return made_on_pool(
        call, options.flag("write", true), change_of(*repository, "git.write_tree", "write a tree"),
        [repository, tree = required_text(options, "tree", "a revision or tree"),
         changes = read_tree_changes(call, options)](bool write, const std::stop_token&) {
            return git::write_tree(*repository, tree, changes, write);
        },
        push_oid);
}

int commit_tree(Call& call) {
    const auto options =
        call.fields(2, "options", {"as", "tree", "parents", "committer", "committer_email", "time", "write"});
    const auto repository = repository_type.share(call);
    const auto as = required_text(options, "as", "the commit whose author and message it gets");
    return made_on_pool(
        call, options.flag("write", true), change_of(*repository, "git.commit_tree", "write a commit as " + as),
        [repository, as, tree = required_text(options, "tree", "a revision or tree"),
         parents = options.texts("parents"), committer = read_committer(call, options)](
            bool write, const std::stop_token&) { return commit_as(*repository, as, tree, parents, committer, write); },
        push_oid);
}

}  // namespace uhost::git::binding
