#include "api/git/remote/git_messages.hpp"

#include <algorithm>
#include <charconv>

#include "api/git/libgit2.hpp"
#include "api/git/remote/conversation.hpp"
#include "api/git/remote/ssh_transport.hpp"

namespace uhost::git::program {
namespace {

Error login_error(const std::string& errors, const RemoteUrl& url, const Login& login, const std::string& shown) {
    // "could not read Username for 'http://host:1'": the one that git was led to, which may be another server.
    const auto asked = between(errors, "could not read Username for '", "'");
    if (!asked.empty() && parse_remote_url(asked).host != url.host) {
        const auto other = parse_remote_url(asked);
        return redirected_error(shown, other.host + ":" + other.port);
    }
    const bool had_login = !login.password.empty() || has(errors, "Authentication failed");
    return Error("git.auth",
                 had_login ? shown + ": the server refuses the login" : shown + " asks for a login, and none is known")
        .hint(had_login ? "check the user name and the password or token"
                        : "store one with git ('git config --global credential.helper store'), or set GITHUB_TOKEN")
        .with("url", shown);
}

unsigned number_at(std::string_view text) {
    unsigned number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::uint64_t bytes_at(std::string_view text) {
    double size = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), size);
    text.remove_prefix(static_cast<std::size_t>(result.ptr - text.data()));
    if (text.starts_with(" KiB")) size *= 1 << 10;
    if (text.starts_with(" MiB")) size *= 1 << 20;
    if (text.starts_with(" GiB")) size *= 1 << 30;
    return static_cast<std::uint64_t>(size);
}

}  // namespace

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string between(const std::string& text, std::string_view before, std::string_view after) {
    const auto begin = text.find(before);
    if (begin == std::string::npos) return {};
    const auto end = text.find(after, begin + before.size());
    return text.substr(begin + before.size(), end == std::string::npos ? end : end - begin - before.size());
}

std::string reason_in(const std::string& errors) {
    std::string reason, line;
    for (std::string_view rest = errors; !rest.empty();) {
        const auto end = std::min(rest.find_first_of("\r\n"), rest.size());
        line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.starts_with("fatal: ") || line.starts_with("error: ") || reason.empty()) reason = line;
    }
    return reason;
}

Error error_from(const std::string& errors, const std::string& what, const RemoteUrl& url, const Login& login,
                 const std::string& shown) {
    const auto failed_here = system_failure({-1, GIT_ERROR_OS, errors}, what);
    if (failed_here && !has(errors, "Permission denied")) return *failed_here;
    if (url.scheme == "ssh" && !has(errors, "rejected")) {
        const bool connected = !has(errors, "ssh: ") && !has(errors, "kex_exchange") && !has(errors, "Connection ");
        return ssh_failure(shown, connected ? 128 : 255, errors);
    }
    if (has(errors, "Authentication failed") || has(errors, "could not read Username") ||
        has(errors, "could not read Password") || has(errors, "terminal prompts disabled")) {
        return login_error(errors, url, login, shown);
    }
    if (const auto status = between(errors, "returned error: ", "\n"); !status.empty()) {
        int code = 0;
        std::from_chars(status.data(), status.data() + status.size(), code);
        return http_error(code, shown);
    }
    if (has(errors, "certificate") || has(errors, "SSL")) return certificate_error(shown);
    if (has(errors, "dubious ownership")) {
        return Error("git.owner", shown + " belongs to another user")
            .hint("if you trust it: git config --global --add safe.directory " + shown);
    }
    if (has(errors, "couldn't find remote ref") || has(errors, "Remote branch")) {
        return Error("git.unknown_revision", what + ": the other side has no such reference")
            .hint("see 'git ls-remote " + shown + "' for those it has");
    }
    if (has(errors, "refusing to fetch into")) return checked_out_error(what, "a branch");
    if (has(errors, "non-commit object")) return not_a_commit_error("a branch");
    if (has(errors, "would clobber existing tag")) return tag_exists_error(what, "a tag");
    if (has(errors, "non-fast-forward")) return not_fast_forward_error(what);
    if (has(errors, "not found") || has(errors, "does not appear to be a git repository") ||
        has(errors, "does not exist") || has(errors, "not valid: is this a git repository")) {
        return remote_not_found_error(shown);
    }
    if (failed_here) return *failed_here;
    if (!url.is_local()) return network_error(what, shown);
    return Error("git.failed", what).hint("the cause below is git's own; try the same with git by hand");
}

void ProgressReader::read(std::string_view text) {
    for (const char c : text) {
        if (c != '\r' && c != '\n') {
            line_ += c;
            continue;
        }
        read_line(line_);
        line_.clear();
    }
}

void ProgressReader::read_line(std::string_view line) {
    constexpr std::string_view remote = "remote: ";
    if (line.starts_with(remote)) return progress_.set_message(line.substr(remote.size()));
    // "Receiving objects:  45% (90/200), 1.20 MiB | 3.00 MiB/s"
    const auto open = line.find('('), slash = line.find('/', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || slash == std::string_view::npos) return;
    const auto done = number_at(line.substr(open + 1)), total = number_at(line.substr(slash + 1));
    const auto comma = line.find("), ");
    const auto bytes = comma == std::string_view::npos ? 0 : bytes_at(line.substr(comma + 3));
    if (line.starts_with("Receiving objects") || line.starts_with("Unpacking objects")) {
        progress_.total_objects = total;
        progress_.received_objects = done;
        progress_.indexed_objects = done;
        if (bytes > 0) progress_.received_bytes = bytes;
    } else if (line.starts_with("Writing objects")) {
        progress_.objects_to_send = total;
        progress_.sent_objects = done;
        if (bytes > 0) progress_.sent_bytes = bytes;
    }
}

}  // namespace uhost::git::program
