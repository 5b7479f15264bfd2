#include "host/secrets/vault.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <mutex>
#include <set>

#include "host/core/encoding.hpp"
#include "host/settings/data_file.hpp"

namespace uhost {
namespace {

// Shorter values ("1", "true", "none") would blank out innocent text.
constexpr std::size_t min_masked_size = 8;

// Of one name: the present value and those it had before.
constexpr std::size_t max_values = 5;

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

// Base64 has four characters for three bytes. What stands for `value` when `skipped` of its bytes complete a group that
// began before it: all groups that are its alone.
std::string base64_groups(std::string_view value, std::size_t skipped) {
    value.remove_prefix(skipped);
    return encode_base64(value.substr(0, value.size() / 3 * 3));
}

std::set<std::string> forms_of(const std::string& value) {
    if (value.size() < min_masked_size) return {};
    std::set<std::string> forms{value, encode_percent(value), json_escaped(value)};
    for (const std::size_t skipped : {0, 1, 2}) {
        if (auto form = base64_groups(value, skipped); form.size() >= min_masked_size) forms.insert(std::move(form));
    }
    return forms;
}

void replace_all(std::string& text, std::string_view what) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 3)) {
        text.replace(at, what.size(), "***");
    }
}

std::set<std::string> declared_secrets(const std::filesystem::path& api_folder) {
    std::set<std::string> names;
    std::error_code ignored;
    for (const auto& primitive : std::filesystem::directory_iterator(api_folder, ignored)) {
        const auto file = primitive.path() / "secrets.lua";
        if (!std::filesystem::exists(file, ignored)) continue;
        for (const auto& [position, name] : read_data_file(file)) names.insert(std::get<std::string>(name));
    }
    return names;
}

}  // namespace

bool names_a_secret(std::string_view name) {
    static constexpr std::array<std::string_view, 8> endings{"TOKEN",  "SECRET", "PASSWORD",    "PASSWD",
                                                             "APIKEY", "_KEY",   "CREDENTIALS", "_PAT"};
    std::string upper(name);
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return std::ranges::any_of(endings, [&](auto ending) { return upper.ends_with(ending); });
}

std::vector<std::string> Vault::take_secrets(Environment& environment, const std::string& api_folder) {
    std::vector<std::string> secret;
    for (const auto& [name, value] : environment.variables()) {
        if (names_a_secret(name) && !value.empty()) secret.push_back(name);
    }
    if (secret.empty()) return {};  // the usual case, which reads no file
    const auto declared = declared_secrets(api_folder);
    std::vector<std::string> taken;
    for (const auto& name : secret) {
        const auto value = environment.text(name);
        if (declared.contains(name)) {
            add(name, value);
            environment.erase(name);
            taken.push_back(name);
        } else {
            hide(value);
        }
    }
    return taken;
}

void Vault::add(const std::string& name, std::string value) {
    hide(value);
    const std::unique_lock lock(mutex_);
    auto& values = secrets_[name];
    values.push_back(std::move(value));
    if (values.size() <= max_values) return;
    forget(values.front());
    values.erase(values.begin());
}

void Vault::hide(const std::string& value) {
    const std::unique_lock lock(mutex_);
    for (const auto& form : forms_of(value)) hide_form(form);
}

void Vault::hide_form(const std::string& text) {
    const auto same = [&](const Hidden& other) { return other.text == text; };
    if (const auto found = std::ranges::find_if(hidden_, same); found != hidden_.end()) {
        ++found->uses;
        return;
    }
    const auto shorter = [&](const Hidden& other) { return other.text.size() <= text.size(); };
    hidden_.insert(std::ranges::find_if(hidden_, shorter), {text});
}

void Vault::forget(const std::string& value) {
    for (const auto& form : forms_of(value)) {
        std::erase_if(hidden_, [&](Hidden& hidden) { return hidden.text == form && --hidden.uses == 0; });
    }
}

std::string Vault::find(std::string_view name) const {
    const std::shared_lock lock(mutex_);
    const auto found = secrets_.find(name);
    return found == secrets_.end() ? std::string() : found->second.back();
}

std::string Vault::mask(std::string_view text) const {
    std::string masked(text);
    const std::shared_lock lock(mutex_);
    for (const auto& hidden : hidden_) replace_all(masked, hidden.text);
    return masked;
}

}  // namespace uhost
