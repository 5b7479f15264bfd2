#include "host/secrets/credential.hpp"

#include <utility>

#include "host/core/encoding.hpp"
#include "host/secrets/vault.hpp"

namespace uhost {

std::optional<Credential> find_credential(Vault& vault, const std::string& name, std::string origin, std::string scheme,
                                          const std::string& user) {
    const auto secret = vault.find(name);
    if (secret.empty()) return std::nullopt;
    Credential found{name, std::move(origin), std::move(scheme)};
    if (found.scheme == "Basic") {
        found.secret += " (basic)";
        vault.add(found.secret, encode_base64(user + ":" + secret));
    }
    return found;
}

}  // namespace uhost
