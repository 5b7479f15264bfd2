#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace uhost::github {

/// What GitHub gives an App for one of its installations.
struct InstallationToken {
    std::string token;
    std::int64_t expires_at = 0;  ///< seconds since 1970
};

/// From the body of `POST /app/installations/{id}/access_tokens`. Throws `github.protocol` for another body, of which
/// it shows nothing.
InstallationToken parse_installation_token(std::string_view body);

}  // namespace uhost::github
