#include "api/http/recording/clients.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "api/http/failure.hpp"
#include "host/secrets/vault.hpp"

namespace uhost::http {
namespace {

using Capture = RecordingClient::Capture;

// Hands the body on, and keeps a copy of what was taken.
class CapturingSink : public Sink {
public:
    CapturingSink(std::unique_ptr<Sink> sink, std::shared_ptr<Capture> capture)
        : sink_(std::move(sink)), capture_(std::move(capture)) {}

    void begin(const Response& response) override {
        capture_->head = response;
        sink_->begin(response);
    }
    Accepted write(std::string_view bytes) override {
        const auto took = sink_->write(bytes);
        if (took == Accepted::nothing) return took;
        const auto room = max_kept_body_bytes - capture_->body.size();
        if (bytes.size() > room) capture_->whole = false;
        capture_->body.append(bytes.substr(0, room));
        return took;
    }
    void finish(Response& response) override {
        sink_->finish(response);
        capture_->head = response;
        capture_->head->body.clear();
    }

private:
    std::unique_ptr<Sink> sink_;
    std::shared_ptr<Capture> capture_;
};

void leave_out_conditions(Headers& headers) {
    std::erase_if(headers, [](const auto& header) {
        return is_named(header, "if-none-match") || is_named(header, "if-modified-since");
    });
}

bool says_json(const Headers& headers) {
    return std::ranges::any_of(headers, [](const auto& header) {
        return header.first == "content-type" && header.second.find("json") != std::string::npos;
    });
}

Error scrubbed(const Error& error, const Scrubber& scrubber) {
    auto clean = Error(error.kind(), scrubber.text(error.message()))
                     .hint(scrubber.text(error.hint()))
                     .native(scrubber.text(error.native()));
    for (auto [name, value] : error.details()) {
        if (auto* text = std::get_if<std::string>(&value)) *text = scrubber.text(*text);
        [[maybe_unused]] const auto& same = std::move(clean).with(name, value);
    }
    return clean;
}

constexpr std::size_t max_piece_bytes = 64 * 1024;

Error ends_here(const Request& request, std::size_t bytes) {
    return Error("http.not_recorded", fmt::format("of the answer to {} {} only the first {} bytes were recorded",
                                                  request.method, request.url.text.substr(0, 300), bytes))
        .hint(fmt::format("at most {} MiB of an answer are kept, and no more than was read", max_kept_body_bytes >> 20))
        .with("url", request.url.text);
}

}  // namespace

Client::Id RecordingClient::start(Request request, std::unique_ptr<Sink> sink, Ended ended) {
    if (pending_failure_) throw Error(*pending_failure_);
    leave_out_conditions(request.headers);
    auto capture = std::make_shared<Capture>();
    capture->number = ++last_number_;
    capture->request = request;
    auto id = std::make_shared<Id>(0);
    *id = client_->start(std::move(request), std::make_unique<CapturingSink>(std::move(sink), capture),
                         [this, capture, id, ended = std::move(ended)](Outcome outcome) {
                             running_.erase(*id);
                             try {
                                 keep(*capture, std::get_if<Error>(&outcome));
                             } catch (const std::exception& thrown) {
                                 outcome = as_error(thrown);
                             }
                             ended(std::move(outcome));
                         });
    running_.emplace(*id, std::move(capture));
    return *id;
}

void RecordingClient::cancel(Id id) {
    const auto found = running_.find(id);
    if (found == running_.end()) return;
    const auto capture = std::move(found->second);
    running_.erase(found);
    client_->cancel(id);
    if (!capture->head) return;
    capture->whole = false;
    try {
        keep(*capture, nullptr);
    } catch (const std::exception& thrown) {
        pending_failure_ = as_error(thrown);
    }
}

void RecordingClient::keep(const Capture& capture, const Error* failure) {
    recorder_->add(to_exchange(capture, failure));
}

Exchange RecordingClient::to_exchange(const Capture& capture, const Error* failure) {
    Exchange exchange;
    exchange.number = capture.number;
    exchange.credential = capture.request.credential;
    exchange.key = request_key_of(capture.request, scrubber_);
    if (capture.head) {
        scrubber_.learn(capture.head->headers);
        exchange.body = stored_answer_body(capture.body, says_json(capture.head->headers), scrubber_);
        exchange.answer = *capture.head;
        exchange.answer->url = scrubber_.text(capture.head->url);
        exchange.answer->headers = scrubber_.headers(capture.head->headers);
        exchange.whole = capture.whole;
    }
    if (failure != nullptr) exchange.failure = scrubbed(*failure, scrubber_);
    return exchange;
}

ReplayClient::ReplayClient(Loop& loop, Cassette cassette, Vault& vault)
    : loop_(loop), cassette_(std::move(cassette)), scrubber_(vault), timer_(loop.make<uv_timer_t>(uv_timer_init)) {
    timer_->data = this;
    for (auto& name : cassette_.credentials()) {
        if (vault.find(name).empty()) vault.add(std::move(name), "replay");
    }
}

Client::Id ReplayClient::start(Request request, std::unique_ptr<Sink> sink, Ended ended) {
    Playing playing;
    try {
        playing.exchange = &cassette_.next(request_key_of(request, scrubber_), request.changes);
        playing.body = body_bytes(playing.exchange->body).value_or("");
    } catch (const Error& error) {
        playing.refusal = error;
    }
    playing.request = std::move(request);
    playing.sink = std::move(sink);
    playing.ended = std::move(ended);
    const Id id = ++last_id_;
    playing_.emplace(id, std::move(playing));
    play_soon(id);
    return id;
}

void ReplayClient::play_soon(Id id) {
    due_.push_back(id);
    const auto due = [](uv_timer_t* timer) { static_cast<ReplayClient*>(timer->data)->play_due(); };
    Loop::check(uv_timer_start(timer_.get(), due, 0, 0), "start a timer");
}

void ReplayClient::play_due() {
    for (const Id id : std::exchange(due_, {})) loop_.guarded([&] { play(id); });
}

void ReplayClient::play(Id id) {
    const auto found = playing_.find(id);
    if (found == playing_.end()) return;
    std::optional<Outcome> outcome;
    try {
        outcome = advance(found->second);
    } catch (const std::exception& thrown) {
        outcome = as_error(thrown);
    }
    if (!outcome) return;
    const auto playing = std::move(playing_.extract(id).mapped());
    playing.ended(std::move(*outcome));
}

std::optional<Outcome> ReplayClient::advance(Playing& playing) {
    if (playing.refusal) return *playing.refusal;
    const auto& exchange = *playing.exchange;
    if (exchange.answer && !std::exchange(playing.head_delivered, true)) playing.sink->begin(*exchange.answer);
    while (exchange.answer && playing.played < playing.body.size()) {
        const auto piece = std::string_view(playing.body).substr(playing.played, max_piece_bytes);
        if (playing.played + piece.size() > playing.request.max_body_bytes) return too_large(playing.request);
        if (playing.sink->write(piece) == Sink::Accepted::nothing) return std::nullopt;
        playing.played += piece.size();
    }
    if (exchange.failure) return *exchange.failure;
    if (!exchange.whole) return ends_here(playing.request, playing.played);
    auto answer = *exchange.answer;
    answer.body_bytes = playing.body.size();
    playing.sink->finish(answer);
    return answer;
}

}  // namespace uhost::http
