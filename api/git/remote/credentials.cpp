#include "api/git/remote/credentials.hpp"

#include <fmt/format.h>
#include <git2.h>

#include <array>

#include "api/git/remote/child.hpp"
#include "api/github/endpoints.hpp"

namespace uhost::git {
namespace {

constexpr double helper_timeout_s = 60;
constexpr std::size_t max_answer = 64 << 10;
constexpr const char* token_user = "x-access-token";

// The value of "key=value" on a line of a helper's answer.
std::string value_in(std::string_view answer, std::string_view key) {
    while (!answer.empty()) {
        const auto line = answer.substr(0, answer.find('\n'));
        answer.remove_prefix(std::min(line.size() + 1, answer.size()));
        if (line.starts_with(key) && line.substr(key.size()).starts_with('=')) {
            return std::string(line.substr(key.size() + 1));
        }
    }
    return {};
}

// `git credential VERB`: the protocol of gitcredentials(7). "" where git is not there or has nothing.
std::string run_git_credential(const char* verb, const std::string& question, const std::string& folder,
                               const Transfer& transfer) {
    Child child({"git", "credential", verb}, folder, {{"GIT_TERMINAL_PROMPT", "0"}, {"SSH_ASKPASS", ""}});
    child.write(question.data(), question.size(), helper_timeout_s, &transfer);
    child.close_input();
    std::string answer;
    std::array<char, 1024> piece;
    while (const auto got = child.read(piece.data(), piece.size(), helper_timeout_s, &transfer)) {
        answer.append(piece.data(), got);
        if (answer.size() > max_answer) return {};
    }
    return child.wait(helper_timeout_s, &transfer) == 0 ? answer : std::string();
}

}  // namespace

Login known_login(const RemoteAccess& access, const RemoteUrl& url) {
    if (!url.is_http()) return {};
    if (!url.password.empty()) {
        if (access.hide) access.hide(url.password);
        return {url.user, url.password};
    }
    if (url.origin() != access.github_origin) return {};
    auto token = access.github_token();
    return token.empty() ? Login{} : Login{token_user, std::move(token)};
}

Credentials::Credentials(Transfer& transfer, std::string folder)
    : transfer_(transfer), folder_(std::move(folder)), url_(parse_remote_url(transfer.url())) {
    if (!url_.password.empty() && transfer_.access().hide) transfer_.access().hide(url_.password);
}

int Credentials::acquire(git_credential** out, unsigned allowed) {
    if ((allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) == 0) {
        throw Error("git.auth",
                    without_credentials(transfer_.url()) + " asks for a kind of login that is not supported")
            .hint("use an https:// URL with a token, or ssh");
    }
    if (transfer_.peer != url_.host + ":" + url_.port) throw redirected_error(transfer_.url(), transfer_.peer);
    if (!tried_token_) {
        tried_token_ = true;
        const bool ours = url_.origin() == transfer_.access().github_origin;
        if (const auto token = ours ? transfer_.access().github_token() : std::string(); !token.empty()) {
            gave_token_ = true;
            return give(out, {token_user, token});
        }
    }
    if (!tried_helper_ && transfer_.access().credential_helpers) {
        tried_helper_ = true;
        if (ask_helper()) return give(out, from_helper_);
    }
    throw nothing_left();
}

int Credentials::give(git_credential** out, const Login& login) {
    transfer_.trusted_peer = transfer_.peer;
    return git_credential_userpass_plaintext_new(out, login.user.c_str(), login.password.c_str());
}

std::string Credentials::helper_question() const {
    const bool usual = url_.port == (url_.scheme == "https" ? "443" : "80");
    const auto path = url_.path.substr(url_.path.starts_with('/') ? 1 : 0);
    auto question =
        fmt::format("protocol={}\nhost={}{}\npath={}\n", url_.scheme, url_.host, usual ? "" : ":" + url_.port, path);
    if (!url_.user.empty()) question += fmt::format("username={}\n", url_.user);
    return question;
}

bool Credentials::ask_helper() {
    std::string answer;
    try {
        answer = run_git_credential("fill", helper_question() + "\n", folder_, transfer_);
    } catch (const Error& error) {
        if (error.kind() != "git.program") throw;
        return false;  // no git here, hence no helpers
    }
    from_helper_ = {value_in(answer, "username"), value_in(answer, "password")};
    if (from_helper_.password.empty()) return false;
    if (transfer_.access().hide) transfer_.access().hide(from_helper_.password);
    return true;
}

void Credentials::conclude(bool success) {
    if (!from_helper_.password.empty()) report_to_helper(success ? "approve" : "reject");
}

void Credentials::report_to_helper(const char* verb) const {
    auto question = helper_question();
    if (url_.user.empty()) question += fmt::format("username={}\n", from_helper_.user);
    question += fmt::format("password={}\n\n", from_helper_.password);
    run_git_credential(verb, question, folder_, transfer_);
}

Error Credentials::nothing_left() const {
    const auto shown = without_credentials(transfer_.url());
    const bool github = url_.origin() == transfer_.access().github_origin;
    if (gave_token_ || !from_helper_.password.empty() || !url_.password.empty()) {
        return Error("git.auth", shown + ": the server refuses the login")
            .hint(gave_token_ ? "the GitHub token is wrong, expired, or may not do this; make another one"
                              : "correct the password that git's credential helper (or the URL) has")
            .with("url", shown);
    }
    return Error("git.auth", shown + " asks for a login, and none is known")
        .hint(github ? "set GITHUB_TOKEN, or log in with 'gh auth login' and 'gh auth setup-git'"
                     : "store one with git: 'git config --global credential.helper store', then fetch once with git")
        .with("url", shown);
}

RemoteUrl github_web(const std::string& api_url) {
    auto url = parse_remote_url(api_url.empty() ? github::public_api : api_url);
    url.host = std::string(github::web_host_of(url.host));
    return url;
}

}  // namespace uhost::git
