#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/http/url.hpp"
#include "host/core/descriptor.hpp"
#include "host/core/error.hpp"

namespace uhost::http {

/// Names and values in the order sent or received.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// Whether a header has this name, which is given in lower case.
inline bool is_named(const Headers::value_type& header, std::string_view name) {
    return lower_case(header.first) == name;
}

inline bool has_header(const Headers& headers, std::string_view name) {
    return std::ranges::any_of(headers, [&](const auto& header) { return is_named(header, name); });
}

/// A file that is read as it is sent. Never larger than when it was opened: what is added meanwhile is left out.
struct BodyFile {
    Descriptor descriptor;
    std::uint64_t size_bytes = 0;
};

/// A request. Times are in seconds; 0 is no limit.
struct Request {
    std::string method = "GET";
    Url url;
    Headers headers;
    std::string body;
    std::shared_ptr<BodyFile> body_file;  ///< in place of `body`
    bool has_body = false;
    std::string authorization;  ///< the value of that header; never sent to another origin than the URL's
    std::string credential;     ///< the vault's name of the secret in it; "" where a script wrote the header
    std::string shown_url;      ///< what the answer says its URL was, where the URL itself is a secret
    bool changes = false;       ///< whether it changes something, as far as its sender knows

    double timeout_s = 120;                   ///< the whole exchange, from the start of the connection
    double connect_timeout_s = 10;            ///< until the connection stands, TLS included
    double stall_timeout_s = 30;              ///< without a byte in either direction
    std::uint64_t max_body_bytes = 64 << 20;  ///< of the body, after decompression
    int redirects = 0;                        ///< how many are followed at most
    /// Called before a redirect is followed; what it throws ends the request. Null: any may be followed.
    std::function<void(const Url&)> check_redirect;

    /// Whether it may reach the server twice. If not, it goes over a connection of its own: libcurl repeats a request
    /// by itself when a kept connection turns out to be dead, also one that may have been received.
    bool repeatable = true;
};

/// What came back.
struct Response {
    int status = 0;
    std::string url;               ///< after redirects
    Headers headers;               ///< names in lower case
    std::string body;              ///< empty where it went to a file or a stream
    std::uint64_t body_bytes = 0;  ///< after decompression
    double elapsed_s = 0;
    std::string version;  ///< "1.1", "2"
};

/// How a request ended.
using Outcome = std::variant<Response, Error>;

}  // namespace uhost::http
