#pragma once

#include <string>

namespace uhost {

/// A secret of the vault in the form that scripts may hold: they can hand it on, never read it. Only native code makes
/// one, and only native code that sends requests looks the secret up; it is sent to `origin` and nowhere else.
struct Credential {
    std::string secret;  ///< its name in the vault
    std::string origin;  ///< "https://api.github.com": scheme, host, and the port where it is not the usual one
    /// Of the Authorization header; "header:NAME" where the secret is the value of another header, "URL" where it is the
    /// address itself.
    std::string scheme = "Bearer";
};

}  // namespace uhost
