#pragma once

#include <string>
#include <string_view>

namespace uhost::http {

/// An absolute http or https URL, taken apart as far as the client needs it.
struct Url {
    std::string text;    ///< normalised, without a fragment
    std::string scheme;  ///< "http" or "https"
    std::string host;    ///< lower case; an IPv6 address keeps its brackets
    int port = 0;

    /// Scheme, host and port: what decides where a secret may go. "https://api.github.com"; the port where it is not
    /// the usual one.
    std::string origin() const;
    /// The host as messages name it, with the port where it is not the usual one.
    std::string host_and_port() const;
    /// Whether the traffic stays on this machine.
    bool is_loopback() const;
};

/// ASCII letters in lower case, other bytes as they are.
std::string lower_case(std::string_view text);

/// Throws `argument` for anything but an absolute http(s) URL without user name and password (they would end up in
/// messages and logs).
Url parse_url(std::string_view text);

/// Where a response of `base` redirects to with this `location`, which may be relative. Throws as parse_url.
Url redirected_url(const std::string& base, const std::string& location);

}  // namespace uhost::http
