#include "api/http/recording/body.hpp"

#include "api/http/recording/digest.hpp"
#include "host/core/encoding.hpp"
#include "host/core/utf8.hpp"

namespace uhost::http {
namespace {

using nlohmann::json;

constexpr int deepest = 100;  // writing is recursive

std::optional<json> parsed(std::string_view bytes) {
    const auto first = bytes.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || (bytes[first] != '{' && bytes[first] != '[')) return std::nullopt;
    bool too_deep = false;
    const auto watch = [&](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > deepest;
        return !too_deep;
    };
    auto value = json::parse(bytes, watch, false);
    if (too_deep || value.is_discarded()) return std::nullopt;
    return value;
}

json stored_bytes(std::string_view bytes, const Scrubber& scrubber) {
    auto clean = scrubber.text(bytes);
    if (utf8::is_valid(clean)) return {{"text", std::move(clean)}};
    return {{"base64", encode_base64(clean)}};
}

json stored(std::string_view bytes, bool may_be_json, Scrubber& scrubber) {
    if (bytes.empty()) return nullptr;
    auto value = may_be_json ? parsed(bytes) : std::nullopt;
    if (!value) return stored_bytes(bytes, scrubber);
    scrubber.json(*value);
    return {{"json", std::move(*value)}};
}

}  // namespace

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json stored_request_body(std::string_view bytes, Scrubber& scrubber) {
    auto body = stored(bytes, true, scrubber);
    if (bytes.size() <= largest_kept_request) return body;
    return {{"sha256", sha256(dump(body))}, {"bytes", bytes.size()}};
}

json stored_answer_body(std::string_view bytes, bool is_json, Scrubber& scrubber) {
    return stored(bytes, is_json, scrubber);
}

std::optional<std::string> body_bytes(const json& stored) {
    if (stored.is_null()) return "";
    if (!stored.is_object() || stored.size() != 1) return std::nullopt;
    const auto member = stored.begin();
    const auto& form = member.key();
    const auto& value = *member;
    if (form == "json") return dump(value);
    if (form == "text" && value.is_string()) return value.get<std::string>();
    if (form == "base64" && value.is_string()) return decode_base64(value.get_ref<const std::string&>());
    return std::nullopt;
}

}  // namespace uhost::http
