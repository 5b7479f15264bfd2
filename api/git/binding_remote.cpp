// Remotes: fetch, push, list and clone.
#include <fmt/format.h>

#include <cstdlib>

#include "api/git/binding_permissions.hpp"
#include "api/git/remote/credentials.hpp"
#include "api/git/remote/remote.hpp"
#include "api/git/revision.hpp"
#include "api/github/endpoints.hpp"
#include "host/bind/mutation.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"

namespace uhost::git::binding {
namespace {

constexpr std::string_view remote_reference_fields[]{"name", "id", "symbolic"};
constexpr bind::RecordType remote_reference_record{"git.RemoteReference", remote_reference_fields};

int read_progress(Call& call);
constexpr Function progress_methods[]{{"read", read_progress}};
const bind::Type<Progress> progress_type{{"git.Progress", progress_methods, nullptr}};

int read_progress(Call& call) {
    const auto& progress = progress_type.from(call);
    call.new_table(0, 9);
    call.field("total_objects", progress.total_objects.load());
    call.field("received_objects", progress.received_objects.load());
    call.field("indexed_objects", progress.indexed_objects.load());
    call.field("received_bytes", progress.received_bytes.load());
    call.field("objects_to_send", progress.objects_to_send.load());
    call.field("sent_objects", progress.sent_objects.load());
    call.field("sent_bytes", progress.sent_bytes.load());
    call.field("message", progress.message());
    return 1;
}

// The host outlives its jobs, hence its vault and settings.
RemoteAccess access_of(Host& host) {
    const auto& settings = host.settings();
    auto& vault = host.vault();
    RemoteAccess access;
    access.offline = host.offline();
    const auto transport = settings.text("git.transport").value_or("libgit2");
    if (transport != "libgit2" && transport != "git") {
        throw Error("settings", "the setting git.transport is '" + transport + "'")
            .hint("set it to 'libgit2' or 'git'");
    }
    if (transport == "git") access.transport = Transport::git;
    access.connect_timeout_s = settings.number("git.connect_timeout_s").value_or(access.connect_timeout_s);
    access.stall_timeout_s = settings.number("git.stall_timeout_s").value_or(access.stall_timeout_s);
    access.ssh_key = settings.text("git.ssh_key").value_or("");
    access.credential_helpers = settings.flag("git.credential_helpers").value_or(true);
    access.ca_file = settings.text("http.ca_file").value_or("");
    const auto& environment = host.environment();
    for (const char* variable : {"GIT_SSL_CAINFO", "SSL_CERT_FILE"}) {
        if (access.ca_file.empty()) access.ca_file = environment.text(variable);
    }
    const auto github = github_web(github::configured_api_url(settings, environment));
    access.github_origin = github.origin();
    const bool usual = github.port == (github.scheme == "https" ? "443" : "80");
    access.github_token = [&vault, &settings, &environment, host_name = usual ? github.host : github.host + ":" + github.port] {
        const auto name = github::token_name(vault, settings, environment, host_name);
        return name.empty() ? std::string() : std::string(vault.find(name));
    };
    access.hide = [&vault](std::string secret) { vault.hide(std::move(secret)); };
    limit_to_permissions(host, access);
    return access;
}

/// What a job needs of the call: the stop token comes later.
struct Preparation {
    RemoteAccess access;
    std::shared_ptr<Progress> progress;
    TransferOptions options(std::stop_token stop) const { return {access, std::move(stop), progress}; }
};

Preparation prepare(const Call& call, int progress_index) {
    return {access_of(call.host()), call.absent(progress_index) ? nullptr : progress_type.share(call, progress_index)};
}

Finish give_fetched(FetchResult result) {
    return [result = std::move(result)](Call& results) {
        results.new_table(0, 3);
        push_list(results, result.changes, push_change);
        results.set("changes");
        results.field("received_objects", result.received_objects).field("received_bytes", result.received_bytes);
        return 1;
    };
}

Finish give_references(std::vector<RemoteReference> references) {
    return [references = std::move(references)](Call& results) {
        push_list(results, references, [](Call& into, const RemoteReference& reference) {
            new_record(into, remote_reference_record).field("name", reference.name).field("id", reference.id.hex());
            if (!reference.symbolic.empty()) into.field("symbolic", reference.symbolic);
        });
        return 1;
    };
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) all += (all.empty() ? "" : " ") + text;
    return all;
}

// expect = { [ref] = revision | false }
std::map<std::string, std::optional<std::string>> read_expected(const Call& call, const bind::Fields& options) {
    std::map<std::string, std::optional<std::string>> expected;
    lua_State* L = call.state();
    options.push("expect");
    if (!lua_isnil(L, -1) && !lua_istable(L, -1)) options.bad_field("expect", "a table of revisions by reference");
    if (lua_istable(L, -1)) {
        lua_pushnil(L);
        while (lua_next(L, -2) != 0) {
            const bool absent = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
            if (lua_type(L, -2) != LUA_TSTRING || !(absent || lua_type(L, -1) == LUA_TSTRING)) {
                options.bad_field("expect", "revisions (or false) by reference");
            }
            auto& value = expected[lua_tostring(L, -2)];
            if (!absent) value = lua_tostring(L, -1);
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
    return expected;
}

std::map<std::string, Expected> resolve_expected(git_repository* repository,
                                                 const std::map<std::string, std::optional<std::string>>& wanted) {
    std::map<std::string, Expected> expected;
    for (const auto& [name, revision] : wanted) {
        if (!revision)
            expected[name] = Absent{};
        else
            expected[name] = git::require_commit(repository, *revision);
    }
    return expected;
}

// What is not there is an error before anything is planned.
Finish give_push_plan(const Repository& repository, const PushQuery& query) {
    const auto lease = repository.lease();
    auto refspecs = full_refspecs(lease, query.refspecs);
    static_cast<void>(planned_changes(lease, refspecs));
    return [refspecs = std::move(refspecs), url = git::remote_url(repository, query.remote, true)](Call& results) {
        results.push(refspecs).push(url);
        return 2;
    };
}

std::optional<std::int64_t> read_depth(const bind::Fields& options, const char* key) {
    const auto depth = options.integer(key);
    if (depth && *depth < 1) options.bad_field(key, "a number of commits, at least 1");
    return depth;
}

}  // namespace

int new_progress(Call& call) { return progress_type.give(call, std::make_shared<Progress>()); }

// fetch(repository, options) gives the URL for the plan; fetch(repository, options, URL, progress) fetches.
int fetch(Call& call) {
    const auto options = call.fields(
        2, "options", {"remote", "refspecs", "prune", "tags", "depth", "deepen", "unshallow", "filter"});
    FetchQuery query;
    query.remote = options.text_or("remote", "origin");
    query.refspecs = options.texts("refspecs");
    query.prune = options.flag("prune", false);
    query.tags = options.text_or("tags", "auto");
    query.depth = read_depth(options, "depth");
    query.deepen = read_depth(options, "deepen");
    query.unshallow = options.flag("unshallow", false);
    query.filter = options.text_or("filter", "");
    if (query.tags != "auto" && query.tags != "all" && query.tags != "none") {
        options.bad_field("tags", "'auto', 'all' or 'none'");
    }
    const auto repository = repository_type.share(call);
    if (call.absent(3)) {
        return call.work([repository, remote = query.remote](std::stop_token) -> Finish {
            return [url = git::remote_url(*repository, remote, false)](Call& results) { return results.give(url); };
        });
    }
    Mutation mutation{"git.fetch",
                      repository->common_folder(),
                      fmt::format("fetch from {}", call.text(3, "url")),
                      {{"url", std::string(call.text(3, "url"))}, {"refspecs", joined(query.refspecs)}}};
    require_remote(call, std::string(call.text(3, "url")));
    return call.mutate_on_pool(
        permitted(call, std::move(mutation)),
        [=, prepared = prepare(call, 4)](std::stop_token stop) -> MutationResult {
            auto result = git::fetch(*repository, query, prepared.options(std::move(stop)));
            const auto said = fmt::format("{} references changed", result.changes.size());
            return {said, give_fetched(std::move(result))};
        },
        [](std::stop_token) { return give_fetched({}); });
}

// push(repository, options) gives the refspecs in full and the URL, for the plan;
// push(repository, options with full refspecs, URL, progress) pushes.
int push(Call& call) {
    const auto options = call.fields(2, "options", {"remote", "refspecs", "expect", "push_options"});
    PushQuery query;
    query.remote = options.text_or("remote", "origin");
    query.refspecs = options.texts("refspecs");
    query.push_options = options.texts("push_options");
    if (query.refspecs.empty()) options.bad_field("refspecs", "at least one refspec");
    const auto expected = read_expected(call, options);
    const auto repository = repository_type.share(call);
    if (call.absent(3)) return call.work([=](std::stop_token) { return give_push_plan(*repository, query); });
    Mutation mutation{"git.push",
                      std::string(call.text(3, "url")),
                      joined(query.refspecs),
                      {{"repository", repository->common_folder()}, {"refspecs", joined(query.refspecs)}}};
    require_remote(call, std::string(call.text(3, "url")));
    return call.mutate_on_pool(
        permitted(call, std::move(mutation)),
        [=, prepared = prepare(call, 4)](std::stop_token stop) -> MutationResult {
            auto complete = query;
            complete.expected = resolve_expected(repository->lease(), expected);
            auto changes = git::push(*repository, complete, prepared.options(std::move(stop)));
            return {fmt::format("{} references updated", changes.size()), give_changes(std::move(changes))};
        },
        [=](std::stop_token) { return give_changes(planned_changes(repository->lease(), query.refspecs)); });
}

// ls_remote(repository or nil, remote or url)
int ls_remote(Call& call) {
    const auto repository = call.absent(1) ? nullptr : repository_type.share(call);
    const std::string remote(call.text(2, "remote"));
    if (call.host().permissions().limited()) {
        require_remote(call, repository ? git::remote_url(*repository, remote, false) : remote);
    }
    return call.work([repository, name = remote,
                      prepared = prepare(call, 3)](std::stop_token stop) -> Finish {
        return give_references(list_remote(repository, name, prepared.options(std::move(stop))));
    });
}

// clone(url, path, options, progress)
int clone(Call& call) {
    const auto options = call.fields(3, "options", {"bare", "mirror", "checkout", "branch", "depth", "filter"});
    CloneQuery query;
    query.url = call.text(1, "url");
    query.path = std::string(call.text(2, "path"));
    query.mirror = options.flag("mirror", false);
    query.bare = options.flag("bare", query.mirror);
    if (query.mirror && !query.bare) options.bad_field("mirror", "a bare clone");
    query.depth = read_depth(options, "depth");
    query.filter = options.text_or("filter", "");
    query.checkout = options.flag("checkout", true);
    query.branch = options.text_or("branch", "");
    const auto shown = without_credentials(query.url);
    Mutation mutation{"git.clone", query.path.string(), "clone " + shown, {{"url", shown}}, MutationScope::local};
    require_remote(call, query.url);
    return call.mutate_on_pool(
        permitted_in(call, std::move(mutation), query.path),
        [=, prepared = prepare(call, 4)](std::stop_token stop) -> MutationResult {
            auto repository = git::clone(query, prepared.options(std::move(stop)));
            return {"cloned", [repository](Call& results) { return repository_type.give(results, repository); }};
        },
        [](std::stop_token) -> Finish { return [](Call& results) { return results.give(nullptr); }; });
}

}  // namespace uhost::git::binding
