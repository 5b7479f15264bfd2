#pragma once

#include "api/http/client.hpp"

namespace uhost {
class Loop;
class Services;
class Settings;
}  // namespace uhost

namespace uhost::http {

/// The one client of a host, with the connections that all requests share; made when first asked for. Also for
/// primitives whose answers scripts must not see.
Client& shared_client(Services& services, Loop& loop, const Settings& settings);

}  // namespace uhost::http
