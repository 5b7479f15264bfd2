#pragma once

#include <memory>
#include <unordered_map>

#include "api/http/client.hpp"
#include "api/http/recording/recorder.hpp"
#include "api/http/recording/scrubber.hpp"

namespace uhost::http {

/// Lets another client ask, and records what came of it. Requests that were cancelled before an answer began are not
/// recorded; of an answer that nobody read to its end, what came of it is.
///
/// Conditions (If-None-Match, If-Modified-Since) are left out of the requests, so that the recording has whole answers
/// and not "not modified".
class RecordingClient : public Client {
public:
    RecordingClient(std::unique_ptr<Client> client, std::unique_ptr<Recorder> recorder, const Vault& vault)
        : scrubber_(vault), recorder_(std::move(recorder)), client_(std::move(client)) {}

    Id start(Request request, std::unique_ptr<Sink> sink, Ended ended) override;
    void cancel(Id id) override;
    void resume(Id id) override { client_->resume(id); }

    /// What is remembered of one exchange until it ends.
    struct Tape {
        std::uint64_t number = 0;
        Request request;
        std::optional<Response> head;
        std::string body;
        bool whole = true;
    };

private:
    /// Throws `http.recording`.
    void keep(const Tape& tape, const Error* failure);
    Exchange developed(const Tape& tape, const Error* failure);

    std::uint64_t last_number_ = 0;
    Scrubber scrubber_;
    std::unique_ptr<Recorder> recorder_;
    std::optional<Error> broken_;  // of an exchange at whose end nobody could be told
    std::unordered_map<Id, std::shared_ptr<Tape>> running_;
    std::unique_ptr<Client> client_;
};

}  // namespace uhost::http
