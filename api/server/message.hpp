#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace uhost::server {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// What a client asked for, as it came: nothing of it is trusted.
struct Request {
    std::string method;  ///< "GET"
    std::string target;  ///< as in the request line: "/a%20b?x=1"
    std::string path;    ///< decoded, without the query: "/a b"
    Pairs query;         ///< decoded, in order
    Pairs headers;       ///< names in small letters
    std::string body;
    std::string peer;  ///< the client's address: "127.0.0.1"
};

struct ResponseHead {
    int status = 200;
    Pairs headers;
};

/// What a server takes from clients at most, for anybody may be one.
struct Limits {
    std::size_t max_body_bytes = 1 << 20;         ///< of one request; a larger one is answered with 413
    std::size_t max_total_bytes = 256 << 20;      ///< of the bodies of all requests; beyond it the answer is 503
    std::size_t max_header_bytes = 32 << 10;      ///< of the request line and headers; more is answered with 431
    std::size_t max_stream_bytes = 1 << 20;       ///< that wait for a slow client before a write waits, too
    unsigned max_connections = 512;               ///< others wait in the kernel's queue
    unsigned max_connections_of_one_address = 0;  ///< 0: no limit of its own
    std::size_t max_waiting = 1024;               ///< requests that nobody has taken yet; others are answered with 503
    /// How long a client may take to send a whole request, or say nothing between two.
    double request_timeout_s = 30;
};

}  // namespace uhost::server
