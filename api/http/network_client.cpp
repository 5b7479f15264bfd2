#include "api/http/network_client.hpp"

#include <new>

#include "api/http/failure.hpp"

namespace uhost::http {
namespace {

void check(CURLMcode code, const char* what) {
    if (code == CURLM_OK) return;
    throw Error("http.protocol", std::string("libcurl cannot ") + what).native(curl_multi_strerror(code));
}

}  // namespace

Multi::Multi(Loop& loop, int max_per_host, int max_connections, Events events)
    : loop_(loop), events_(std::move(events)), multi_(curl_multi_init()) {
    if (!multi_) throw std::bad_alloc();
    timer_ = loop.make<uv_timer_t>(uv_timer_init);
    timer_->data = this;
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &Multi::on_socket);
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &Multi::on_timer);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(max_connections));
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(max_per_host));
}

// The callbacks first: closing the last connections would call them.
Multi::~Multi() {
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, nullptr);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, nullptr);
}

void Multi::add(CURL* easy) { check(curl_multi_add_handle(multi_.get(), easy), "start a request"); }

void Multi::remove(CURL* easy) { curl_multi_remove_handle(multi_.get(), easy); }

int Multi::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
    try {
        static_cast<Multi*>(self)->watch(socket, what);
        return 0;
    } catch (const std::exception&) {
        return -1;  // libcurl then fails the transfer
    }
}

void Multi::watch(curl_socket_t socket, int what) {
    if (what == CURL_POLL_REMOVE) {
        watched_.erase(socket);
        return;
    }
    auto& handle = watched_[socket];
    if (!handle) {
        auto memory = std::make_unique<uv_poll_t>();
        Loop::check(uv_poll_init_socket(loop_.raw(), memory.get(), socket), "watch a socket");
        handle.reset(memory.release());
        handle->data = this;
    }
    const int events = ((what & CURL_POLL_IN) != 0 ? UV_READABLE : 0) | ((what & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0);
    const auto ready = [](uv_poll_t* poll, int status, int happened) {
        int flags = status < 0 ? CURL_CSELECT_ERR : 0;
        if ((happened & UV_READABLE) != 0) flags |= CURL_CSELECT_IN;
        if ((happened & UV_WRITABLE) != 0) flags |= CURL_CSELECT_OUT;
        uv_os_fd_t descriptor = -1;
        uv_fileno(reinterpret_cast<uv_handle_t*>(poll), &descriptor);
        auto& multi = *static_cast<Multi*>(poll->data);
        multi.loop_.guarded([&] { multi.act(descriptor, flags); });
    };
    Loop::check(uv_poll_start(handle.get(), events, ready), "watch a socket");
}

// libcurl must not be called from here: it is in the middle of something.
int Multi::on_timer(CURLM*, long timeout_ms, void* self) {
    auto& multi = *static_cast<Multi*>(self);
    if (timeout_ms < 0) {
        uv_timer_stop(multi.timer_.get());
        return 0;
    }
    uv_update_time(multi.loop_.raw());
    const auto due = [](uv_timer_t* timer) {
        auto& owner = *static_cast<Multi*>(timer->data);
        owner.loop_.guarded([&] { owner.act(CURL_SOCKET_TIMEOUT, 0); });
    };
    return uv_timer_start(multi.timer_.get(), due, static_cast<std::uint64_t>(timeout_ms), 0) == 0 ? 0 : -1;
}

void Multi::act(curl_socket_t socket, int events) {
    int running = 0, left = 0;
    curl_multi_socket_action(multi_.get(), socket, events, &running);
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        CURL* const easy = message->easy_handle;
        const CURLcode code = message->data.result;         // `message` dies when the handle is removed
        loop_.guarded([&] { events_.ended(easy, code); });  // the others must hear of theirs whatever happens in it
    }
    events_.acted();
}

NetworkClient::NetworkClient(Loop& loop, Network network)
    : network_(std::move(network)),
      queue_(network_.connections_per_host, network_.max_connections_total),
      multi_(loop, network_.connections_per_host, network_.max_connections_total,
             {[this](CURL* easy, CURLcode code) { transfer_ended(easy, code); }, [this] { launch_waiting(); }}) {}

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
    queue_.enter(id, origin, secure);
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
    while (const auto id = queue_.next()) {
        try {
            launch(*id);
        } catch (const std::exception& thrown) {
            auto entry = std::move(transfers_.extract(*id).mapped());
            by_easy_.erase(entry.transfer->easy());
            queue_.leave(entry.origin);
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
        queue_.leave(entry.origin);
        launch_next();
    } else {
        queue_.withdraw(id, entry.origin);
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
    auto outcome = entry.transfer->finish(code);
    entry.transfer.reset();
    queue_.leave(entry.origin);
    launch_next();
    entry.ended(std::move(outcome));
}

void NetworkClient::launch_waiting() {
    for (const auto& origin : std::exchange(connected_, {})) queue_.connected(origin);
    launch_next();
}

}  // namespace uhost::http
