#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace uhost::http {

/// Decides which request goes next: so many to one origin at a time, so many in all, first come, first served, the
/// origins in turns.
///
/// To an origin where requests may share one connection (HTTP/2 over TLS) a single one goes ahead until it is known
/// whether a connection stands. Left to itself libcurl would let the others wait for that connection without any limit
/// of time, and try again one by one where the server is silent.
class Lines {
public:
    using Id = std::uint64_t;

    Lines(int most_per_origin, int most_in_all) : most_per_origin_(most_per_origin), most_in_all_(most_in_all) {}

    /// Puts a request in line.
    void enter(Id id, const std::string& origin, bool one_goes_ahead);
    /// Takes a request out of its line that has not been let go.
    void withdraw(Id id, const std::string& origin);
    /// The next request that may go, which then counts as on its way; nothing while all have to wait.
    std::optional<Id> next();
    /// A connection to the origin stands.
    void connected(const std::string& origin);
    /// A request that was on its way to the origin has ended.
    void leave(const std::string& origin);

private:
    struct Line {
        int on_their_way = 0;
        bool open = true;  ///< whether more than one may be on their way
        std::deque<Id> waiting;
    };

    std::optional<Id> take_from(Line& line);

    int most_per_origin_, most_in_all_;
    int on_their_way_ = 0;
    std::map<std::string, Line> lines_;
    std::string served_;  // the origin whose turn it was last
};

}  // namespace uhost::http
