#include "api/http/network.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "host/core/environment.hpp"
#include "host/core/error.hpp"
#include "host/settings/settings.hpp"

namespace uhost::http {
namespace {

std::string first_of(const std::optional<std::string>& setting, const Environment& environment,
                     std::initializer_list<const char*> variables) {
    if (setting && !setting->empty()) return *setting;
    for (const char* name : variables) {
        if (auto value = environment.text(name); !value.empty()) return value;
    }
    return {};
}

// A request has a socket, two more descriptors while its host's address is looked up, and maybe a file.
int max_connections() {
    rlimit open_files{};
    if (getrlimit(RLIMIT_NOFILE, &open_files) != 0) return 160;
    const auto allowed = std::min<rlim_t>(open_files.rlim_cur, 65536);
    return std::clamp((static_cast<int>(allowed) - 64) / 6, 4, 1000);
}

void check_readable(const std::string& path, const char* setting) {
    if (path.empty() || access(path.c_str(), R_OK) == 0) return;
    throw Error("settings", fmt::format("cannot read the certificates in {}", path))
        .hint(fmt::format("they come from {}, CURL_CA_BUNDLE, SSL_CERT_FILE or SSL_CERT_DIR: correct or unset it; the "
                          "system's come with `apt-get install ca-certificates`",
                          setting));
}

}  // namespace

void Network::require_certificates() const {
    check_readable(ca_file, "http.ca_file");
    check_readable(ca_folder, "http.ca_folder");
}

Network network_from(const Settings& settings, const Environment& environment) {
    Network network;
    network.proxy = settings.text("http.proxy").value_or("");
    network.ca_file = first_of(settings.text("http.ca_file"), environment, {"CURL_CA_BUNDLE", "SSL_CERT_FILE"});
    network.ca_folder = first_of(settings.text("http.ca_folder"), environment, {"SSL_CERT_DIR"});
    const double connections = settings.number("http.connections_per_host").value_or(network.connections_per_host);
    if (!(connections >= 1 && connections <= 1000)) {
        throw Error("settings", "setting 'http.connections_per_host' is out of range").hint("it is from 1 to 1000");
    }
    network.connections_per_host = static_cast<int>(connections);
    network.max_connections_total = max_connections();
    return network;
}

}  // namespace uhost::http
