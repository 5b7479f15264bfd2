#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "api/http/multi.hpp"
#include "api/http/transfer.hpp"

namespace uhost::http {

/// Sends requests over connections that it keeps. A host has one (see client_of). At most
/// Network::connections_per_host requests to an origin are on their way at a time; the others wait in line, and their
/// time limits begin when it is their turn. Loop thread only.
class Client {
public:
    using Id = std::uint64_t;
    using Ended = std::function<void(Outcome)>;

    Client(Loop& loop, Network network);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Sends a request. `ended` is called once, from the loop, unless it is cancelled first. What Sink::begin and
    /// Sink::write throw ends the transfer and becomes its outcome.
    Id start(Request request, std::unique_ptr<Sink> sink, Ended ended);
    /// Ends a request at once; nothing if it has ended.
    void cancel(Id id);
    /// Goes on with a transfer whose sink said Took::nothing; its sink may be called before this returns.
    void resume(Id id);

    std::size_t in_flight() const { return transfers_.size(); }

private:
    struct Entry {
        std::unique_ptr<Transfer> transfer;
        Ended ended;
        std::string origin;
        bool started = false;
    };
    struct Line {
        int on_their_way = 0;
        std::deque<Id> waiting;
    };

    void launch(Id id);
    void transfer_ended(CURL* easy, CURLcode code);
    /// One less is on its way to `origin`: the next in line may go.
    void leave(const std::string& origin);

    Network network_;
    Id last_id_ = 0;
    std::unordered_map<Id, Entry> transfers_;
    std::unordered_map<CURL*, Id> by_easy_;
    std::map<std::string, Line> lines_;
    Multi multi_;
};

}  // namespace uhost::http
