#include "api/git/binding_permissions.hpp"

#include <fstream>

#include "api/git/remote/url.hpp"
#include "host/runtime/file_access.hpp"

namespace uhost::git::binding {
namespace {

// Helpers for credentials, ssh and the program git are commands that the repository's configuration may name.
void require_any_program(const Permissions& permissions, const char* what) {
    if (!permissions.allows_all(Access::run)) permissions.require(Access::run, what);
}

}  // namespace

Mutation permitted(Call& call, Mutation mutation) {
    call.host().permissions().require(Access::git_write, mutation.target);
    mutation.permitted = true;
    return mutation;
}

Mutation permitted_in(Call& call, Mutation mutation, const std::filesystem::path& folder) {
    static_cast<void>(files::mutation(call.host(), mutation.kind.c_str(), folder, ""));
    return permitted(call, std::move(mutation));
}

void require_reading(Call& call, const Repository& repository) {
    auto& host = call.host();
    if (host.permissions().allows_all(Access::read)) return;
    files::require_reading(host, repository.git_folder());
    files::require_reading(host, repository.common_folder());
    if (repository.work_tree()) files::require_reading(host, *repository.work_tree());
    const std::filesystem::path objects = repository.common_folder() + "/objects";
    std::ifstream alternates(objects / "info/alternates");
    for (std::string line; std::getline(alternates, line);) {
        if (!line.empty()) files::require_reading(host, objects / line);
    }
}

void require_remote(Call& call, const std::string& url) {
    const auto& permissions = call.host().permissions();
    if (!permissions.limited()) return;
    const auto remote = parse_remote_url(url);
    if (remote.is_local()) {
        files::require_reading(call.host(), remote.path);
        return;
    }
    permissions.require_host(remote.host, remote.port);
    if (remote.scheme == "ssh") require_any_program(permissions, "ssh");
}

void limit_to_permissions(Host& host, RemoteAccess& access) {
    const auto& permissions = host.permissions();
    if (!permissions.limited()) return;
    if (access.transport == Transport::git) require_any_program(permissions, "git");
    access.credential_helpers = access.credential_helpers && permissions.allows_all(Access::run);
    access.check_peer = [&permissions](const std::string& peer) {
        const auto colon = peer.rfind(':');
        permissions.require_host(peer.substr(0, colon), peer.substr(colon + 1));
    };
}

}  // namespace uhost::git::binding
