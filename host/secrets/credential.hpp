#pragma once

#include <optional>
#include <string>

namespace uhost {

class Vault;

/// A secret of the vault in the form that scripts may hold: they can hand it on, never read it. Only native code makes
/// one, and only native code that sends requests looks the secret up; it is sent to `origin` and nowhere else.
struct Credential {
    std::string secret;  ///< its name in the vault
    std::string origin;  ///< "https://api.github.com": scheme, host, and the port where it is not the usual one
    /// Of the Authorization header; "header:NAME" where the secret is the value of another header, "URL" where it is
    /// the address itself.
    std::string scheme = "Bearer";
};

/// A secret of the vault for requests to an origin: under `scheme`, or for "Basic" as the password of `user`. Nothing
/// when the vault has no secret of this name.
std::optional<Credential> find_credential(Vault& vault, const std::string& name, std::string origin, std::string scheme,
                                          const std::string& user);

}  // namespace uhost
