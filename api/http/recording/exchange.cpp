#include "api/http/recording/exchange.hpp"

#include <fmt/format.h>

#include "api/http/recording/body.hpp"
#include "host/core/version.hpp"

namespace uhost::http {
namespace {

using nlohmann::json;

constexpr int format_version = 1;
constexpr char header_field[] = "uhost_recording";

json details_of(const Error& error) {
    auto details = json::object();
    for (const auto& [name, value] : error.details()) {
        std::visit([&](const auto& each) { details[name] = each; }, value);
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

Error::Value read_detail(const json& value) {
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

// Deeper than what is written: what reads the values calls itself for each level.
constexpr int deepest = 120;

json parsed(std::string_view line) {
    return json::parse(line, [](int depth, json::parse_event_t, json&) {
        if (depth > deepest) throw json::out_of_range::create(0, "it is nested too deep", nullptr);
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
    exchange.question = {request.at("method").get<std::string>(), request.at("url").get<std::string>(),
                         request.value("accept", ""), request.at("body")};
    exchange.credential = request.value("credential", "");
    if (value.contains("answer")) read_answer(value["answer"], exchange);
    if (value.contains("failure")) exchange.failure = read_failure(value["failure"]);
    return exchange;
}

Error broken(const std::string& file, std::size_t line_number, std::string why) {
    return Error("settings.recording", fmt::format("{}:{}: the recording is broken", file, line_number))
        .hint("make it again with --record; what follows the first line is a JSON object on each line")
        .native(std::move(why));
}

}  // namespace

std::string Question::key() const { return fmt::format("{} {}\n{}\n{}", method, url, accept, dump(body)); }

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
        throw Error("settings.recording", fmt::format("{} is no recording of uhost", file))
            .hint("name a file that --record wrote");
    }
    if (header[header_field] == format_version) return;
    throw Error("settings.recording", fmt::format("{} has the format {}, and this uhost reads {}", file,
                                                  dump(header[header_field]), format_version))
        .hint("make it again with --record");
}

std::string to_line(const Exchange& exchange) {
    const auto& question = exchange.question;
    json line{{"number", exchange.number},
              {"request", {{"method", question.method}, {"url", question.url}, {"body", question.body}}}};
    if (!question.accept.empty()) line["request"]["accept"] = question.accept;
    if (!exchange.credential.empty()) line["request"]["credential"] = exchange.credential;
    if (exchange.answer) line["answer"] = written(exchange);
    if (exchange.failure) line["failure"] = written(*exchange.failure);
    return dump(line);
}

Exchange from_line(std::string_view line, const std::string& file, std::size_t line_number) {
    try {
        auto exchange = read(parsed(line));
        if (!exchange.answer && !exchange.failure) throw broken(file, line_number, "neither an answer nor a failure");
        if (exchange.answer && !body_bytes(exchange.body)) throw broken(file, line_number, "no such form of a body");
        return exchange;
    } catch (const json::exception& error) {
        throw broken(file, line_number, error.what());
    }
}

}  // namespace uhost::http
