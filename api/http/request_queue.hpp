#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace uhost::http {

/// Decides which request starts next. It limits how many run at a time, to one origin and in total; requests to an
/// origin start in the order in which they came, origins take turns.
///
/// To an origin where requests may share one connection (HTTP/2 over TLS) a single request goes ahead until it has a
/// connection or has failed. Left to itself, libcurl lets the others wait for that connection without a time limit, and
/// retries them one by one if the server is silent.
class RequestQueue {
public:
    using Id = std::uint64_t;

    RequestQueue(int max_per_origin, int max_total) : max_per_origin_(max_per_origin), max_total_(max_total) {}

    /// Adds a request. With `one_goes_ahead` the first to a new origin starts alone.
    void enter(Id id, const std::string& origin, bool one_goes_ahead);
    /// Removes a request that has not started.
    void withdraw(Id id, const std::string& origin);
    /// The next request that may start, which then counts as running; nothing while all have to wait.
    std::optional<Id> next();
    /// A connection to the origin is established.
    void connected(const std::string& origin);
    /// A running request to the origin has ended.
    void leave(const std::string& origin);

private:
    struct Line {
        int running = 0;
        bool open = true;  ///< whether more than one may run
        std::deque<Id> waiting;
    };

    std::optional<Id> take_from(Line& line);

    int max_per_origin_, max_total_;
    int running_ = 0;
    std::map<std::string, Line> lines_;
    std::string served_;  // the origin that started a request last
};

}  // namespace uhost::http
