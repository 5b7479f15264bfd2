#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "api/http/recording/scrubber.hpp"

namespace uhost::http {

/// The most of an answer's body that is kept.
constexpr std::size_t most_kept_of_body = 8 << 20;
/// A request's body that is larger is kept as its digest.
constexpr std::size_t largest_kept_request = 1 << 20;

/// How a body stands in a recording, scrubbed: {"json": value}, {"text": "…"}, {"base64": "…"} for what is not UTF-8,
/// or null when it is empty. JSON nested deeper than 100 levels counts as text.
///
/// Of a request, any body that is a JSON object or array becomes one, so that neither white space nor the order of
/// fields matters; a large one becomes {"sha256": "…", "bytes": n}.
nlohmann::json stored_request_body(std::string_view bytes, Scrubber& scrubber);
/// Of an answer, only a body that says it is JSON: the bytes of a file are somebody's.
nlohmann::json stored_answer_body(std::string_view bytes, bool is_json, Scrubber& scrubber);

/// The bytes that stand there; nothing when `stored` is no such thing.
std::optional<std::string> body_bytes(const nlohmann::json& stored);

/// A JSON value as text on one line; what is not UTF-8 in it becomes U+FFFD.
std::string dump(const nlohmann::json& value);

}  // namespace uhost::http
