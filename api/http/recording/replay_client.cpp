#include "api/http/recording/replay_client.hpp"

#include <fmt/format.h>

#include "api/http/failure.hpp"
#include "api/http/recording/body.hpp"
#include "api/http/recording/question.hpp"
#include "host/secrets/vault.hpp"

namespace uhost::http {
namespace {

constexpr std::size_t largest_piece = 64 * 1024;

Error ends_here(const Request& request, std::size_t bytes) {
    return Error("http.not_recorded", fmt::format("of the answer to {} {} only the first {} bytes were recorded",
                                                  request.method, request.url.text.substr(0, 300), bytes))
        .hint(fmt::format("at most {} MiB of an answer are kept, and no more than was read", most_kept_of_body >> 20))
        .with("url", request.url.text);
}

}  // namespace

ReplayClient::ReplayClient(Loop& loop, Answers answers, Vault& vault)
    : loop_(loop), answers_(std::move(answers)), scrubber_(vault), timer_(loop.make<uv_timer_t>(uv_timer_init)) {
    timer_->data = this;
    for (auto& name : answers_.credentials()) {
        if (vault.find(name).empty()) vault.add(std::move(name), "replay");
    }
}

Client::Id ReplayClient::start(Request request, std::unique_ptr<Sink> sink, Ended ended) {
    Playing playing;
    try {
        playing.exchange = &answers_.next(question_of(request, scrubber_), request.changes);
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
    if (exchange.answer && !std::exchange(playing.begun, true)) playing.sink->begin(*exchange.answer);
    while (exchange.answer && playing.played < playing.body.size()) {
        const auto piece = std::string_view(playing.body).substr(playing.played, largest_piece);
        if (playing.played + piece.size() > playing.request.largest_bytes) return too_large(playing.request);
        if (playing.sink->write(piece) == Sink::Took::nothing) return std::nullopt;
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
