#include "host/secrets/vault.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "host/core/encoding.hpp"

extern char** environ;

namespace uhost {
namespace {

constexpr std::array<std::string_view, 4> tokens{"GITHUB_TOKEN", "GH_TOKEN", "GH_ENTERPRISE_TOKEN",
                                                 "GITHUB_WEBHOOK_SECRET"};

// Shorter values ("1", "true", "none") would blank out innocent text.
constexpr std::size_t shortest_masked = 8;

// As JSON writes a key file's lines, for one.
std::string json_escaped(std::string_view value) {
    std::string text;
    for (const char c : value) {
        if (c == '\n') {
            text += "\\n";
        } else if (c == '\r') {
            text += "\\r";
        } else if (c == '\t') {
            text += "\\t";
        } else {
            if (c == '"' || c == '\\') text += '\\';
            text += c;
        }
    }
    return text;
}

// The kernel shows the original bytes of the environment to whoever reads /proc/self/environ; unsetenv leaves them.
std::string take_variable(const std::string& name) {
    char* value = std::getenv(name.c_str());
    if (value == nullptr) return {};
    std::string taken(value);
    std::memset(value, '*', taken.size());
    unsetenv(name.c_str());
    return taken;
}

void replace_all(std::string& text, std::string_view what) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 3)) {
        text.replace(at, what.size(), "***");
    }
}

}  // namespace

bool names_a_secret(std::string_view name) {
    static constexpr std::array<std::string_view, 8> endings{"TOKEN",  "SECRET", "PASSWORD",    "PASSWD",
                                                             "APIKEY", "_KEY",   "CREDENTIALS", "_PAT"};
    std::string upper(name);
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return std::ranges::any_of(endings, [&](auto ending) { return upper.ends_with(ending); });
}

void Vault::take_environment() {
    for (const auto name : tokens) {
        if (auto value = take_variable(std::string(name)); !value.empty()) add(std::string(name), std::move(value));
    }
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view pair = *entry;
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || !names_a_secret(pair.substr(0, equals))) continue;
        hide(std::string(pair.substr(equals + 1)));
    }
}

void Vault::add(std::string name, std::string value) {
    hide(value);
    hide(encode_base64("x-access-token:" + value));
    const std::unique_lock lock(mutex_);
    secrets_.push_back({std::move(name), std::move(value)});
}

void Vault::hide(std::string value) {
    if (value.size() < shortest_masked) return;
    for (auto form : {encode_percent(value), json_escaped(value)}) {
        if (form != value) hide_form(std::move(form));
    }
    hide_form(std::move(value));
}

void Vault::hide_form(std::string value) {
    const std::unique_lock lock(mutex_);
    const auto longer = [&](const std::string& other) { return other.size() <= value.size(); };
    hidden_.insert(std::ranges::find_if(hidden_, longer), std::move(value));
}

std::string_view Vault::find(std::string_view name) const {
    const std::shared_lock lock(mutex_);
    const auto found =
        std::find_if(secrets_.rbegin(), secrets_.rend(), [&](const auto& each) { return each.name == name; });
    return found == secrets_.rend() ? std::string_view() : std::string_view(found->value);
}

std::string Vault::mask(std::string_view text) const {
    std::string masked(text);
    const std::shared_lock lock(mutex_);
    for (const auto& value : hidden_) replace_all(masked, value);
    return masked;
}

}  // namespace uhost
