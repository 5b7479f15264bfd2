#include "api/http/network_client.hpp"

#include "api/http/failure.hpp"

namespace uhost::http {

NetworkClient::NetworkClient(Loop& loop, Network network)
    : network_(std::move(network)),
      lines_(network_.connections_per_host, network_.connections_in_all),
      multi_(loop, network_.connections_in_all,
             {[this](CURL* easy, CURLcode code) { transfer_ended(easy, code); }, [this] { let_others_go(); }}) {}

NetworkClient::~NetworkClient() {
    for (const auto& [easy, id] : by_easy_) multi_.remove(easy);
}

Client::Id NetworkClient::start(Request request, std::unique_ptr<Sink> sink, Ended ended) {
    const bool secure = request.url.scheme == "https";
    if (secure) network_.require_certificates();
    auto origin = request.url.origin();
    auto transfer = std::make_unique<Transfer>(std::move(request), std::move(sink), network_);
    if (secure) transfer->when_connected([this, origin] { connected_.push_back(origin); });
    const Id id = ++last_id_;
    transfers_.emplace(id, Entry{std::move(transfer), std::move(ended), origin});
    lines_.enter(id, origin, secure);
    launch_next();
    return id;
}

void NetworkClient::launch(Id id) {
    auto& entry = transfers_.at(id);
    entry.started = true;
    by_easy_.emplace(entry.transfer->easy(), id);
    multi_.add(entry.transfer->easy());
}

void NetworkClient::launch_next() {
    while (const auto id = lines_.next()) {
        try {
            launch(*id);
        } catch (const std::exception& thrown) {
            auto entry = std::move(transfers_.extract(*id).mapped());
            by_easy_.erase(entry.transfer->easy());
            lines_.leave(entry.origin);
            entry.ended(as_error(thrown));
        }
    }
}

void NetworkClient::cancel(Id id) {
    const auto found = transfers_.find(id);
    if (found == transfers_.end()) return;
    auto entry = std::move(found->second);
    transfers_.erase(found);
    if (entry.started) {
        multi_.remove(entry.transfer->easy());
        by_easy_.erase(entry.transfer->easy());
        lines_.leave(entry.origin);
        launch_next();
    } else {
        lines_.withdraw(id, entry.origin);
    }
}

void NetworkClient::resume(Id id) {
    const auto found = transfers_.find(id);
    if (found != transfers_.end()) curl_easy_pause(found->second.transfer->easy(), CURLPAUSE_CONT);
}

void NetworkClient::transfer_ended(CURL* easy, CURLcode code) {
    const auto id = by_easy_.find(easy);
    if (id == by_easy_.end()) return;
    auto entry = std::move(transfers_.extract(id->second).mapped());
    by_easy_.erase(id);
    multi_.remove(easy);
    auto outcome = entry.transfer->conclude(code);
    entry.transfer.reset();
    lines_.leave(entry.origin);
    launch_next();
    entry.ended(std::move(outcome));
}

void NetworkClient::let_others_go() {
    for (const auto& origin : std::exchange(connected_, {})) lines_.connected(origin);
    launch_next();
}

}  // namespace uhost::http
