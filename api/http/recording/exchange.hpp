#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/http/message.hpp"
#include "api/http/recording/scrubber.hpp"
#include "host/core/error.hpp"

namespace uhost::http {

/// How a recording identifies a request.
struct RequestKey {
    std::string method, url, accept;
    nlohmann::json body;  ///< see stored_request_body

    /// The key as one text, for comparison.
    std::string text() const;
};

/// The key of a request; the scrubber learns from it what is secret.
RequestKey request_key_of(const Request& request, Scrubber& scrubber);

/// A request and its outcome as a recording keeps them: scrubbed.
struct Exchange {
    std::uint64_t number = 0;  ///< in the order in which the requests started
    RequestKey key;
    std::string credential;          ///< the vault's name of the secret that was sent; "" for none
    std::optional<Response> answer;  ///< without its body
    nlohmann::json body;             ///< see stored_answer_body
    bool whole = true;               ///< false when the body was larger than what is kept, or not read to its end
    std::optional<Error> failure;    ///< what ended it in place of an answer, or in the middle of one
};

/// One line of a recording, without its end.
std::string to_line(const Exchange& exchange);
/// Throws `settings.recording` naming file and line for anything that to_line() does not write.
Exchange from_line(std::string_view line, const std::string& file, std::size_t line_number);

/// The first line of a recording: its format and the program that wrote it.
std::string recording_header();
/// Whether a file that begins with this line is a recording, of whatever version.
bool begins_recording(std::string_view first_line);
/// Throws `settings.recording` unless this is the first line of a recording of this version. `file` is for messages.
void check_header(std::string_view line, const std::string& file);

/// The largest recording that is written or read.
constexpr std::size_t max_recording_bytes = 256 << 20;
/// The largest part of an answer's body that is kept.
constexpr std::size_t max_kept_body_bytes = 8 << 20;
/// A request's body that is larger is kept as its digest.
constexpr std::size_t max_kept_request_bytes = 1 << 20;

/// A body as a recording stores it, scrubbed: {"json": value}, {"text": "…"}, {"base64": "…"} for what is not UTF-8,
/// or null when it is empty. JSON nested deeper than 100 levels counts as text.
///
/// Any request body that is a JSON object or array is stored as one, so that neither white space nor the order of
/// fields matters; a large one becomes {"sha256": "…", "bytes": n}.
nlohmann::json stored_request_body(std::string_view bytes, Scrubber& scrubber);
/// An answer's body is stored as JSON only if its content type says so: a file must come back byte for byte.
nlohmann::json stored_answer_body(std::string_view bytes, bool is_json, Scrubber& scrubber);
/// The bytes of a stored body; nothing when `stored` has none of the forms above.
std::optional<std::string> body_bytes(const nlohmann::json& stored);

/// A JSON value as text on one line; what is not UTF-8 in it becomes U+FFFD.
std::string dump(const nlohmann::json& value);

}  // namespace uhost::http
