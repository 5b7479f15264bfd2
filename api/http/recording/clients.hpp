#pragma once

#include <deque>
#include <memory>
#include <unordered_map>

#include "api/http/client.hpp"
#include "api/http/recording/cassette.hpp"
#include "api/http/recording/scrubber.hpp"
#include "host/task/loop.hpp"

namespace uhost::http {

/// Sends requests through another client and records the exchanges. A request that is cancelled before its answer
/// begins is not recorded; an answer that is not read to its end is recorded as far as it was read.
///
/// Conditions (If-None-Match, If-Modified-Since) are removed from requests, so that the recording has whole answers
/// instead of "not modified".
class RecordingClient : public Client {
public:
    RecordingClient(std::unique_ptr<Client> client, std::unique_ptr<Recorder> recorder, const Vault& vault)
        : scrubber_(vault), recorder_(std::move(recorder)), client_(std::move(client)) {}

    Id start(Request request, std::unique_ptr<Sink> sink, Ended ended) override;
    void cancel(Id id) override;
    void resume(Id id) override { client_->resume(id); }

    /// One exchange until it ends.
    struct Capture {
        std::uint64_t number = 0;
        Request request;
        std::optional<Response> head;
        std::string body;
        bool whole = true;
    };

private:
    /// Throws `http.recording`.
    void keep(const Capture& capture, const Error* failure);
    Exchange to_exchange(const Capture& capture, const Error* failure);

    std::uint64_t last_number_ = 0;
    Scrubber scrubber_;
    std::unique_ptr<Recorder> recorder_;
    std::optional<Error> pending_failure_;  // of an exchange that was cancelled: the next request raises it
    std::unordered_map<Id, std::shared_ptr<Capture>> running_;
    std::unique_ptr<Client> client_;
};

/// Answers from a recording, at once and without the network. See Cassette for which answer a request gets.
class ReplayClient : public Client {
public:
    /// Secrets that were sent while recording and are not in `vault` get a placeholder there, so that code which needs
    /// one behaves as it did.
    ReplayClient(Loop& loop, Cassette cassette, Vault& vault);

    Id start(Request request, std::unique_ptr<Sink> sink, Ended ended) override;
    void cancel(Id id) override { playing_.erase(id); }
    void resume(Id id) override { play_soon(id); }
    bool is_replay() const override { return true; }
    bool replays_secrets() const override { return !cassette_.credentials().empty(); }

private:
    struct Playing {
        Request request;
        std::unique_ptr<Sink> sink;
        Ended ended;
        const Exchange* exchange = nullptr;
        std::optional<Error> refusal;  // in place of an exchange
        std::string body;
        std::size_t played = 0;
        bool head_delivered = false;
    };

    void play_soon(Id id);
    void play_due();
    void play(Id id);
    /// The outcome; nothing while the sink accepts no more.
    static std::optional<Outcome> advance(Playing& playing);

    Loop& loop_;
    Cassette cassette_;
    Scrubber scrubber_;
    Id last_id_ = 0;
    std::unordered_map<Id, Playing> playing_;
    std::deque<Id> due_;
    UvHandle<uv_timer_t> timer_;
};

}  // namespace uhost::http
