#include "host/secrets/vault.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <iterator>
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

// As HTML and XML write it.
std::string markup_escaped(std::string_view value) {
    std::string text;
    for (const char c : value) {
        switch (c) {
            case '&': text += "&amp;"; break;
            case '<': text += "&lt;"; break;
            case '>': text += "&gt;"; break;
            case '"': text += "&quot;"; break;
            default: text += c;
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

// What a tool prints of a key is often one line of it. The lines around a PEM key say what it is.
std::vector<std::string> lines_of(std::string_view value) {
    std::vector<std::string> lines;
    while (!value.empty()) {
        const auto end = std::min(value.find('\n'), value.size());
        auto line = value.substr(0, end);
        while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0) line.remove_suffix(1);
        while (!line.empty() && std::isspace(static_cast<unsigned char>(line.front())) != 0) line.remove_prefix(1);
        if (line.size() >= min_masked_size && !line.starts_with("-----")) lines.emplace_back(line);
        value.remove_prefix(std::min(end + 1, value.size()));
    }
    return lines;
}

void add_forms(const std::string& value, std::set<std::string>& forms) {
    if (value.size() < min_masked_size) return;
    forms.insert({value, encode_percent(value), json_escaped(value), markup_escaped(value)});
    for (const std::size_t skipped : {0, 1, 2}) {
        if (auto form = base64_groups(value, skipped); form.size() >= min_masked_size) forms.insert(std::move(form));
    }
}

std::set<std::string> forms_of(const std::string& value) {
    std::set<std::string> forms;
    add_forms(value, forms);
    for (const auto& line : lines_of(value)) add_forms(line, forms);
    return forms;
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
    static constexpr std::array<std::string_view, 7> words{"TOKEN",  "SECRET",     "PASSWORD", "PASSWD",
                                                           "APIKEY", "CREDENTIAL", "WEBHOOK"};
    static constexpr std::array<std::string_view, 2> endings{"_KEY", "_PAT"};
    static constexpr std::array<std::string_view, 4> places{"_FILE", "_PATH", "_DIR", "_FOLDER"};
    std::string upper = "_";
    std::ranges::transform(name, std::back_inserter(upper),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const auto ends = [&](auto ending) { return upper.ends_with(ending); };
    if (std::ranges::any_of(places, ends)) return false;
    const auto has_word = [&](auto word) { return upper.find("_" + std::string(word)) != std::string::npos || ends(word); };
    return std::ranges::any_of(words, has_word) || std::ranges::any_of(endings, ends);
}

std::vector<std::string> secrets_in_address(std::string_view address) {
    const auto scheme = address.find("://");
    if (scheme == std::string_view::npos) return {};
    auto authority = address.substr(scheme + 3);
    authority = authority.substr(0, authority.find_first_of("/?#"));
    const auto at = authority.rfind('@');
    if (at == std::string_view::npos) return {};
    const auto colon = authority.substr(0, at).find(':');
    if (colon == std::string_view::npos || colon + 1 == at) return {};
    const std::string user(authority.substr(0, colon)), password(authority.substr(colon + 1, at - colon - 1));
    std::vector<std::string> secrets{user + ":" + password + "@", ":" + password + "@"};
    // The service's own name, as in tests, is no secret and stands in much innocent text.
    if (password != user && !address.starts_with(password)) secrets.push_back(password);
    return secrets;
}

std::vector<std::string> Vault::take_secrets(Environment& environment, const std::string& api_folder) {
    std::vector<std::string> secret;
    for (const auto& [name, value] : environment.variables()) {
        if (names_a_secret(name) && !value.empty()) secret.push_back(name);
        for (const auto& part : secrets_in_address(value)) hide(part);
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

std::vector<Vault::Span> Vault::find_secrets(std::string_view text) const {
    std::vector<Span> found;
    const std::shared_lock lock(mutex_);
    for (const auto& hidden : hidden_) {
        for (auto at = text.find(hidden.text); at != std::string_view::npos;
             at = text.find(hidden.text, at + hidden.text.size())) {
            found.push_back({at, at + hidden.text.size()});
        }
    }
    std::ranges::sort(found, {}, &Span::begin);
    std::vector<Span> spans;
    for (const auto& span : found) {
        if (spans.empty() || span.begin >= spans.back().end) {
            spans.push_back(span);
        } else {
            spans.back().end = std::max(spans.back().end, span.end);
        }
    }
    return spans;
}

std::size_t Vault::longest_beginning_at_end(std::string_view text) const {
    std::size_t longest = 0;
    if (text.empty()) return longest;
    const std::shared_lock lock(mutex_);
    for (const auto& hidden : hidden_) {
        const std::string_view form = hidden.text;
        // Most text ends with a line feed, which few forms have.
        if (form.find(text.back()) == std::string_view::npos) continue;
        const auto end = text.substr(text.size() - std::min(form.size() - 1, text.size()));
        for (auto at = end.find(form.front()); at < end.size() - std::min(longest, end.size());
             at = end.find(form.front(), at + 1)) {
            if (!form.starts_with(end.substr(at))) continue;
            longest = end.size() - at;
            break;
        }
    }
    return longest;
}

bool Vault::hides_nothing() const {
    const std::shared_lock lock(mutex_);
    return hidden_.empty();
}

std::size_t Vault::max_form_bytes() const {
    const std::shared_lock lock(mutex_);
    return hidden_.empty() ? 0 : hidden_.front().text.size();
}

std::optional<std::string> Vault::masked(std::string_view text) const {
    const auto spans = find_secrets(text);
    if (spans.empty()) return std::nullopt;
    std::string result;
    std::size_t at = 0;
    for (const auto& [begin, end] : spans) {
        result += text.substr(at, begin - at);
        result += "***";
        at = end;
    }
    return result += text.substr(at);
}

std::string Vault::mask(std::string_view text) const {
    auto result = masked(text);
    return result ? *std::move(result) : std::string(text);
}

}  // namespace uhost
