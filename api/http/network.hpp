#pragma once

#include <string>

namespace uhost {
class Environment;
class Settings;
}

namespace uhost::http {

/// How this machine reaches the network; the same for all requests.
struct Network {
    std::string proxy;      ///< empty: libcurl reads http_proxy, https_proxy, all_proxy and no_proxy itself
    std::string ca_file;    ///< PEM certificates to trust instead of the system's; empty: the system's
    std::string ca_folder;  ///< a folder of such, as c_rehash makes it; empty: the system's
    int connections_per_host = 64;
    int max_connections_total = 160;  ///< from what this process may have open

    /// Throws `settings` when the certificates it names cannot be read. Only https needs them.
    void require_certificates() const;
};

/// From the settings http.proxy, http.ca_file, http.ca_folder, http.connections_per_host; for certificates also
/// CURL_CA_BUNDLE, SSL_CERT_FILE and SSL_CERT_DIR, as curl has it.
Network network_from(const Settings& settings, const Environment& environment);

}  // namespace uhost::http
