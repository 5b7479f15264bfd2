#pragma once

#include <string_view>
#include <utility>

#include "api/http/message.hpp"
#include "api/http/recording/exchange.hpp"
#include "api/http/recording/scrubber.hpp"

namespace uhost::http {

/// What a recording knows this request by; the scrubber learns from it what is secret.
Question question_of(const Request& request, Scrubber& scrubber);

/// Whether a header has this name (in lower case), however it is written.
bool has_name(const std::pair<std::string, std::string>& header, std::string_view name);

}  // namespace uhost::http
