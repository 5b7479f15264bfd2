#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "api/http/client.hpp"
#include "api/http/lines.hpp"
#include "api/http/multi.hpp"

namespace uhost::http {

/// The client that asks the network, over connections that it keeps. At most Network::connections_per_host requests to
/// an origin, and Network::connections_in_all together, are on their way at a time; the others wait in line, and their
/// time limits begin when it is their turn.
class NetworkClient : public Client {
public:
    NetworkClient(Loop& loop, Network network);
    ~NetworkClient() override;
    NetworkClient(const NetworkClient&) = delete;
    NetworkClient& operator=(const NetworkClient&) = delete;

    Id start(Request request, std::unique_ptr<Sink> sink, Ended ended) override;
    void cancel(Id id) override;
    void resume(Id id) override;

private:
    struct Entry {
        std::unique_ptr<Transfer> transfer;
        Ended ended;
        std::string origin;
        bool started = false;
    };

    void launch(Id id);
    void launch_next();
    void transfer_ended(CURL* easy, CURLcode code);
    void let_others_go();

    Network network_;
    Id last_id_ = 0;
    std::unordered_map<Id, Entry> transfers_;
    std::unordered_map<CURL*, Id> by_easy_;
    Lines lines_;
    std::vector<std::string> connected_;  // origins; libcurl must not be called from where this becomes known
    Multi multi_;
};

}  // namespace uhost::http
