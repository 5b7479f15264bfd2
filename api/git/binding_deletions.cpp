// The walk over deleted files, and what their index in the store needs. The iterator and the index are Lua.
#include "api/git/binding.hpp"
#include "api/git/history/deletions.hpp"
#include "api/git/history/history.hpp"
#include "api/git/revision.hpp"

namespace uhost::git::binding {
namespace {

constexpr std::int64_t max_batch = 10'000;

// The walk is made at the first batch, on the pool, where reading the repository belongs.
struct Deletions {
    std::string git_folder;
    DeletionQuery query;
    std::mutex mutex;  // two tasks may share an iterator
    std::unique_ptr<DeletionWalk> walk;
    bool ended = false;

    // A walk that has ended gives its memory and its mapped packs back at once, not when Lua collects it.
    std::vector<Deletion> next_batch(std::size_t limit, const std::stop_token& stop) {
        const std::lock_guard guard(mutex);
        if (ended) return {};
        if (!walk) walk = std::make_unique<DeletionWalk>(git_folder, query);
        auto batch = walk->next_batch(limit, stop);
        ended = batch.empty();
        if (ended) walk.reset();
        return batch;
    }
};

int next_batch(Call& call);
constexpr Function methods[]{{"next_batch", next_batch, Waits::yes}};
const bind::Type<Deletions> deletions_type{{"git.Deletions", methods, nullptr}};

void push_deletion(Call& call, const Deletion& deletion) {
    if (deletion.as_before) {
        call.new_table(0, 2).field("commit", deletion.commit.hex()).field("as_before", true);
        return;
    }
    call.new_table(0, 14).field("path", deletion.path).field("commit", deletion.commit.hex());
    call.field("time", deletion.time);
    call.field("author", deletion.author_name).field("author_email", deletion.author_email);
    call.field("subject", deletion.subject).field("pr", deletion.pull_request);
    if (deletion.merge) call.field("merge", deletion.merge->hex());
    call.field("in_mainline", deletion.in_mainline);
    if (deletion.moved_to) {
        call.field("moved_to", *deletion.moved_to).field("similarity_percent", deletion.similarity_percent);
    }
    call.field("present", deletion.present).field("blob", deletion.blob.hex());
}

int next_batch(Call& call) {
    const auto limit = static_cast<std::size_t>(call.integer(2, "limit", 1, max_batch));
    return call.work([walk = deletions_type.share(call), limit](std::stop_token stop) -> Finish {
        auto found = std::make_shared<std::vector<Deletion>>(walk->next_batch(limit, stop));
        return [found](Call& results) {
            push_list(results, *found, push_deletion);
            return 1;
        };
    });
}

Oid id_argument(const Call& call, int index, const char* name) {
    const auto id = Oid::from_hex(call.text(index, name));
    if (!id) call.bad_argument(index, name, "an id of 40 digits");
    return *id;
}

// { tip = id, found = { [commit] = { merge = id?, pr = number? } } }, at `index`, as the index in the store has it.
EarlierWalk earlier_argument(const Call& call, int index) {
    call.table(index, "earlier");
    lua_State* L = call.state();
    const auto id_at = [&](int place) {
        std::optional<Oid> id;
        if (lua_type(L, place) == LUA_TSTRING) id = Oid::from_hex(lua_tostring(L, place));
        if (!id) call.bad_argument(index, "earlier", "ids of 40 digits");
        return *id;
    };
    EarlierWalk earlier;
    lua_getfield(L, index, "tip");
    earlier.tip = id_at(-1);
    lua_getfield(L, index, "found");
    if (!lua_istable(L, -1)) call.bad_argument(index, "earlier", "a table of what was found");
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        auto& found = earlier.found[id_at(-2)];
        lua_getfield(L, -1, "merge");
        if (!lua_isnil(L, -1)) found.merge = id_at(-1);
        lua_getfield(L, -2, "pr");
        if (lua_isnumber(L, -1)) found.pull_request = lua_tointeger(L, -1);
        lua_pop(L, 3);
    }
    lua_pop(L, 2);
    return earlier;
}

// The folder that all of `files` are in.
std::string common_folder(const std::vector<std::string>& files) {
    std::string folder = files.front() + "/";
    for (const auto& file : files) {
        while (!file.starts_with(folder)) {
            const auto slash = folder.size() < 2 ? std::string::npos : folder.rfind('/', folder.size() - 2);
            if (slash == std::string::npos) return "";
            folder.erase(slash + 1);
        }
    }
    return folder;
}

// path = one folder or file, or a list of files.
void read_paths(const bind::Fields& options, DeletionQuery& query) {
    if (!options.has("path")) return;
    auto paths = options.texts("path");
    if (paths.size() == 1) {
        query.path = paths.front();
        return;
    }
    if (paths.empty()) options.bad_field("path", "a path, or a list of files");
    for (auto& path : paths) query.files.push_back(plain_path(path));
    query.path = common_folder(query.files);
}

}  // namespace

// deletions(repository, options, tip, earlier): the options that concern the index and the revision are only checked.
int deletions(Call& call) {
    auto walk = std::make_shared<Deletions>();
    walk->git_folder = repository_type.from(call).git_folder();
    const auto options = call.fields(
        2, "options", {"path", "since", "until", "first_parent", "renames", "revision", "index", "refresh"});
    read_paths(options, walk->query);
    walk->query.since = options.integer("since");
    walk->query.until = options.integer("until");
    walk->query.first_parent = options.flag("first_parent", false);
    walk->query.renames = options.flag("renames", true);
    options.text("revision");
    options.flag("index", false);
    options.flag("refresh", false);
    if (!call.absent(3)) walk->query.tip = id_argument(call, 3, "tip");
    if (!call.absent(4)) walk->query.earlier = earlier_argument(call, 4);
    return deletions_type.give(call, walk);
}

// tip(repository, revision or nil): the commit to look back from; nil in a repository without any.
int deletions_tip(Call& call) {
    return on_pool(
        call,
        [revision = std::string(call.text_or(2, "revision", ""))](const auto& repository,
                                                                  const auto&) -> std::optional<Oid> {
            if (revision.empty()) return head_commit(ObjectStore(repository->git_folder()));
            return git::require_commit(repository->lease(), revision);
        },
        push_oid);
}

int has_files(Call& call) {
    call.table(3, "paths");
    return on_pool(
        call,
        [revision = std::string(call.text(2, "revision")), paths = texts_at(call, 3, "paths")](
            const auto& repository, const auto&) {
            const auto commit = git::require_commit(repository->lease(), revision);
            return files_present(repository->git_folder(), commit, paths);
        },
        [](Call& results, const std::vector<bool>& present) {
            push_list(results, present, [](Call& into, bool is_there) { into.push(is_there); });
        });
}

}  // namespace uhost::git::binding
