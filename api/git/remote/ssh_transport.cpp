#include "api/git/remote/ssh_transport.hpp"

#include <fmt/format.h>
#include <git2.h>
#include <git2/sys/transport.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "api/git/libgit2.hpp"
#include "api/git/remote/child.hpp"
#include "api/git/remote/transfer.hpp"
#include "api/git/remote/url.hpp"

namespace uhost::git {
namespace {

constexpr double end_timeout_s = 5;
constexpr int ssh_itself_failed = 255;

/// One ssh process, as libgit2 sees it: first member first.
struct SshStream {
    git_smart_subtransport_stream base{};
    std::unique_ptr<Child> child;
    bool answered = false;
};

struct SshTransport {
    git_smart_subtransport base{};
    SshStream* stream = nullptr;  // libgit2 frees it
};

SshStream& stream_of(git_smart_subtransport_stream* base) { return *reinterpret_cast<SshStream*>(base); }
SshTransport& transport_of(git_smart_subtransport* base) { return *reinterpret_cast<SshTransport*>(base); }

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string last_line(std::string text) {
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    return text.substr(text.find_last_of("\r\n") + 1);
}

int report_early_end(SshStream& stream) {
    auto* transfer = Transfer::current();
    const int code = stream.child->wait(end_timeout_s, transfer);
    if (transfer != nullptr) transfer->fail(ssh_failure(transfer->url(), code, stream.child->errors()));
    git_error_set_str(GIT_ERROR_SSH, "the ssh connection ended early");
    return -1;
}

int read(git_smart_subtransport_stream* base, char* into, std::size_t size, std::size_t* got) noexcept {
    auto& stream = stream_of(base);
    auto* transfer = Transfer::current();
    *got = 0;
    if (transfer == nullptr) return -1;
    return transfer->guard([&] {
        *got = stream.child->read(into, size, transfer->access().stall_timeout_s, transfer);
        if (*got == 0 && !stream.answered) return report_early_end(stream);
        stream.answered = stream.answered || *got > 0;
        return 0;
    });
}

int write(git_smart_subtransport_stream* base, const char* data, std::size_t size) noexcept {
    auto& stream = stream_of(base);
    auto* transfer = Transfer::current();
    if (transfer == nullptr) return -1;
    return transfer->guard([&] {
        if (stream.child->write(data, size, transfer->access().stall_timeout_s, transfer)) return 0;
        return report_early_end(stream);
    });
}

void free_stream(git_smart_subtransport_stream* base) noexcept {
    const std::unique_ptr<SshStream> owned(&stream_of(base));
    transport_of(base->subtransport).stream = nullptr;
}

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

std::vector<std::string> ssh_arguments(const RemoteUrl& url, const Transfer& transfer, const std::string& program) {
    const auto& access = transfer.access();
    // The shell is for a command with arguments of its own; ours reach it as they are.
    std::vector<std::string> arguments{"sh", "-c", "exec " + transfer.ssh_command + " \"$@\"", "ssh"};
    const auto options = ssh_options(access);
    arguments.insert(arguments.end(), options.begin(), options.end());
    if (url.port != "22") arguments.insert(arguments.end(), {"-p", url.port});
    arguments.push_back(url.user.empty() ? url.host : url.user + "@" + url.host);
    const auto path = url.path.starts_with("/~") ? url.path.substr(1) : url.path;
    arguments.push_back(program + " " + shell_quoted(path));
    return arguments;
}

int start(git_smart_subtransport_stream** out_stream, SshTransport& transport, const char* url, const char* program) {
    auto* transfer = Transfer::current();
    if (transfer == nullptr) return -1;
    return transfer->guard([&] {
        auto stream = std::make_unique<SshStream>();
        const auto arguments = ssh_arguments(parse_remote_url(url), *transfer, program);
        stream->child = std::make_unique<Child>(arguments, "", EnvironmentChanges());
        stream->base.subtransport = &transport.base;
        stream->base.read = read;
        stream->base.write = write;
        stream->base.free = free_stream;
        transport.stream = stream.release();
        *out_stream = &transport.stream->base;
        return 0;
    });
}

// libgit2 asks for the list of references first, then continues in the same conversation.
int act(git_smart_subtransport_stream** out_stream, git_smart_subtransport* base, const char* url,
        git_smart_service_t action) noexcept {
    auto& transport = transport_of(base);
    switch (action) {
        case GIT_SERVICE_UPLOADPACK_LS:
            return start(out_stream, transport, url, "git-upload-pack");
        case GIT_SERVICE_RECEIVEPACK_LS:
            return start(out_stream, transport, url, "git-receive-pack");
        default:
            break;
    }
    if (transport.stream == nullptr) return -1;
    *out_stream = &transport.stream->base;
    return 0;
}

int close(git_smart_subtransport*) noexcept { return 0; }

void free_transport(git_smart_subtransport* base) noexcept {
    const std::unique_ptr<SshTransport> owned(&transport_of(base));
}

int make_subtransport(git_smart_subtransport** out_transport, git_transport*, void*) noexcept {
    return guarded(
        Transfer::current(),
        [&] {
            auto transport = std::make_unique<SshTransport>();
            transport->base.action = act;
            transport->base.close = close;
            transport->base.free = free_transport;
            *out_transport = &transport.release()->base;
            return 0;
        },
        -1);
}

git_smart_subtransport_definition definition{make_subtransport, 0, nullptr};

int make_transport(git_transport** out_transport, git_remote* owner, void*) noexcept {
    return git_transport_smart(out_transport, owner, &definition);
}

}  // namespace

// ssh and the program behind it say what is wrong in words only; the words of OpenSSH and of git's own.
Error ssh_failure(const std::string& url, int code, const std::string& errors) {
    const auto shown = without_credentials(url);
    const auto native = last_line(errors);
    if (has(errors, "Host key verification failed") || has(errors, "REMOTE HOST IDENTIFICATION HAS CHANGED")) {
        return Error("git.host_key", shown + ": the server's key is not known, or not the one that was known")
            .hint("compare its fingerprint with what the operator publishes, then connect once with 'ssh' by hand")
            .native(native);
    }
    if (has(errors, "Permission denied") || has(errors, "Too many authentication failures")) {
        return Error("git.auth", shown + ": the server accepts none of our ssh keys")
            .hint("add a key to the account and to the agent ('ssh-add'), or set UHOST_GIT_SSH_KEY to its file")
            .native(native);
    }
    if (code == ssh_itself_failed) {
        return Error("git.network", shown + ": cannot connect")
            .hint("check the address and the network; 'ssh -v' to the same host says more")
            .native(native);
    }
    return Error("git.remote_not_found", shown + ": the server has no such repository, or does not show it to us")
        .hint("check the path and who may read it")
        .native(native);
}

std::vector<std::string> ssh_options(const RemoteAccess& access) {
    const auto timeout = static_cast<int>(std::ceil(access.connect_timeout_s));
    std::vector<std::string> options{"-o", "BatchMode=yes", "-o", fmt::format("ConnectTimeout={}", timeout)};
    if (!access.ssh_key.empty()) options.insert(options.end(), {"-i", access.ssh_key, "-o", "IdentitiesOnly=yes"});
    return options;
}

std::string ssh_command(git_repository* repository) {
    if (auto command = variable("GIT_SSH_COMMAND"); !command.empty()) return command;
    ConfigHandle config, snapshot;
    if (repository != nullptr)
        git_repository_config(out(config), repository);
    else
        git_config_open_default(out(config));
    if (config) git_config_snapshot(out(snapshot), config.get());
    const char* value = nullptr;
    if (snapshot && git_config_get_string(&value, snapshot.get(), "core.sshCommand") == 0) return value;
    if (const auto program = variable("GIT_SSH"); !program.empty()) return shell_quoted(program);
    return "ssh";
}

void register_ssh_transport() {
    static const bool registered = git_transport_register("ssh", make_transport, nullptr) == 0;
    static_cast<void>(registered);
}

}  // namespace uhost::git
