#include "api/git/remote/conversation.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <mutex>

#include "api/git/libgit2.hpp"
#include "api/git/remote/socket_stream.hpp"
#include "api/git/remote/ssh_transport.hpp"

namespace uhost::git {
namespace {

std::optional<int> http_status_in(const std::string& message) {
    constexpr std::string_view words = "unexpected http status code: ";
    const auto at = message.find(words);
    if (at == std::string::npos) return std::nullopt;
    int status = 0;
    std::from_chars(message.data() + at + words.size(), message.data() + message.size(), status);
    return status;
}

bool is_network_class(int error_class) {
    return error_class == GIT_ERROR_NET || error_class == GIT_ERROR_HTTP || error_class == GIT_ERROR_SSL ||
           error_class == GIT_ERROR_SSH;
}

int on_credentials(git_credential** out_credential, const char*, const char*, unsigned allowed,
                   void* payload) noexcept {
    auto& transfer = *static_cast<Transfer*>(payload);
    return transfer.guard([&] {
        if (transfer.stopped()) return Transfer::stop_code;
        return transfer.credentials->acquire(out_credential, allowed);
    });
}

// libgit2 has one set of trusted certificates for the process.
void trust_certificates(std::string file) {
    static std::mutex mutex;
    static std::optional<std::string> trusted;
    const std::lock_guard guard(mutex);
    if (trusted == file) return;
    const auto outcome = load_certificates(file);
    if (!outcome.ok()) {
        throw Error("git.certificate", "cannot read the certificates in " + file)
            .hint("name a PEM file in the setting http.ca_file, or unset it")
            .native(outcome.message);
    }
    trusted = file;
}

std::string folder_of(git_repository* repository) {
    return repository == nullptr ? std::string() : std::string(git_repository_path(repository));
}

}  // namespace

Error remote_not_found_error(const std::string& url) {
    return Error("git.remote_not_found", url + ": there is no such repository, or the login may not see it")
        .hint("check the address, and that the login may read it")
        .with("url", url);
}

Error http_error(int status, const std::string& url) {
    if (status == 404) return remote_not_found_error(url);
    if (status == 401 || status == 403) {
        return Error("git.auth", fmt::format("{}: the server refuses us (HTTP {})", url, status))
            .hint("the login may not do this: check its rights to the repository")
            .with("url", url);
    }
    return Error("git.network", fmt::format("{}: the server answered HTTP {}", url, status))
        .hint(status >= 500 ? "try again later" : "check the address")
        .with("url", url)
        .with("status", std::int64_t{status});
}

Error network_error(const std::string& what, const std::string& url) {
    return Error("git.network", what + ": the connection to " + url + " failed")
        .hint("check the address, the network and the proxy settings, then try again")
        .with("url", url);
}

Error certificate_error(const std::string& url) {
    return Error("git.certificate", url + ": the server's certificate cannot be trusted")
        .hint("if it is your own, put its authority's certificate into a file and set UHOST_HTTP_CA_FILE to it")
        .with("url", url);
}

Error not_fast_forward_error(const std::string& what) {
    return Error("git.not_fast_forward", what + ": the other side has commits that are not here")
        .hint("fetch and merge them first; a '+' before the refspec throws them away");
}

Error checked_out_error(const std::string& what, const std::string& ref) {
    return Error("git.checked_out", fmt::format("{}: {} is checked out, and would change below its work tree", what, ref))
        .hint("fetch into another reference, then merge it")
        .with("ref", ref);
}

Error not_a_commit_error(const std::string& branch) {
    return Error("git.not_a_commit", fmt::format("{} has to point at a commit", branch))
        .hint("for a tag, fetch it to refs/tags/")
        .with("ref", branch);
}

Error tag_exists_error(const std::string& what, const std::string& ref) {
    return Error("git.exists", fmt::format("{}: {} is another one here", what, ref))
        .hint("a '+' before the refspec replaces it")
        .with("ref", ref);
}

Error push_rejected_error(const std::string& remote, const std::string& ref, const std::string& reason,
                          std::size_t rejected) {
    return Error("git.push_rejected", fmt::format("{} rejects {}: {}", remote, ref, reason))
        .hint("the server's rules decide: a protected branch, a hook, or a change by someone else")
        .with("ref", ref)
        .with("reason", reason)
        .with("rejected", static_cast<std::int64_t>(rejected));
}

void check_online(const RemoteAccess& access, const std::string& url) {
    if (!access.offline || parse_remote_url(url).is_local()) return;
    throw Error("git.offline", without_credentials(url) + " is not asked: uhost runs offline")
        .hint("leave out --offline, or unset UHOST_OFFLINE");
}

void prepare_for_remotes() {
    start_libgit2();
    register_socket_streams();
    register_ssh_transport();
}

Conversation::Conversation(const TransferOptions& options, std::string url, git_repository* repository)
    : transfer_(options.access, std::move(url), options.stop, options.progress),
      credentials_(transfer_, folder_of(repository)),
      repository_(repository) {
    check_online(options.access, transfer_.url());
    prepare_for_remotes();
    if (parse_remote_url(transfer_.url()).is_http()) trust_certificates(options.access.ca_file);
    transfer_.ssh_command = ssh_command(repository);
    transfer_.credentials = &credentials_;
}

void Conversation::set_callbacks(git_remote_callbacks& callbacks) {
    set_progress_callbacks(callbacks, transfer_);
    callbacks.credentials = on_credentials;
}

void Conversation::conclude(const Outcome& outcome, const std::string& what) {
    if (outcome.ok()) return credentials_.conclude(true);
    const auto error = error_for(outcome, what);
    if (error.kind() == "git.auth" && !transfer_.stopped()) credentials_.conclude(false);
    throw error;
}

Error Conversation::error_for(const Outcome& outcome, const std::string& what) const {
    const auto& native = outcome.message;
    const int code = outcome.code;
    const auto url = without_credentials(transfer_.url());
    if (transfer_.stopped()) return Error("git.cancelled", what + ": cancelled");
    if (transfer_.failure()) return *transfer_.failure();
    if (auto error = system_failure(outcome, what)) return *error;
    if (const auto status = http_status_in(native)) return http_error(*status, url).native(native);
    if (code == GIT_EAUTH || outcome.mentions("authentication replays")) {
        return Error("git.auth", url + ": the server refuses the login")
            .hint("check the user name and the password or token")
            .native(native)
            .with("url", url);
    }
    if (code == GIT_ECERTIFICATE || (outcome.error_class == GIT_ERROR_SSL && outcome.mentions("certificate"))) {
        return certificate_error(url).native(native);
    }
    if (code == GIT_ENONFASTFORWARD) return not_fast_forward_error(what).native(native);
    if (code == GIT_EOWNER || outcome.mentions("safe.directory")) {
        return Error("git.owner", url + " belongs to another user")
            .hint("if you trust it: git config --global --add safe.directory " + url)
            .native(native);
    }
    // "unsupported URL protocol" is what libgit2 says of a folder that is not a repository.
    const bool no_repository = outcome.mentions("failed to resolve path") ||
                               outcome.mentions("could not find repository") ||
                               outcome.mentions("not a git repository") || outcome.mentions("unsupported URL protocol");
    if (no_repository && parse_remote_url(transfer_.url()).is_local()) {
        return remote_not_found_error(url).native(native);
    }
    if (repository_ != nullptr && code == GIT_ENOTFOUND && git_repository_is_shallow(repository_) == 1) {
        return shallow_error(what).native(native);
    }
    if (is_network_class(outcome.error_class) || code == GIT_EEOF) return network_error(what, url).native(native);
    return Error("git.failed", what).native(native);
}

RemoteHandle find_remote(git_repository* repository, const std::string& name) {
    RemoteHandle remote;
    const auto found = attempt(git_remote_lookup, out(remote), repository, name.c_str());
    if (found.ok()) return remote;
    const bool address = name.find('/') != std::string::npos || name.find(':') != std::string::npos;
    if (!address) {
        throw Error("git.unknown_remote", "no remote is called '" + name.substr(0, 200) + "'")
            .hint("see 'git remote -v' for those there are, or pass a URL")
            .native(found.message);
    }
    static_cast<void>(parse_remote_url(name));
    check(attempt(git_remote_create_anonymous, out(remote), repository, name.c_str()),
          "cannot use " + without_credentials(name), repository);
    return remote;
}

}  // namespace uhost::git
