#include "api/http/client.hpp"

#include <algorithm>

namespace uhost::http {

Client::Client(Loop& loop, Network network)
    : network_(std::move(network)), multi_(loop, [this](CURL* easy, CURLcode code) { transfer_ended(easy, code); }) {}

Client::~Client() {
    for (const auto& [easy, id] : by_easy_) multi_.remove(easy);
}

Client::Id Client::start(Request request, std::unique_ptr<Sink> sink, Ended ended) {
    auto origin = request.url.origin();
    auto transfer = std::make_unique<Transfer>(std::move(request), std::move(sink), network_);
    const Id id = ++last_id_;
    transfers_.emplace(id, Entry{std::move(transfer), std::move(ended), origin});
    auto& line = lines_[origin];
    if (line.on_their_way >= network_.connections_per_host) {
        line.waiting.push_back(id);
        return id;
    }
    try {
        launch(id);
    } catch (const std::exception&) {
        transfers_.erase(id);
        throw;
    }
    return id;
}

void Client::launch(Id id) {
    auto& entry = transfers_.at(id);
    multi_.add(entry.transfer->easy());
    entry.started = true;
    ++lines_[entry.origin].on_their_way;
    by_easy_.emplace(entry.transfer->easy(), id);
}

void Client::cancel(Id id) {
    const auto found = transfers_.find(id);
    if (found == transfers_.end()) return;
    auto entry = std::move(found->second);
    transfers_.erase(found);
    if (entry.started) {
        multi_.remove(entry.transfer->easy());
        by_easy_.erase(entry.transfer->easy());
        leave(entry.origin);
    } else {
        std::erase(lines_[entry.origin].waiting, id);
    }
}

void Client::resume(Id id) {
    const auto found = transfers_.find(id);
    if (found != transfers_.end()) curl_easy_pause(found->second.transfer->easy(), CURLPAUSE_CONT);
}

void Client::transfer_ended(CURL* easy, CURLcode code) {
    const auto id = by_easy_.find(easy);
    if (id == by_easy_.end()) return;
    auto entry = std::move(transfers_.extract(id->second).mapped());
    by_easy_.erase(id);
    multi_.remove(easy);
    auto outcome = entry.transfer->conclude(code);
    entry.transfer.reset();
    leave(entry.origin);
    entry.ended(std::move(outcome));
}

void Client::leave(const std::string& origin) {
    const auto found = lines_.find(origin);
    auto& line = found->second;
    --line.on_their_way;
    while (!line.waiting.empty()) {
        const Id next = line.waiting.front();
        line.waiting.pop_front();
        try {
            launch(next);
            return;
        } catch (const Error& error) {
            transfers_.extract(next).mapped().ended(error);
        }
    }
    if (line.on_their_way == 0) lines_.erase(found);
}

}  // namespace uhost::http
