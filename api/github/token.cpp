// Which token belongs to a GitHub. Apart from endpoints.cpp, and compiled by itself: git links this without curl.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "api/github/endpoints.hpp"
#include "host/core/error.hpp"
#include "host/core/file.hpp"
#include "host/secrets/vault.hpp"
#include "host/settings/settings.hpp"

namespace uhost::github {
namespace {

constexpr std::size_t max_token_file_bytes = 64 * 1024;

std::string read_token(const std::string& file) {
    std::string text;
    try {
        text = read_file(file, max_token_file_bytes);
    } catch (const Error& error) {
        throw Error("github.auth", fmt::format("the token file {} cannot be read", file))
            .hint("correct the setting github.token_file (UHOST_GITHUB_TOKEN_FILE), or unset it")
            .native(error.message());
    }
    const auto is_blank = [](unsigned char c) { return c <= ' '; };
    text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), is_blank));
    text.erase(std::find_if_not(text.rbegin(), text.rend(), is_blank).base(), text.end());
    if (text.empty() || std::any_of(text.begin(), text.end(), is_blank)) {
        throw Error("github.auth", fmt::format("the token file {} does not hold one token", file))
            .hint("the file has the token alone, on one line");
    }
    return text;
}

bool is_public(std::string_view web_host) { return web_host == "github.com" || web_host.ends_with(".ghe.com"); }

}  // namespace

std::string token_name(Vault& vault, const Settings& settings, std::string_view web_host) {
    if (const auto file = settings.text("github.token_file"); file && !file->empty()) {
        auto name = fmt::format("the token file {}", *file);
        if (vault.find(name).empty()) vault.add(name, read_token(*file));
        return name;
    }
    std::vector<std::string_view> names{"GH_TOKEN", "GITHUB_TOKEN"};
    if (!is_public(web_host)) names.insert(names.begin(), "GH_ENTERPRISE_TOKEN");
    for (const auto name : names) {
        if (!vault.find(name).empty()) return std::string(name);
    }
    return {};
}

}  // namespace uhost::github
