#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "api/http/message.hpp"
#include "api/http/sink.hpp"

namespace uhost {
class Environment;
class Loop;
class Services;
class Settings;
class Vault;
}  // namespace uhost

namespace uhost::http {

/// Sends requests; a host has one client (see shared_client). Loop thread only.
class Client {
public:
    using Id = std::uint64_t;
    using Ended = std::function<void(Outcome)>;

    virtual ~Client() = default;

    /// Sends a request. `ended` is called once, from the loop, unless it is cancelled first. What Sink::begin and
    /// Sink::write throw ends the transfer and becomes its outcome.
    virtual Id start(Request request, std::unique_ptr<Sink> sink, Ended ended) = 0;
    /// Ends a request at once; nothing if it has ended.
    virtual void cancel(Id id) = 0;
    /// Resumes a transfer whose sink answered Accepted::nothing; the sink may be called before this returns.
    virtual void resume(Id id) = 0;
    /// Whether answers come from a recording: then nothing is sent, and nothing changes.
    virtual bool is_replay() const { return false; }
    /// Whether secrets were sent when what is replayed was recorded.
    virtual bool replays_secrets() const { return false; }
};

/// The one client of a host, with the connections that all requests share; made when first needed. It uses the network,
/// records its exchanges (setting http.record), or answers from a recording (http.replay). Primitives whose answers
/// scripts must not see use it directly. Throws `settings` and `settings.recording`.
Client& shared_client(Services& services, Loop& loop, const Settings& settings,
                      const Environment& environment, Vault& vault);

/// Whether this host records or replays. Then the client is made when `http` is loaded, so that a file that cannot be
/// used is reported before the script has done anything.
bool uses_recording(const Settings& settings);

}  // namespace uhost::http
