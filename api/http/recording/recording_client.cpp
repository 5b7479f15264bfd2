#include "api/http/recording/recording_client.hpp"

#include <algorithm>
#include <cctype>

#include "api/http/failure.hpp"
#include "api/http/recording/body.hpp"
#include "api/http/recording/question.hpp"

namespace uhost::http {
namespace {

using Tape = RecordingClient::Tape;

// Hands the body on, and keeps a copy of what was taken.
class TapingSink : public Sink {
public:
    TapingSink(std::unique_ptr<Sink> sink, std::shared_ptr<Tape> tape)
        : sink_(std::move(sink)), tape_(std::move(tape)) {}

    void begin(const Response& response) override {
        tape_->head = response;
        sink_->begin(response);
    }
    Took write(std::string_view bytes) override {
        const auto took = sink_->write(bytes);
        if (took == Took::nothing) return took;
        const auto room = most_kept_of_body - tape_->body.size();
        if (bytes.size() > room) tape_->whole = false;
        tape_->body.append(bytes.substr(0, room));
        return took;
    }
    void finish(Response& response) override {
        sink_->finish(response);
        tape_->head = response;
        tape_->head->body.clear();
    }

private:
    std::unique_ptr<Sink> sink_;
    std::shared_ptr<Tape> tape_;
};

void leave_out_conditions(Headers& headers) {
    std::erase_if(headers, [](const auto& header) {
        return has_name(header, "if-none-match") || has_name(header, "if-modified-since");
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

}  // namespace

Client::Id RecordingClient::start(Request request, std::unique_ptr<Sink> sink, Ended ended) {
    if (broken_) throw Error(*broken_);
    leave_out_conditions(request.headers);
    auto tape = std::make_shared<Tape>();
    tape->number = ++last_number_;
    tape->request = request;
    auto id = std::make_shared<Id>(0);
    *id = client_->start(std::move(request), std::make_unique<TapingSink>(std::move(sink), tape),
                         [this, tape, id, ended = std::move(ended)](Outcome outcome) {
                             running_.erase(*id);
                             try {
                                 keep(*tape, std::get_if<Error>(&outcome));
                             } catch (const std::exception& thrown) {
                                 outcome = as_error(thrown);
                             }
                             ended(std::move(outcome));
                         });
    running_.emplace(*id, std::move(tape));
    return *id;
}

void RecordingClient::cancel(Id id) {
    const auto found = running_.find(id);
    if (found == running_.end()) return;
    const auto tape = std::move(found->second);
    running_.erase(found);
    client_->cancel(id);
    if (!tape->head) return;
    tape->whole = false;
    try {
        keep(*tape, nullptr);
    } catch (const std::exception& thrown) {
        broken_ = as_error(thrown);
    }
}

void RecordingClient::keep(const Tape& tape, const Error* failure) { recorder_->add(developed(tape, failure)); }

Exchange RecordingClient::developed(const Tape& tape, const Error* failure) {
    Exchange exchange;
    exchange.number = tape.number;
    exchange.credential = tape.request.credential;
    exchange.question = question_of(tape.request, scrubber_);
    if (tape.head) {
        scrubber_.learn(tape.head->headers);
        exchange.body = stored_answer_body(tape.body, says_json(tape.head->headers), scrubber_);
        exchange.answer = *tape.head;
        exchange.answer->url = scrubber_.text(tape.head->url);
        exchange.answer->headers = scrubber_.headers(tape.head->headers);
        exchange.whole = tape.whole;
    }
    if (failure != nullptr) exchange.failure = scrubbed(*failure, scrubber_);
    return exchange;
}

}  // namespace uhost::http
