#pragma once

#include <curl/curl.h>

#include <string_view>

#include "api/http/message.hpp"
#include "host/core/error.hpp"

namespace uhost::http {

/// The Error for a transfer that libcurl ended with `code`; `message` is libcurl's own, which may be empty. Its
/// details name the host and the method.
Error failure_of(CURL* easy, CURLcode code, const Request& request, std::string_view message);

/// What code of ours threw in the middle of a transfer, as its outcome: an Error as it is, anything else as `internal`.
Error as_error(const std::exception& thrown);

/// The answer is larger than the request allows.
Error too_large(const Request& request);

}  // namespace uhost::http
