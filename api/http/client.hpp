#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "api/http/message.hpp"
#include "api/http/sink.hpp"
#include "api/http/transfer.hpp"

namespace uhost::http {

/// Sends requests; a host has one client (see client_of). Loop thread only.
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
    /// Goes on with a transfer whose sink said Took::nothing; its sink may be called before this returns.
    virtual void resume(Id id) = 0;
    /// Whether answers come from a recording: then nothing is asked, and nothing changed.
    virtual bool is_replay() const { return false; }
    /// Whether secrets were sent when what is replayed was recorded.
    virtual bool replays_secrets() const { return false; }
};

}  // namespace uhost::http
