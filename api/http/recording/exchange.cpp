#include "api/http/recording/exchange.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "host/core/encoding.hpp"
#include "host/core/utf8.hpp"
#include "host/core/version.hpp"

namespace uhost::http {
namespace {

using nlohmann::json;

constexpr int format_version = 1;
constexpr char header_field[] = "uhost_recording";
constexpr int max_body_depth = 100;  // writing and reading values recurse
constexpr int max_line_depth = 120;

json written(const Error& error);

json written(const std::shared_ptr<const Error>& cause) { return written(*cause); }
template <class Value>
json written(const Value& value) {
    return value;
}

json details_of(const Error& error) {
    auto details = json::object();
    for (const auto& [name, value] : error.details()) {
        std::visit([&](const auto& each) { details[name] = written(each); }, value);
    }
    return details;
}

json written(const Error& error) {
    return {{"kind", error.kind()},
            {"message", error.message()},
            {"hint", error.hint()},
            {"native", error.native()},
            {"details", details_of(error)}};
}

json written(const Exchange& exchange) {
    json headers = json::array();
    for (const auto& [name, value] : exchange.answer->headers) headers.push_back({name, value});
    return {{"status", exchange.answer->status}, {"url", exchange.answer->url}, {"version", exchange.answer->version},
            {"headers", std::move(headers)},     {"body", exchange.body},       {"whole", exchange.whole}};
}

Error read_failure(const json& value);

Error::Value read_detail(const json& value) {
    if (value.is_object()) return std::make_shared<const Error>(read_failure(value));
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_number()) return value.get<double>();
    return value.get<std::string>();
}

Error read_failure(const json& value) {
    auto error = Error(value.at("kind").get<std::string>(), value.at("message").get<std::string>())
                     .hint(value.at("hint").get<std::string>())
                     .native(value.at("native").get<std::string>());
    for (const auto& [name, detail] : value.at("details").items()) {
        [[maybe_unused]] const auto& same = std::move(error).with(name, read_detail(detail));
    }
    return error;
}

json parse_line(std::string_view line) {
    return json::parse(line, [](int depth, json::parse_event_t, json&) {
        if (depth > max_line_depth) throw json::out_of_range::create(0, "it is nested too deep", nullptr);
        return true;
    });
}

void read_answer(const json& value, Exchange& exchange) {
    Response answer;
    answer.status = value.at("status").get<int>();
    answer.url = value.at("url").get<std::string>();
    answer.version = value.at("version").get<std::string>();
    for (const auto& header : value.at("headers")) {
        answer.headers.emplace_back(header.at(0).get<std::string>(), header.at(1).get<std::string>());
    }
    exchange.answer = std::move(answer);
    exchange.body = value.at("body");
    exchange.whole = value.at("whole").get<bool>();
}

Exchange read(const json& value) {
    Exchange exchange;
    exchange.number = value.at("number").get<std::uint64_t>();
    const auto& request = value.at("request");
    exchange.key = {request.at("method").get<std::string>(), request.at("url").get<std::string>(),
                    request.value("accept", ""), request.at("body")};
    exchange.credential = request.value("credential", "");
    if (value.contains("answer")) read_answer(value["answer"], exchange);
    if (value.contains("failure")) exchange.failure = read_failure(value["failure"]);
    return exchange;
}

Error invalid(const std::string& file, std::size_t line_number, std::string why) {
    return Error("settings.recording", fmt::format("{}:{}: the recording is damaged", file, line_number))
        .hint("make it again with --record; what follows the first line is a JSON object on each line")
        .native(std::move(why));
}

std::optional<json> parse_body(std::string_view bytes) {
    const auto first = bytes.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || (bytes[first] != '{' && bytes[first] != '[')) return std::nullopt;
    bool too_deep = false;
    const auto watch = [&](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > max_body_depth;
        return !too_deep;
    };
    auto value = json::parse(bytes, watch, false);
    if (too_deep || value.is_discarded()) return std::nullopt;
    return value;
}

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    unsigned int length = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
    return encode_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

json stored_bytes(std::string_view bytes, const Scrubber& scrubber) {
    auto clean = scrubber.text(bytes);
    if (utf8::is_valid(clean)) return {{"text", std::move(clean)}};
    return {{"base64", encode_base64(clean)}};
}

json stored(std::string_view bytes, bool may_be_json, Scrubber& scrubber) {
    if (bytes.empty()) return nullptr;
    auto value = may_be_json ? parse_body(bytes) : std::nullopt;
    if (!value) return stored_bytes(bytes, scrubber);
    scrubber.json(*value);
    return {{"json", std::move(*value)}};
}

}  // namespace

std::string RequestKey::text() const { return fmt::format("{} {}\n{}\n{}", method, url, accept, dump(body)); }

std::string recording_header() {
    return dump({{header_field, format_version}, {"made_by", fmt::format("uhost {}", version)}});
}

bool begins_recording(std::string_view first_line) {
    const auto header = json::parse(first_line, nullptr, false);
    return header.is_object() && header.contains(header_field);
}

void check_header(std::string_view line, const std::string& file) {
    const auto header = json::parse(line, nullptr, false);
    if (!header.is_object() || !header.contains(header_field)) {
        throw Error("settings.recording", fmt::format("{} is not a recording of uhost", file))
            .hint("name a file that --record wrote");
    }
    if (header[header_field] == format_version) return;
    throw Error("settings.recording", fmt::format("{} has the format {}, and this uhost reads {}", file,
                                                  dump(header[header_field]), format_version))
        .hint("make it again with --record");
}

std::string to_line(const Exchange& exchange) {
    const auto& key = exchange.key;
    json line{{"number", exchange.number}, {"request", {{"method", key.method}, {"url", key.url}, {"body", key.body}}}};
    if (!key.accept.empty()) line["request"]["accept"] = key.accept;
    if (!exchange.credential.empty()) line["request"]["credential"] = exchange.credential;
    if (exchange.answer) line["answer"] = written(exchange);
    if (exchange.failure) line["failure"] = written(*exchange.failure);
    return dump(line);
}

Exchange from_line(std::string_view line, const std::string& file, std::size_t line_number) {
    try {
        auto exchange = read(parse_line(line));
        if (!exchange.answer && !exchange.failure) throw invalid(file, line_number, "neither an answer nor a failure");
        if (exchange.answer && !body_bytes(exchange.body))
            throw invalid(file, line_number, "a body of an unknown form");
        return exchange;
    } catch (const json::exception& error) {
        throw invalid(file, line_number, error.what());
    }
}

RequestKey request_key_of(const Request& request, Scrubber& scrubber) {
    scrubber.learn(request.headers);
    if (!request.authorization.empty()) scrubber.learn_authorization(request.authorization);
    RequestKey key;
    key.method = request.method;
    key.body = request.body_file ? json{{"file_bytes", request.body_file->size_bytes}}
                                 : stored_request_body(request.body, scrubber);
    key.url = scrubber.text(request.url.text);
    const auto accept =
        std::ranges::find_if(request.headers, [](const auto& header) { return is_named(header, "accept"); });
    if (accept != request.headers.end()) key.accept = scrubber.text(accept->second);
    return key;
}

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json stored_request_body(std::string_view bytes, Scrubber& scrubber) {
    auto body = stored(bytes, true, scrubber);
    if (bytes.size() <= max_kept_request_bytes) return body;
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
