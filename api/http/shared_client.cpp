#include "api/http/shared_client.hpp"

#include "api/http/network_client.hpp"
#include "host/runtime/services.hpp"
#include "host/settings/settings.hpp"

namespace uhost::http {

Client& shared_client(Services& services, Loop& loop, const Settings& settings) {
    return services.get<Client>(
        "http.client", [&] { return std::make_shared<NetworkClient>(loop, network_from(settings)); });
}

}  // namespace uhost::http
