// The native half of `policy`: which rules there are, and where they run. What a handle offers is in init.lua.
#include "api/policy/binding_rules.hpp"
#include "host/core/repository_file.hpp"
#include "host/modules/modules.hpp"
#include "host/runtime/file_access.hpp"
#include "host/runtime/host.hpp"
#include "host/runtime/output.hpp"
#include "host/settings/settings.hpp"
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

// What came along in a bundle (uhost bundle) counts as the user's own, where the repository has none.
std::optional<OwnFolder> bundled_folder(Host& host, bool knowledge) {
    std::error_code unreadable;
    auto path = host.locations().share / "bundled" / folder_name(knowledge);
    if (!std::filesystem::is_directory(path, unreadable)) return std::nullopt;
    return OwnFolder{std::move(path), nullptr, true};
}

std::optional<OwnFolder> find_folder(Host& host, bool knowledge) {
    std::error_code unreadable;
    const auto here = std::filesystem::current_path(unreadable);
    const auto found = find_in_repository(folder_name(knowledge), here);
    if (!found || !std::filesystem::is_directory(found->path, unreadable)) return bundled_folder(host, knowledge);
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
    for (const auto* option : {"folder", "shipped"}) {
        if (const auto named = options.text(option)) files::require_reading(host, *named);
    }
    const bool knowledge = options.flag("kb", false);
    const auto shipped = (host.locations().share / folder_name(knowledge)).string();
    return {own_folder(host, options.text_or("folder", ""), knowledge), options.text_or("shipped", shipped)};
}

// folder({kb =}) -> path or nil
int folder(Call& call) {
    const auto found = find_folder(call.host(), call.fields(1, "options", {"kb"}).flag("kb", false));
    return found && found->usable ? call.give(found->path.string()) : call.give(nullptr);
}

// The folder that a rule file lies in: ours, if we have found one around it, else its own.
RepositoryFolder folder_of(Host& host, const std::filesystem::path& file) {
    for (const bool knowledge : {false, true}) {
        const auto found = find_folder(host, knowledge);
        if (!found) continue;
        const auto below = std::filesystem::absolute(file).lexically_relative(std::filesystem::absolute(found->path));
        if (!below.empty() && *below.begin() != "..") return {found->path, found->owners};
    }
    return {file.has_parent_path() ? file.parent_path() : "."};
}

// read(path) -> text
int read(Call& call) {
    const std::filesystem::path file(call.text(1, "path"));
    const auto folder = folder_of(call.host(), file);
    const auto below = std::filesystem::absolute(file).lexically_relative(std::filesystem::absolute(folder.path));
    return call.give(read_repository_file(folder, below, policy::max_policy_bytes));
}

sandbox::WorkerLimits limits_in(const Fields& options) {
    constexpr double shortest_s = 0.001, max_s = 3600;
    const auto deadline_s = options.number("deadline_s").value_or(1.0);
    if (!(deadline_s >= shortest_s && deadline_s <= max_s)) {
        options.bad_field("deadline_s", "a number from 0.001 to 3600");
    }
    return {.deadline_ms = static_cast<std::uint64_t>(deadline_s * 1000)};
}

void warn_of_refused(const Host& host, sandbox::Layers layers) {
    const auto refused = sandbox::refused_layers(layers);
    if (refused.empty()) return;
    host.output().warning(fmt::format("policies run with less of a sandbox: the kernel refuses {} "
                                      "(--require-sandbox makes this an error)", refused));
}

// open(name, {folder =, shipped =, kb =, deadline_s =}) -> rules
int open(Call& call) {
    auto& host = call.host();
    std::string name(call.text(1, "name"));
    const auto options = call.fields(2, "options", {"folder", "shipped", "kb", "deadline_s"});
    auto limits = limits_in(options);
    limits.all_layers = host.settings().flag("require_sandbox").value_or(false);
    auto rules = std::make_shared<policy::Rules>(std::move(name), folders_in(host, options), host.loop(),
                                                 worker_of(host), limits);
    if (!limits.all_layers) {
        rules->sandbox().on_layers([&host](sandbox::Layers holds) { warn_of_refused(host, holds); });
    }
    policy::binding::push_rules(call, std::move(rules));
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

// sandbox() -> {NAME = holds}: which layers hold on this machine.
int layers(Call& call) {
    sandbox::Sandbox probe(call.host().loop(), worker_of(call.host()), {}, {});
    auto holds = probe.layers();
    if (!holds) throw Error("policy.worker", "the sandbox worker does not answer").hint("build or install uhost again");
    call.new_table(0, sandbox::Layers::count);
    for (std::size_t layer = 0; layer < sandbox::Layers::count; ++layer) {
        call.field(sandbox::Layers::names[layer], holds->at(layer));
    }
    return 1;
}

constexpr Function functions[]{{"folder", folder}, {"load", open}, {"paths", paths}, {"read", read}, {"sandbox", layers}};

}  // namespace

extern "C" int luaopen_uhost_policy(lua_State* L) { return bind::module(L, "policy", functions); }
