#include "api/policy/policy_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "host/core/error.hpp"
#include "host/core/file.hpp"
#include "host/core/suggest.hpp"

namespace uhost::policy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_policy = 1 << 20;

bool is_word(std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_policy_name(std::string_view name) {
    if (name.size() > 200) return false;
    while (true) {
        const auto slash = name.find('/');
        if (!is_word(name.substr(0, slash))) return false;
        if (slash == std::string_view::npos) return true;
        name.remove_prefix(slash + 1);
    }
}

Error not_found(std::string_view name, const fs::path& own, const fs::path& shipped) {
    std::set<std::string> names;
    std::error_code unreadable;
    for (const auto& folder : {own, shipped}) {
        for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
            if (entry.path().extension() == ".lua") names.insert(entry.path().stem().string());
        }
    }
    const std::vector<std::string_view> known(names.begin(), names.end());
    return Error("policy.not_found", fmt::format("no policy '{}' in {} or {}", name, own.string(), shipped.string()))
        .hint(known.empty() ? "there are no policies in these folders" : did_you_mean(name, known))
        .with("policy", std::string(name));
}

}  // namespace

PolicyFile find_policy(std::string_view name, const fs::path& own, const fs::path& shipped) {
    if (!is_policy_name(name)) {
        throw Error("argument", fmt::format("'{}' is not the name of a policy", name.substr(0, 100)))
            .hint("a name such as 'crash_tests': lower-case letters, digits and '_', without '.lua'");
    }
    for (const bool users_own : {true, false}) {
        auto path = (users_own ? own : shipped) / fmt::format("{}.lua", name);
        std::error_code absent;
        if (!fs::exists(path, absent)) continue;
        auto source = read_file(path, largest_policy);
        return {std::move(source), std::move(path), users_own};
    }
    throw not_found(name, own, shipped);
}

}  // namespace uhost::policy
