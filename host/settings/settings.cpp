#include "host/settings/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "host/core/error.hpp"
#include "host/core/suggest.hpp"
#include "host/settings/data_file.hpp"

namespace uhost {
namespace {

namespace fs = std::filesystem;

struct Declaration {
    std::string type = "string";
    bool repository = false;
};
using Declarations = std::map<std::string, Declaration, std::less<>>;

// The host's own; primitives declare theirs in api/NAME/settings.lua as `setting = { type = …, repository = … }`.
Declarations host_declarations() {
    return {{"state", {"string"}},
            {"store", {"string"}},
            {"path", {"string"}},
            {"offline", {"boolean", true}},
            {"memory", {"string"}},
            {"require_sandbox", {"boolean"}},
            {"safe", {"boolean"}},
            {"allow_read", {"string"}},
            {"allow_fs", {"string"}},
            {"allow_net", {"string"}},
            {"allow_run", {"string"}},
            {"allow_env", {"string"}},
            {"allow_git_write", {"boolean"}},
            {"allow_github_write", {"boolean"}},
            {"allow_ffi", {"boolean"}},
            {"color", {"string", true}}};
}

Declarations read_declarations(const fs::path& api_folder) {
    auto declarations = host_declarations();
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(api_folder, ignored)) {
        const auto file = entry.path() / "settings.lua";
        if (!fs::exists(file)) continue;
        const auto primitive = entry.path().filename().string();
        for (const auto& [name, value] : read_data_file(file)) {
            const auto dot = name.rfind('.');
            if (dot == std::string::npos) continue;
            auto& declaration = declarations[primitive + "." + name.substr(0, dot)];
            const auto property = std::string_view(name).substr(dot + 1);
            if (property == "type") declaration.type = std::get<std::string>(value);
            if (property == "repository") declaration.repository = std::get<bool>(value);
        }
    }
    return declarations;
}

// What a setting was declared as; one within a table is as free as that. Null for what nobody declared.
const Declaration* declaration_of(const Declarations& declarations, std::string_view name) {
    if (const auto found = declarations.find(name); found != declarations.end()) return &found->second;
    for (auto dot = name.rfind('.'); dot != std::string_view::npos && dot > 0; dot = name.rfind('.', dot - 1)) {
        const auto table = declarations.find(name.substr(0, dot));
        if (table != declarations.end() && table->second.type == "table") return &table->second;
    }
    return nullptr;
}

std::string_view type_of(const Settings::Value& value) {
    static constexpr std::string_view names[] = {"string", "number", "boolean"};
    return names[value.index()];
}

Error unknown_setting(const Declarations& declarations, std::string_view source, std::string_view name) {
    std::vector<std::string_view> known;
    for (const auto& [key, _] : declarations) known.push_back(key);
    return Error("settings", fmt::format("{}: unknown setting '{}'", source, name)).hint(did_you_mean(name, known));
}

void check_against(const Declarations& declarations, Settings::FileOf whose, const std::string& file,
                   const std::string& name, const Settings::Value& value) {
    if (name.starts_with("scripts.")) return;  // what scripts keep there is theirs to check
    const auto* declared = declaration_of(declarations, name);
    if (declared == nullptr) throw unknown_setting(declarations, file, name);
    if (whose == Settings::FileOf::repository && !declared->repository) {
        throw Error("settings", fmt::format("{}: '{}' cannot be set by a file of the repository", file, name))
            .hint("it decides where secrets or data go, or how much is used; set it on the command line, in the "
                  "environment, or in your own ~/.config/uhost/uhost.lua");
    }
    if (declared->type != type_of(value) && declared->type != "table") {
        throw Error("settings",
                    fmt::format("{}: '{}' is a {}, expected a {}", file, name, type_of(value), declared->type));
    }
}

std::string environment_name(std::string_view name) {
    std::string variable = "UHOST_";
    for (const char c : name)
        variable += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return variable;
}

[[noreturn]] void wrong_type(std::string_view name, const std::string& source, std::string_view expected) {
    throw Error("settings", fmt::format("setting '{}' from {} is not a {}", name, source, expected))
        .hint(fmt::format("give it a {}", expected));
}

}  // namespace

void Settings::set(std::string name, Value value) { command_line_[std::move(name)] = std::move(value); }

