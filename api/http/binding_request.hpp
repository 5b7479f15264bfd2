#pragma once

#include <filesystem>
#include <optional>

#include "api/http/client.hpp"
#include "host/bind/call.hpp"
#include "host/plan/plan.hpp"

namespace uhost::http {

/// The options of a request, as a script gives them.
struct RequestOptions {
    Request request;
    std::filesystem::path to_file;
    std::optional<Mutation> mutation;  ///< what to declare before it is sent; nothing for a request that only reads
};

/// Reads and checks the options table at `index`; the settings give defaults. The secret of a
/// `credential` is put into the request here. Throws `argument`, and `http.credential` where the URL is not of the
/// credential's origin or would carry it in the clear over a network.
RequestOptions read_request(bind::Call& call, int index);

/// Throws `http.offline` when the host may not use the network, unless answers come from a recording.
void require_network(bind::Call& call, const Request& request);

/// The client of this host.
Client& client_of(Host& host);

/// Pushes a response as the table that scripts see.
void push_response(bind::Call& call, const Response& response);

}  // namespace uhost::http
