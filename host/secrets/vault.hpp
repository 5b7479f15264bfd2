#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "host/core/environment.hpp"

namespace uhost {

/// Holds the secrets of a host. They enter from its environment, a file or its options, are read by C++ code that sends
/// them to the origin they belong to, and never become Lua strings. mask() hides them in text that leaves the host. From
/// any thread.
class Vault {
public:
    /// Moves the variables that primitives declare as secrets (`api_folder`/*/secrets.lua, a list of names) out of
    /// `environment`, so that neither scripts nor child processes see them. Other variables whose names say secret stay
    /// there and are masked; so are the passwords in addresses. Returns the names that were moved.
    std::vector<std::string> take_secrets(Environment& environment, const std::string& api_folder);

    /// Adds a secret to be found under `name` and to be masked. A newer one of the same name takes its place; the last few
    /// older ones stay masked, since requests may be on their way with them.
    void add(const std::string& name, std::string value);
    /// Adds text that must be masked but that nobody looks up.
    void hide(const std::string& value);

    /// The secret, or "" when there is none.
    std::string find(std::string_view name) const;

    /// `text` with every secret replaced by "***": as it is, percent-encoded, escaped as in JSON and XML, and as Base64 wherever
    /// it stands in what was encoded (HTTP basic authentication encodes it behind the user's name). Of a key with several
    /// lines, also each line.
    std::string mask(std::string_view text) const;
    /// The same; nothing where there is no secret in it, which spares a copy.
    std::optional<std::string> masked(std::string_view text) const;

    /// For text that comes in pieces (StreamMasker): where secrets are in it, in order and without overlap; how much at
    /// its end may be the beginning of one; whether there is anything to hide.
    struct Span {
        std::size_t begin, end;
    };
    std::vector<Span> find_secrets(std::string_view text) const;
    std::size_t longest_beginning_at_end(std::string_view text) const;
    bool hides_nothing() const;
    std::size_t max_form_bytes() const;  ///< of what is hidden

private:
    // A form of a secret in which it may appear, and in how many secrets.
    struct Hidden {
        std::string text;
        int uses = 1;
    };
    void hide_form(const std::string& text);
    void forget(const std::string& value);

    mutable std::shared_mutex mutex_;
    std::map<std::string, std::vector<std::string>, std::less<>> secrets_;  // the newest value last
    std::vector<Hidden> hidden_;  // longest first, so that a secret inside a longer one leaves no tail
};

/// Whether an environment variable of this name holds a secret by convention (…_TOKEN, …_SECRET_…, …_WEBHOOK_URL,
/// …_PASSWORD, …_KEY …).
bool names_a_secret(std::string_view name);

/// What is secret in an address such as postgres://user:password@host/name: "password" and ":password@". Nothing for
/// other text.
std::vector<std::string> secrets_in_address(std::string_view address);

}  // namespace uhost
