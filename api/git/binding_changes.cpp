// Changes to a repository itself: references, commits, tags.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "api/git/binding_permissions.hpp"
#include "api/git/commit_creation.hpp"
#include "api/git/references.hpp"
#include "api/git/revision.hpp"
#include "host/bind/mutation.hpp"
#include "host/runtime/host.hpp"
#include "host/secrets/vault.hpp"

namespace uhost::git::binding {
namespace {

constexpr std::string_view change_fields[]{"ref", "before", "after"};
constexpr bind::RecordType change_record{"git.RefChange", change_fields};

/// An update as a script wrote it: revisions are not resolved yet.
struct WantedUpdate {
    std::string name;
    std::optional<std::string> to;                   ///< nothing: delete it
    std::optional<std::optional<std::string>> from;  ///< outer nothing: anything; inner nothing: absent
};

struct PreparedUpdates {
    std::vector<ReferenceUpdate> updates;
    std::vector<ReferenceChange> changes;
};

const bind::Type<PreparedUpdates> prepared_type{{"git.PreparedUpdates", {}, nullptr}};

// Text, or false; leaves the stack as it was.
std::optional<std::optional<std::string>> text_or_false(const Call& call, const char* key) {
    lua_State* L = call.state();
    lua_getfield(L, -1, key);
    std::optional<std::optional<std::string>> value;
    if (lua_type(L, -1) == LUA_TSTRING)
        value.emplace(std::string(lua_tostring(L, -1), lua_objlen(L, -1)));
    else if (lua_isboolean(L, -1) && !lua_toboolean(L, -1))
        value.emplace(std::nullopt);
    else if (!lua_isnil(L, -1))
        call.bad_argument(2, "updates", std::string("a revision or false as '") + key + "'");
    lua_pop(L, 1);
    return value;
}

// The option `time`, in seconds; else that of the host's clock.
std::int64_t time_option(const Call& call, const bind::Fields& options) {
    return options.integer_or("time",
                              std::chrono::floor<std::chrono::seconds>(call.host().now()).time_since_epoch().count());
}

WantedUpdate read_update(const Call& call) {
    const auto name = text_or_false(call, "ref"), to = text_or_false(call, "to");
    if (!name || !*name) call.bad_argument(2, "updates", "updates with a 'ref'");
    if (!to) call.bad_argument(2, "updates", "updates with a 'to' (a revision, or false to delete)");
    return {**name, *to, text_or_false(call, "from")};
}

std::vector<WantedUpdate> read_updates(const Call& call) {
    call.table(2, "updates");
    lua_State* L = call.state();
    std::vector<WantedUpdate> updates;
    const auto count = lua_objlen(L, 2);
    for (std::size_t i = 1; i <= count; ++i) {
        lua_rawgeti(L, 2, static_cast<int>(i));
        if (!lua_istable(L, -1)) call.bad_item(2, "updates", i, "a table");
        updates.push_back(read_update(call));
        lua_pop(L, 1);
    }
    return updates;
}

Oid require_object(git_repository* repository, const std::string& revision) {
    if (const auto id = resolve(repository, revision)) return *id;
    throw Error("git.unknown_revision", "nothing is called '" + revision.substr(0, 200) + "'")
        .hint("name a branch, a tag or an id")
        .with("revision", revision);
}

PreparedUpdates prepare(git_repository* repository, const std::vector<WantedUpdate>& wanted) {
    PreparedUpdates prepared;
    for (const auto& update : wanted) {
        Expected expected = Anything{};
        if (update.from && !*update.from)
            expected = Absent{};
        else if (update.from)
            expected = require_object(repository, **update.from);
        const auto target = update.to ? std::optional(require_object(repository, *update.to)) : std::nullopt;
        prepared.updates.push_back({update.name, target, expected});
    }
    prepared.changes = check_updates(repository, prepared.updates);
    return prepared;
}

std::string first_line(const std::string& message) { return message.substr(0, message.find('\n')); }

std::string shown(const std::optional<Oid>& id) { return id ? id->hex() : "nothing"; }

Mutation mutation_of(const Repository& repository, const PreparedUpdates& prepared) {
    Mutation mutation{"git.update_refs", repository.common_folder(), "", {}};
    const auto& first = prepared.changes.front();
    mutation.summary = fmt::format("{}: {} becomes {}", first.name, shown(first.before), shown(first.after));
    if (prepared.changes.size() > 1) mutation.summary += fmt::format(", and {} more", prepared.changes.size() - 1);
    for (const auto& change : prepared.changes) {
        mutation.details.emplace_back(change.name, shown(change.before) + " -> " + shown(change.after));
    }
    return mutation;
}

/// A commit as a script wrote it.
struct WantedCommit {
    NewCommit commit;
    std::optional<std::string> ref;
    std::optional<std::vector<std::string>> parents;
    bool force = false;
};

std::uint32_t mode_named(const bind::Fields& options, const std::string& name) {
    if (name == "file") return 0100644;
    if (name == "executable") return 0100755;
    if (name == "link") return 0120000;
    options.bad_field("modes", "'file', 'executable' or 'link' for each path");
}

// files = { path = content | false }, modes = { path = "executable" | "link" }
std::vector<NewFile> read_files(const Call& call, const bind::Fields& options) {
    std::vector<NewFile> files;
    lua_State* L = call.state();
    options.push("files");
    if (lua_isnil(L, -1)) return files;
    if (!lua_istable(L, -1)) options.bad_field("files", "a table of contents by path");
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        const bool removed = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
        if (lua_type(L, -2) != LUA_TSTRING || !(removed || lua_type(L, -1) == LUA_TSTRING)) {
            options.bad_field("files", "contents (or false) by path");
        }
        NewFile file;
        file.path.assign(lua_tostring(L, -2), lua_objlen(L, -2));
        if (!removed) file.content.emplace(lua_tostring(L, -1), lua_objlen(L, -1));
        files.push_back(std::move(file));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    for (const auto& [path, mode] : options.pairs("modes")) {
        const auto found = std::ranges::find(files, path, &NewFile::path);
        if (found == files.end()) options.bad_field("modes", "modes of paths that are in 'files'");
        found->mode = mode_named(options, mode);
    }
    std::ranges::sort(files, {}, &NewFile::path);
    return files;
}

// A commit goes to whoever gets the repository, and stays.
void require_no_secret(const Vault& vault, const NewFile& file) {
    if (!file.content || !vault.masked(*file.content)) return;
    throw Error("argument", fmt::format("the content of {} has a secret in it, which a commit would publish", file.path))
        .hint("leave it out; mask = false commits it nevertheless")
        .with("path", file.path);
}

std::string masked_text(const Call& call, const bind::Fields& options, const char* name, std::string_view fallback) {
    return call.host().vault().mask(options.text_or(name, fallback));
}

WantedCommit read_commit_options(const Call& call) {
    const auto options = call.fields(2, "options",
                                     {"ref", "message", "parents", "base", "files", "modes", "author", "author_email",
                                      "committer", "committer_email", "time", "force", "mask"});
    WantedCommit wanted;
    auto& commit = wanted.commit;
    commit.message = masked_text(call, options, "message", "");
    if (commit.message.empty()) options.bad_field("message", "a message");
    commit.base = options.text("base");
    commit.files = read_files(call, options);
    if (options.flag("mask", true)) {
        for (const auto& file : commit.files) require_no_secret(call.host().vault(), file);
    }
    commit.author = {options.text_or("author", ""), options.text_or("author_email", ""), time_option(call, options)};
    commit.committer = {options.text_or("committer", commit.author.name),
                        options.text_or("committer_email", commit.author.email), commit.author.time};
    wanted.ref = options.text("ref");
    if (options.has("parents")) wanted.parents = options.texts("parents");
    wanted.force = options.flag("force", false);
    return wanted;
}

void resolve_parents(git_repository* repository, WantedCommit& wanted) {
    if (wanted.parents) {
        for (const auto& parent : *wanted.parents) {
            wanted.commit.parents.push_back(git::require_commit(repository, parent));
        }
    } else if (wanted.ref) {
        if (const auto current = resolve_commit(repository, *wanted.ref)) wanted.commit.parents = {*current};
    }
}

Oid create(const std::shared_ptr<Repository>& repository, WantedCommit wanted, bool planned) {
    resolve_parents(repository->lease(), wanted);
    const auto id = create_commit(*repository, wanted.commit, planned);
    if (!wanted.ref || planned) return id;
    // A new reference, or one that is at the first parent.
    Expected expected = Anything{};
    const bool is_there = resolve(repository->lease(), *wanted.ref).has_value();
    if (!wanted.force && (!is_there || wanted.commit.parents.empty())) {
        expected = Absent{};
    } else if (!wanted.force) {
        expected = wanted.commit.parents.front();
    }
    const ReferenceUpdate update{*wanted.ref, id, expected};
    apply_updates(repository->lease(), {&update, 1}, "commit: " + first_line(wanted.commit.message));
    return id;
}

/// A tag as a script wrote it: with a message it gets an object of its own.
struct WantedTag {
    std::string name;
    WantedUpdate update;
    std::string message;
    Person tagger;
};

WantedTag read_tag_options(const Call& call) {
    const auto options = call.fields(4, "options", {"message", "tagger", "tagger_email", "time", "force"});
    WantedTag wanted{std::string(call.text(2, "name")), {}, masked_text(call, options, "message", ""), {}};
    check_new_name(wanted.name);
    wanted.update = {"refs/tags/" + wanted.name, std::string(call.text_or(3, "revision", "HEAD")), std::nullopt};
    if (!options.flag("force", false)) wanted.update.from.emplace(std::nullopt);
    wanted.tagger = {options.text_or("tagger", ""), options.text_or("tagger_email", ""), time_option(call, options)};
    return wanted;
}

Oid create(const Repository& repository, const WantedTag& wanted, bool planned) {
    auto prepared = prepare(repository.lease(), {wanted.update});  // what cannot be made leaves no object behind
    auto& target = *prepared.updates.front().target;
    if (!wanted.message.empty()) {
        target = git::create_tag_object(repository, wanted.name, target, wanted.tagger, wanted.message, planned);
    }
    if (!planned) apply_updates(repository.lease(), prepared.updates, "tag: created");
    return target;
}

Finish give_id(const Oid& id) {
    return [hex = id.hex()](Call& results) { return results.give(hex); };
}

void check_not_checked_out(git_repository* repository, const std::string& branch, const char* what) {
    if (!is_checked_out(repository, "refs/heads/" + branch)) return;
    throw Error("git.checked_out", fmt::format("the branch {} is checked out and cannot be {}", branch, what))
        .hint("check out another one first, or detach HEAD: 'git switch --detach'")
        .with("ref", "refs/heads/" + branch);
}

/// The first step of update_refs: checks the updates, for the plan to say what they change.
int prepare_updates(Call& call) {
    return call.work(
        [repository = repository_type.share(call), wanted = read_updates(call)](std::stop_token) -> Finish {
            auto prepared = std::make_shared<PreparedUpdates>(prepare(repository->lease(), wanted));
            return [prepared](Call& results) { return prepared_type.give(results, prepared); };
        });
}

}  // namespace

void push_change(Call& call, const ReferenceChange& change) {
    new_record(call, change_record).field("ref", change.name);
    if (change.before) call.field("before", change.before->hex());
    if (change.after) call.field("after", change.after->hex());
}

Finish give_changes(std::vector<ReferenceChange> changes) {
    return [changes = std::move(changes)](Call& results) {
        push_list(results, changes, push_change);
        return 1;
    };
}

// update_refs(repository, updates) prepares them; update_refs(repository, prepared, options) makes them.
int update_refs(Call& call) {
    if (call.type(2) != LUA_TUSERDATA) return prepare_updates(call);
    const auto options = call.fields(3, "options", {"message"});
    const auto message = masked_text(call, options, "message", "update by uhost");
    const auto repository = repository_type.share(call);
    const auto prepared = prepared_type.share(call, 2);
    if (prepared->updates.empty()) return give_changes({})(call);
    return call.mutate_on_pool(
        permitted(call, mutation_of(*repository, *prepared)),
        [=](std::stop_token) -> MutationResult {
            auto changes = apply_updates(repository->lease(), prepared->updates, message);
            return {fmt::format("{} updated", changes.size()), give_changes(std::move(changes))};
        },
        [=](std::stop_token) { return give_changes(prepared->changes); });
}

int create_commit(Call& call) {
    const auto repository = repository_type.share(call);
    const auto wanted = read_commit_options(call);
    const auto& message = wanted.commit.message;
    Mutation mutation{
        "git.create_commit",
        wanted.ref.value_or(repository->common_folder()),
        first_line(message),
        {{"repository", repository->common_folder()}, {"files", std::to_string(wanted.commit.files.size())}}};
    return call.mutate_on_pool(
        permitted(call, std::move(mutation)),
        [=](std::stop_token) -> MutationResult {
            const auto id = create(repository, wanted, false);
            return {id.hex(), give_id(id)};
        },
        [=](std::stop_token) { return give_id(create(repository, wanted, true)); });
}

// create_tag(repository, name, revision, options): the id that the tag then has.
int create_tag(Call& call) {
    const auto repository = repository_type.share(call);
    const auto wanted = read_tag_options(call);
    Mutation mutation{"git.create_tag",
                      wanted.update.name,
                      fmt::format("{} at {}", wanted.update.name, *wanted.update.to),
                      {{"repository", repository->common_folder()}}};
    if (!wanted.message.empty()) mutation.details.emplace_back("message", first_line(wanted.message));
    return call.mutate_on_pool(
        permitted(call, std::move(mutation)),
        [=](std::stop_token) -> MutationResult {
            const auto id = create(*repository, wanted, false);
            return {id.hex(), give_id(id)};
        },
        [=](std::stop_token) { return give_id(create(*repository, wanted, true)); });
}

// The arguments of methods that the Lua half builds from update_refs.

// create_branch(repository, name, revision, options): the revision.
int create_branch(Call& call) {
    const auto name = std::string(call.text(2, "name"));
    check_new_name(name);
    const bool force = call.fields(4, "options", {"force"}).flag("force", false);
    return on_pool(
        call,
        [=, revision = std::string(call.text_or(3, "revision", "HEAD"))](const auto& repository, const auto&) {
            if (force) check_not_checked_out(repository->lease(), name, "moved");
            return revision;
        },
        [](Call& results, const std::string& revision) { results.push(revision); });
}

// delete_branch(repository, name): the name.
int delete_branch(Call& call) {
    return on_pool(
        call,
        [name = std::string(call.text(2, "name"))](const auto& repository, const auto&) {
            check_not_checked_out(repository->lease(), name, "deleted");
            return name;
        },
        [](Call& results, const std::string& name) { results.push(name); });
}

// delete_tag(repository, name): the name.
int delete_tag(Call& call) {
    repository_type.from(call);
    return call.give(std::string(call.text(2, "name")));
}

}  // namespace uhost::git::binding
