// The native half of `policy`: which rules there are, and where they run. What a handle offers is in init.lua.
#include "api/policy/binding_rules.hpp"
#include "host/core/repository_file.hpp"
#include "host/modules/modules.hpp"
#include "host/runtime/host.hpp"
#include "host/runtime/output.hpp"
#include "host/task/loop.hpp"

namespace {

using namespace uhost;
using bind::Call;
using bind::Fields;
using bind::Function;

std::filesystem::path worker_of(const Host& host) { return sandbox::worker_in(host.locations().library); }

constexpr const char* folder_name(bool knowledge) { return knowledge ? "kb" : "policies"; }

// The folder of this name that the repository around us has.
struct OwnFolder {
    std::filesystem::path path;  // as messages name it
    std::shared_ptr<const TrustedOwners> owners;
    bool usable = false;
};

std::optional<OwnFolder> find_folder(Host& host, bool knowledge) {
    std::error_code unreadable;
    const auto here = std::filesystem::current_path(unreadable);
    const auto found = find_in_repository(folder_name(knowledge), here);
    if (!found || !std::filesystem::is_directory(found->path, unreadable)) return std::nullopt;
    OwnFolder folder{found->path.lexically_relative(here), std::make_shared<TrustedOwners>(found->root, host.environment())};
    try {
        check_repository_folder({folder.path, folder.owners});
        folder.usable = true;
    } catch (const Error& error) {
        host.output().warning(fmt::format("{}; it is left out ({})", error.message(), error.hint()));
    }
    return folder;
}

RepositoryFolder own_folder(Host& host, const std::string& named, bool knowledge) {
    const auto found = find_folder(host, knowledge);
    std::error_code unknown;
    // Naming what would be found anyway, as scripts do, trusts it no more.
    const bool is_found = found && (named.empty() || std::filesystem::equivalent(named, found->path, unknown));
    if (is_found) return found->usable ? RepositoryFolder{found->path, found->owners} : RepositoryFolder{};
    return {named.empty() ? folder_name(knowledge) : named};
}

// `folder` is the user's own, `shipped` the one below it; `kb` says that it is about knowledge bases.
policy::PolicyFolders folders_in(Host& host, const Fields& options) {
    const bool knowledge = options.flag("kb", false);
    const auto shipped = (host.locations().share / folder_name(knowledge)).string();
    return {own_folder(host, options.text_or("folder", ""), knowledge), options.text_or("shipped", shipped)};
}

// folder({kb =}) -> path or nil
int folder(Call& call) {
    const auto found = find_folder(call.host(), call.fields(1, "options", {"kb"}).flag("kb", false));
    return found && found->usable ? call.give(found->path.string()) : call.give(nullptr);
}

sandbox::WorkerLimits limits_in(const Fields& options) {
    constexpr double shortest_s = 0.001, max_s = 3600;
    const auto deadline_s = options.number("deadline_s").value_or(1.0);
    if (!(deadline_s >= shortest_s && deadline_s <= max_s)) {
        options.bad_field("deadline_s", "a number from 0.001 to 3600");
    }
    return {.deadline_ms = static_cast<std::uint64_t>(deadline_s * 1000)};
}

// open(name, {folder =, shipped =, kb =, deadline_s =}) -> rules
int open(Call& call) {
    auto& host = call.host();
    std::string name(call.text(1, "name"));
    const auto options = call.fields(2, "options", {"folder", "shipped", "kb", "deadline_s"});
    policy::binding::push_rules(
        call, std::make_shared<policy::Rules>(std::move(name), folders_in(host, options), host.loop(), worker_of(host),
                                              limits_in(options)));
    return 1;
}

void push_paths(Call& call, const std::filesystem::path& folder, bool is_user, bool knowledge, int& position) {
    for (const auto& name : policy::policy_names(folder)) {
        call.new_table(0, 4)
            .field("name", name)
            .field("file", (folder / (name + ".lua")).string())
            .field("is_user", is_user)
            .field("kb", knowledge);
        call.seti(++position);
    }
}

// paths({folder =, shipped =, kb =}) -> list of {name =, file =, is_user =, kb =}
int paths(Call& call) {
    const auto options = call.fields(1, "options", {"folder", "shipped", "kb"});
    const auto folders = folders_in(call.host(), options);
    const bool knowledge = options.flag("kb", false);
    call.new_table();
    int position = 0;
    std::error_code unknown;
    if (!std::filesystem::equivalent(folders.own.path, folders.shipped, unknown)) {
        push_paths(call, folders.own.path, true, knowledge, position);
    }
    push_paths(call, folders.shipped, false, knowledge, position);
    return 1;
}

// sandbox() -> {descriptors =, limits =, privileges =, system_calls =}: which layers hold on this machine.
int layers(Call& call) {
    sandbox::Sandbox probe(call.host().loop(), worker_of(call.host()), {}, {});
    const auto holds = probe.layers();
    if (!holds) throw Error("policy.worker", "the sandbox worker does not answer").hint("build or install uhost again");
    call.new_table(0, 4)
        .field("descriptors", holds->descriptors)
        .field("limits", holds->limits)
        .field("privileges", holds->no_privileges)
        .field("system_calls", holds->system_calls);
    return 1;
}

constexpr Function functions[]{{"folder", folder}, {"load", open}, {"paths", paths}, {"sandbox", layers}};

}  // namespace

extern "C" int luaopen_uhost_policy(lua_State* L) { return bind::module(L, "policy", functions); }
