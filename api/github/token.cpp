// Which token belongs to a GitHub. Apart from endpoints.cpp, and compiled by itself: git links this without curl.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <sstream>
#include <system_error>
#include <vector>

#include "api/github/endpoints.hpp"
#include "host/core/environment.hpp"
#include "host/core/error.hpp"
#include "host/core/file.hpp"
#include "host/core/spawn.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"

namespace uhost::github {
namespace {

constexpr std::size_t max_token_file_bytes = 64 * 1024;
constexpr int max_gh_wait_ms = 10'000;  // its keyring may ask somebody who is not there

std::string trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

bool is_one_word(const std::string& text) {
    return !text.empty() && std::none_of(text.begin(), text.end(), [](unsigned char c) { return c <= ' '; });
}

std::string read_token(const std::string& file) {
    std::string text;
    try {
        text = read_file(file, max_token_file_bytes);
    } catch (const Error& error) {
        throw Error("github.auth", fmt::format("the token file {} cannot be read", file))
            .hint("correct the setting github.token_file (UHOST_GITHUB_TOKEN_FILE), or unset it")
            .native(error.message());
    }
    text = trimmed(text);
    if (!is_one_word(text)) {
        throw Error("github.auth", fmt::format("the token file {} does not hold one token", file))
            .hint("the file has the token alone, on one line");
    }
    return text;
}

// Reads what a program prints, up to its end. False when that takes too long, or too much comes.
bool read_until_end(int descriptor, std::string& text) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(max_gh_wait_ms);
    while (text.size() <= max_token_file_bytes) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        pollfd answer{descriptor, POLLIN, 0};
        const int ready = poll(&answer, 1, static_cast<int>(std::max<long>(left.count(), 0)));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return false;
        std::array<char, 4096> piece;
        const auto size = read(descriptor, piece.data(), piece.size());
        if (size == 0) return true;
        if (size < 0) return false;
        text.append(piece.data(), static_cast<std::size_t>(size));
    }
    return false;
}

// What `gh auth token` prints; "" where there is no such program, it has no token, or it does not answer.
std::string ask_gh(const Environment& environment, const std::string& host) {
    auto pipe = make_pipe();
    std::string text;
    try {
        SpawnOptions options;
        options.arguments = {"gh", "auth", "token", "--hostname", host};
        options.environment = environment.entries();
        options.streams[1] = pipe.write.get();
        auto child = ChildProcess::spawn(options);
        pipe.write.close();
        if (!read_until_end(pipe.read.get(), text) || child.wait().code != 0) return {};
    } catch (const std::system_error&) {
        return {};
    }
    return trimmed(text);
}

// The file in which `gh` keeps what belongs to each host, and tokens where there is no keyring.
std::string gh_hosts_file(const Environment& environment) {
    if (const auto folder = environment.text("GH_CONFIG_DIR"); !folder.empty()) return folder + "/hosts.yml";
    const auto config = environment.text("XDG_CONFIG_HOME");
    return (config.empty() ? environment.text("HOME") + "/.config" : config) + "/gh/hosts.yml";
}

// The value of `oauth_token` directly below the host, in YAML as gh writes it: hosts begin a line, their fields are
// indented, and those of their users further.
std::string token_in_hosts(const std::string& yaml, const std::string& host) {
    std::istringstream lines(yaml);
    constexpr std::string_view field = "oauth_token:";
    bool is_ours = false;
    std::size_t depth = 0;
    for (std::string line; std::getline(lines, line);) {
        const auto indent = line.find_first_not_of(' ');
        if (indent == std::string::npos || line[indent] == '#') continue;
        const auto text = trimmed(line);
        if (indent == 0) {
            is_ours = text == host + ":";
            depth = 0;
        } else if (is_ours) {
            if (depth == 0) depth = indent;
            if (indent != depth || !text.starts_with(field)) continue;
            auto value = trimmed(text.substr(field.size()));
            if (value.size() > 1 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
                value = value.substr(1, value.size() - 2);
            return value;
        }
    }
    return {};
}

std::string token_of_gh(const Environment& environment, const std::string& host) {
    if (auto token = ask_gh(environment, host); is_one_word(token)) return token;
    const auto file = gh_hosts_file(environment);
    try {
        if (auto token = token_in_hosts(read_file(file, max_token_file_bytes), host); is_one_word(token)) return token;
    } catch (const Error&) {
        // There is no such file, or it cannot be read: gh has no token.
    }
    throw Error("github.auth", fmt::format("gh has no token for {}", host))
        .hint(fmt::format("run `gh auth login --hostname {}`, or unset github.token_from", host));
}

bool is_public(std::string_view web_host) { return web_host == "github.com" || web_host.ends_with(".ghe.com"); }

// Whether the setting github.token_from says to ask `gh`.
bool is_from_gh(const Settings& settings) {
    const auto from = settings.text("github.token_from").value_or("");
    if (from.empty() || from == "environment") return false;
    if (from == "gh") return true;
    throw Error("settings", fmt::format("github.token_from is '{}'", from)).hint("set it to 'environment' or 'gh'");
}

}  // namespace

std::string configured_api_url(const Settings& settings, const Environment& environment) {
    if (auto url = settings.text("github.api_url").value_or(""); !url.empty()) return url;
    if (auto url = environment.text("GITHUB_API_URL"); !url.empty()) return url;
    const auto host = environment.text("GH_HOST");
    if (host.empty() || host == "github.com") return {};
    return is_public(host) ? fmt::format("https://api.{}", host) : fmt::format("https://{}/api/v3", host);
}

std::string token_name(Vault& vault, const Settings& settings, const Environment& environment,
                       std::string_view web_host) {
    if (const auto file = settings.text("github.token_file"); file && !file->empty()) {
        auto name = fmt::format("the token file {}", *file);
        if (vault.find(name).empty()) vault.add(name, read_token(*file));
        return name;
    }
    if (is_from_gh(settings)) {
        auto name = fmt::format("gh ({})", web_host);
        if (vault.find(name).empty()) vault.add(name, token_of_gh(environment, std::string(web_host)));
        return name;
    }
    std::vector<std::string_view> names{"GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"};
    if (is_public(web_host)) names.erase(names.begin(), names.begin() + 2);
    for (const auto name : names) {
        if (!vault.find(name).empty()) return std::string(name);
    }
    return {};
}

}  // namespace uhost::github
