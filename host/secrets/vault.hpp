#pragma once

#include <deque>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace uhost {

/// Holds the tokens of this process. They enter from the environment or a file, are read by C++ code that sends them to
/// the origin they belong to, and never become Lua strings. mask() hides them, and every other environment value whose
/// name says that it is secret, in text that leaves the process.
/// All of it from any thread, except take_environment(), which needs to be the only one.
class Vault {
public:
    /// Takes the tokens (GITHUB_TOKEN, GH_TOKEN, GH_ENTERPRISE_TOKEN) and GITHUB_WEBHOOK_SECRET out of the process's
    /// environment, so that neither Lua, nor child processes, nor /proc/self/environ show them, and remembers what must
    /// be masked.
    void take_environment();

    /// Adds a secret to be found under `name` and to be masked. A newer one of the same name takes its place; the older
    /// stays masked.
    void add(std::string name, std::string value);
    /// Adds text that must be masked but that nobody looks up.
    void hide(std::string value);

    /// The secret, or "" when there is none. The view lives as long as the vault.
    std::string_view find(std::string_view name) const;

    /// `text` with every secret replaced by "***": as it is, percent-encoded, escaped as in JSON, and as the Base64 of
    /// HTTP basic authentication.
    std::string mask(std::string_view text) const;

private:
    void hide_form(std::string value);

    struct Secret {
        std::string name, value;
    };
    mutable std::shared_mutex mutex_;
    std::deque<Secret> secrets_;       // the newest last; grows only, so that views stay valid
    std::vector<std::string> hidden_;  // longest first, so that a secret inside a longer one leaves no tail
};

/// Whether an environment variable of this name holds a secret by convention (…_TOKEN, …_SECRET, …_PASSWORD, …_KEY …).
bool names_a_secret(std::string_view name);

}  // namespace uhost
