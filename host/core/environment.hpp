#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace uhost {

/// Environment variables as a host sees them: what its caller handed over, which need not be what the process has.
class Environment {
public:
    using Variables = std::map<std::string, std::string, std::less<>>;

    Environment() = default;
    explicit Environment(Variables variables) : variables_(std::move(variables)) {}
    Environment(std::initializer_list<Variables::value_type> variables) : variables_(variables) {}

    /// Null when it is not set.
    const std::string* find(std::string_view name) const {
        const auto found = variables_.find(name);
        return found != variables_.end() ? &found->second : nullptr;
    }
    /// "" when it is not set.
    std::string text(std::string_view name) const {
        const auto* value = find(name);
        return value != nullptr ? *value : std::string();
    }
    /// The folder for temporary files: TMPDIR, or /tmp.
    std::string temporary_folder() const {
        auto folder = text("TMPDIR");
        return folder.starts_with('/') ? folder : "/tmp";
    }
    const Variables& variables() const { return variables_; }
    /// "NAME=value" each, as execve takes them.
    std::vector<std::string> entries() const {
        std::vector<std::string> list;
        for (const auto& [name, value] : variables_) list.push_back(name + "=" + value);
        return list;
    }
    void set(const std::string& name, std::string value) { variables_[name] = std::move(value); }
    void erase(std::string_view name) {
        if (const auto found = variables_.find(name); found != variables_.end()) variables_.erase(found);
    }

private:
    Variables variables_;
};

}  // namespace uhost
