#pragma once

#include <deque>
#include <unordered_map>

#include "api/http/client.hpp"
#include "api/http/recording/answers.hpp"
#include "api/http/recording/scrubber.hpp"
#include "host/task/loop.hpp"

namespace uhost::http {

/// The client that asks nobody and answers from a recording, at once. See Answers for which answer a request gets.
class ReplayClient : public Client {
public:
    /// A secret that was sent when it was recorded and that `vault` does not have gets a stand-in there, so that
    /// whoever needs one goes the same way as then.
    ReplayClient(Loop& loop, Answers answers, Vault& vault);

    Id start(Request request, std::unique_ptr<Sink> sink, Ended ended) override;
    void cancel(Id id) override { playing_.erase(id); }
    void resume(Id id) override { play_soon(id); }
    bool is_replay() const override { return true; }
    bool replays_secrets() const override { return !answers_.credentials().empty(); }

private:
    struct Playing {
        Request request;
        std::unique_ptr<Sink> sink;
        Ended ended;
        const Exchange* exchange = nullptr;
        std::optional<Error> refusal;  // in place of an exchange
        std::string body;
        std::size_t played = 0;
        bool begun = false;
    };

    void play_soon(Id id);
    void play_due();
    void play(Id id);
    /// What became of it; nothing while the sink takes no more.
    static std::optional<Outcome> advance(Playing& playing);

    Loop& loop_;
    Answers answers_;
    Scrubber scrubber_;
    Id last_id_ = 0;
    std::unordered_map<Id, Playing> playing_;
    std::deque<Id> due_;
    UvHandle<uv_timer_t> timer_;
};

}  // namespace uhost::http
