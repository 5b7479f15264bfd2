#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "api/http/message.hpp"
#include "host/core/error.hpp"

namespace uhost::http {

/// What a recording knows a request by.
struct Question {
    std::string method, url, accept;
    nlohmann::json body;  ///< see stored_request_body

    /// The same for the same request.
    std::string key() const;
};

/// A request and what became of it, as a recording keeps them: scrubbed.
struct Exchange {
    std::uint64_t number = 0;  ///< in the order in which the requests were begun
    Question question;
    std::string credential;          ///< the vault's name of the secret that was sent; "" for none
    std::optional<Response> answer;  ///< without its body
    nlohmann::json body;             ///< see stored_answer_body
    bool whole = true;               ///< false when the body was larger than what is kept, or not read to its end
    std::optional<Error> failure;    ///< what ended it in place of an answer, or in the middle of one
};

/// The largest recording that is written or read.
constexpr std::size_t largest_recording = 256 << 20;

/// The first line of a recording: its format and the program that wrote it.
std::string recording_header();
/// Whether a file that begins so is a recording, of whatever version.
bool begins_recording(std::string_view first_line);
/// Throws `settings.recording` for what is no recording, or one of a later version. `file` is for messages.
void check_header(std::string_view line, const std::string& file);

/// One line, without its end.
std::string to_line(const Exchange& exchange);
/// Throws `settings.recording` naming file and line for anything that is not what to_line() writes.
Exchange from_line(std::string_view line, const std::string& file, std::size_t line_number);

}  // namespace uhost::http
