#pragma once

#include "api/http/client.hpp"

namespace uhost {
class Loop;
class Services;
class Settings;
class Vault;
}  // namespace uhost

namespace uhost::http {

/// The one client of a host, with the connections that all requests share; made when first asked for. It asks the
/// network, records what it asks (setting http.record), or answers from a recording (http.replay). Also for primitives
/// whose answers scripts must not see. Throws `settings` and `settings.recording`.
Client& shared_client(Services& services, Loop& loop, const Settings& settings, Vault& vault);

/// Whether this host records or replays: then the client is made when `http` is loaded, so that a file that is of no
/// use is told before the script has done anything.
bool uses_recording(const Settings& settings);

}  // namespace uhost::http
