#include "host/core/trusted_owners.hpp"

#include <unistd.h>

#include <charconv>
#include <system_error>

#include "host/core/descriptor.hpp"
#include "host/core/spawn.hpp"

namespace uhost {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_configuration_bytes = 1 << 20;

// As git does: whoever called sudo has as much of a say as root.
std::optional<uid_t> caller_of_sudo(const Environment& environment) {
    const auto text = environment.text("SUDO_UID");
    uid_t user = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), user);
    if (text.empty() || failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return user;
}

std::vector<std::string> split_at_nul(std::string_view text) {
    std::vector<std::string> parts;
    for (auto end = text.find('\0'); end != std::string_view::npos; end = text.find('\0')) {
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return parts;
}

// What git prints for --show-scope -z: scope and value in turn. A repository cannot vouch for itself.
std::vector<std::string> values_of_user(std::string_view printed) {
    const auto parts = split_at_nul(printed);
    std::vector<std::string> values;
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
        if (parts[i] == "system" || parts[i] == "global" || parts[i] == "command") values.push_back(parts[i + 1]);
    }
    return values;
}

std::string ask_git(const Environment& environment) {
    auto [read_end, write_end] = make_pipe();
    SpawnOptions options;
    options.arguments = {"git", "config", "-z", "--show-scope", "--type=path", "--get-all", "safe.directory"};
    options.environment = with_changes(environment.entries(), {{"GIT_DIR", std::nullopt}, {"GIT_WORK_TREE", std::nullopt}});
    options.folder = "/";
    options.streams[STDOUT_FILENO] = write_end.get();
    std::string printed;
    try {
        auto git = ChildProcess::spawn(options);
        write_end.close();
        if (read_all(read_end.get(), printed, max_configuration_bytes) != 0) return {};
        return git.wait().code == 0 ? printed : std::string();
    } catch (const std::system_error&) {
        return {};  // without git there is no safe.directory
    }
}

std::string canonical_text(const fs::path& path) {
    std::error_code failed;
    auto text = fs::weakly_canonical(path, failed).string();
    if (failed) text = path.lexically_normal().string();
    if (text.size() > 1 && text.ends_with('/')) text.pop_back();
    return text;
}

}  // namespace

bool lists_as_safe(const std::vector<std::string>& values, const fs::path& repository) {
    const auto wanted = canonical_text(repository);
    bool listed = false;
    for (const auto& value : values) {
        if (value.empty()) {
            listed = false;
        } else if (value.ends_with("/*")) {
            listed = listed || wanted.starts_with(canonical_text(value.substr(0, value.size() - 2)) + "/");
        } else {
            listed = listed || value == "*" || canonical_text(value) == wanted;
        }
    }
    return listed;
}

TrustedOwners::TrustedOwners(fs::path repository, Environment environment)
    : repository_(std::move(repository)), environment_(std::move(environment)) {}

bool TrustedOwners::allow(uid_t owner) const {
    const auto user = ::geteuid();
    if (owner == 0 || owner == user) return true;
    if (user == 0 && owner == caller_of_sudo(environment_)) return true;
    return is_listed();
}

bool TrustedOwners::is_listed() const {
    if (!listed_) listed_ = lists_as_safe(values_of_user(ask_git(environment_)), repository_);
    return *listed_;
}

}  // namespace uhost