void Settings::set_assigned(std::string_view assignment, const fs::path& api_folder) {
    const auto equals = assignment.find('=');
    const std::string name(assignment.substr(0, equals));
    if (equals == std::string_view::npos || name.empty()) {
        throw Error("settings", fmt::format("--set takes NAME=VALUE, not '{}'", assignment.substr(0, 100)))
            .hint("for example: --set github.max_wait_s=60");
    }
    std::string type = "string";
    if (!name.starts_with("scripts.")) {
        const auto declarations = read_declarations(api_folder);
        const auto* declared = declaration_of(declarations, name);
        if (declared == nullptr) throw unknown_setting(declarations, "--set", name);
        type = declared->type;
    }
    set(name, std::string(assignment.substr(equals + 1)));
    if (type == "number") number(name);
    if (type == "boolean") flag(name);
}

void Settings::take_file(FileOf whose, const fs::path& file, std::map<std::string, Value, std::less<>> values,
                         const fs::path& api_folder) {
    const auto declarations = read_declarations(api_folder);
    for (const auto& [name, value] : values) check_against(declarations, whose, file.string(), name, value);
    files_[whose == FileOf::repository ? 0 : 1] = {file.string(), std::move(values)};
}

std::vector<std::string> Settings::unknown_variables(std::span<const std::string_view> names, const fs::path& api_folder) {
    std::vector<std::string_view> questionable;
    for (const auto name : names) {
        const bool is_free =
            name.starts_with("UHOST_SCRIPTS_") || name.starts_with("UHOST_BENCH_") || name == "UHOST_SOURCE";
        if (name.starts_with("UHOST_") && !is_free) questionable.push_back(name);
    }
    if (questionable.empty()) return {};
    std::set<std::string> declared;
    for (const auto& [name, _] : read_declarations(api_folder)) declared.insert(environment_name(name));
    const std::vector<std::string_view> known(declared.begin(), declared.end());
    std::vector<std::string> warnings;
    for (const auto name : questionable) {
        if (declared.contains(std::string(name))) continue;
        const auto near = nearest(name, known);
        warnings.push_back(fmt::format("{} in the environment is not a setting of uhost{}", name,
                                       near.empty() ? "" : fmt::format("; did you mean {}?", near)));
    }
    return warnings;
}

std::optional<Settings::Found> Settings::find(std::string_view name) const {
    if (const auto found = command_line_.find(name); found != command_line_.end()) {
        return Found{found->second, "the command line"};
    }
    const auto variable = environment_name(name);
    if (const auto* value = environment_.find(variable)) return Found{*value, variable};
    for (const auto& file : files_) {
        if (const auto found = file.values.find(name); found != file.values.end()) return Found{found->second, file.name};
    }
    return std::nullopt;
}

std::optional<std::string> Settings::text(std::string_view name) const {
    const auto found = find(name);
    if (!found) return std::nullopt;
    if (const auto* text = std::get_if<std::string>(&found->value)) return *text;
    wrong_type(name, found->source, "string");
}

std::optional<double> Settings::number(std::string_view name) const {
    const auto found = find(name);
    if (!found) return std::nullopt;
    if (const auto* number = std::get_if<double>(&found->value)) return *number;
    const auto* text = std::get_if<std::string>(&found->value);
    if (text == nullptr || text->empty()) wrong_type(name, found->source, "number");
    char* end = nullptr;
    const double number = std::strtod(text->c_str(), &end);
    if (*end != '\0') wrong_type(name, found->source, "number");
    return number;
}

std::optional<bool> Settings::flag(std::string_view name) const {
    const auto found = find(name);
    if (!found) return std::nullopt;
    if (const auto* flag = std::get_if<bool>(&found->value)) return *flag;
    const auto* text = std::get_if<std::string>(&found->value);
    if (text != nullptr && (*text == "1" || *text == "true" || *text == "yes")) return true;
    if (text != nullptr && (*text == "0" || *text == "false" || *text == "no" || text->empty())) return false;
    wrong_type(name, found->source, "boolean (true or false)");
}

std::map<std::string, Settings::Value, std::less<>> Settings::within(std::string_view table) const {
    const auto prefix = std::string(table) + ".";
    std::map<std::string, Value, std::less<>> found;
    for (const auto* values : {&command_line_, &files_[0].values, &files_[1].values}) {
        for (auto each = values->lower_bound(prefix); each != values->end() && each->first.starts_with(prefix); ++each) {
            found.emplace(each->first.substr(prefix.size()), each->second);
        }
    }
    return found;
}

}  // namespace uhost
