#include "api/server/listener.hpp"

#include <fmt/format.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "api/server/listening_socket.hpp"
#include "host/core/error.hpp"

namespace uhost::server {
namespace {

constexpr std::uint64_t sweep_ms = 500;

std::string peer_of(MHD_Connection* connection) {
    const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[NI_MAXHOST] = "";
    if (!info || !info->client_addr) return "";
    const socklen_t size = info->client_addr->sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    if (getnameinfo(info->client_addr, size, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) return "";
    return text;
}

int descriptor_of(MHD_Connection* connection) {
    const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

MHD_Result add_pair(void* pairs, MHD_ValueKind, const char* name, const char* value) {
    static_cast<Pairs*>(pairs)->emplace_back(name, value ? value : "");
    return MHD_YES;
}

MHD_Result add_header(void* pairs, MHD_ValueKind kind, const char* name, const char* value) {
    add_pair(pairs, kind, name, value);
    auto& added = static_cast<Pairs*>(pairs)->back().first;
    std::ranges::transform(added, added.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return MHD_YES;
}

// What the client announces; nothing when it does not, or no number.
std::optional<std::uint64_t> content_length(MHD_Connection* connection) {
    const char* text = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    std::uint64_t length = 0;
    if (!text || std::from_chars(text, text + std::strlen(text), length).ec != std::errc{}) return std::nullopt;
    return length;
}

struct DestroyResponse {
    void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using ResponsePointer = std::unique_ptr<MHD_Response, DestroyResponse>;

ResponsePointer response_of(std::string_view body) {
    return ResponsePointer(
        MHD_create_response_from_buffer(body.size(), const_cast<char*>(body.data()), MHD_RESPMEM_MUST_COPY));
}

std::shared_ptr<Exchange>& exchange_in(void* state) { return *static_cast<std::shared_ptr<Exchange>*>(state); }

}  // namespace

struct Listener::Connection {
    std::string target;      // of the request that begins
    std::uint64_t since_ms;  // when it was made, or had its last answer
    bool answering = false;  // a whole request is here
};

// libmicrohttpd calls these on the loop's thread, from within MHD_run(). No exception may cross it.
struct Listener::Handlers {
    static Listener& of(void* listener) { return *static_cast<Listener*>(listener); }

    static void* target(void* listener, const char* text, MHD_Connection* connection) {
        of(listener).loop_.guarded([&] {
            if (const auto found = of(listener).connections_.find(descriptor_of(connection));
                found != of(listener).connections_.end()) {
                found->second.target = text;
            }
        });
        return nullptr;
    }

    static MHD_Result request(void* listener, MHD_Connection* connection, const char* path, const char* method,
                              const char*, const char* data, std::size_t* size, void** state) {
        int result = MHD_NO;
        of(listener).loop_.guarded([&] {
            if (!*state) {
                auto exchange = std::make_shared<Exchange>(of(listener), connection);
                exchange->request_.method = method;
                exchange->request_.path = path;
                *state = new std::shared_ptr<Exchange>(exchange);
                of(listener).exchanges_.insert(exchange.get());
                result = of(listener).begin(*exchange);
            } else {
                result = of(listener).receive(*exchange_in(*state), data, *size);
            }
        });
        return static_cast<MHD_Result>(result);
    }

    static void completed(void* listener, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
        if (!*state) return;
        const std::unique_ptr<std::shared_ptr<Exchange>> exchange(&exchange_in(*state));
        *state = nullptr;
        of(listener).loop_.guarded([&] { of(listener).end(**exchange); });
    }

    static void connection(void* listener, MHD_Connection* connection, void**, MHD_ConnectionNotificationCode code) {
        of(listener).loop_.guarded([&] {
            const int descriptor = descriptor_of(connection);
            if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
                of(listener).connections_.erase(descriptor);
            } else {
                of(listener).connections_[descriptor] = {"", uv_now(of(listener).loop_.raw())};
            }
        });
    }

    // Gives what was written to a stream; with nothing to give, the connection sleeps until more is written.
    static ssize_t read(void* state, std::uint64_t, char* buffer, std::size_t room) {
        Exchange& exchange = *exchange_in(state);
        if (exchange.unsent_bytes() == 0) {
            if (exchange.ended_ || exchange.gone()) return MHD_CONTENT_READER_END_OF_STREAM;
            exchange.suspended_ = true;
            MHD_suspend_connection(exchange.connection_);
            return 0;
        }
        const std::size_t size = exchange.take_unsent(buffer, room);
        if (exchange.writable()) exchange.listener_->wake(exchange.when_writable_);
        return static_cast<ssize_t>(size);
    }

    static void forget(void* state) { delete static_cast<std::shared_ptr<Exchange>*>(state); }
};

Listener::Listener(Loop& loop, Options options) : loop_(loop), options_(std::move(options)) {
    if (!options_.socket) {
        options_.socket = listen_at(options_.host, options_.port, options_.loopback_only);
    } else if (options_.loopback_only) {
        require_loopback(options_.socket.get());
    }
    port_ = port_of(options_.socket.get());
    start_daemon();
    const auto* info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_EPOLL_FD);
    poll_ = UvHandle<uv_poll_t>(nullptr);
    auto poll = std::make_unique<uv_poll_t>();
    Loop::check(uv_poll_init(loop_.raw(), poll.get(), info->epoll_fd), "watch the server's connections");
    poll_.reset(poll.release());
    timeout_ = loop_.make<uv_timer_t>(uv_timer_init);
    sweep_ = loop_.make<uv_timer_t>(uv_timer_init);
    poll_->data = timeout_->data = sweep_->data = this;
    uv_poll_start(poll_.get(), UV_READABLE,
                  [](uv_poll_t* handle, int, int) { static_cast<Listener*>(handle->data)->run(); });
    uv_timer_start(
        sweep_.get(), [](uv_timer_t* handle) { static_cast<Listener*>(handle->data)->close_slow_connections(); },
        sweep_ms, sweep_ms);
}

Listener::~Listener() { close(); }

void Listener::start_daemon() {
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
    std::vector<MHD_OptionItem> more;
    if (secure()) {
        flags |= MHD_USE_TLS;
        more.push_back({MHD_OPTION_HTTPS_MEM_CERT, 0, options_.certificate.data()});
        more.push_back({MHD_OPTION_HTTPS_MEM_KEY, 0, options_.key.data()});
    }
    more.push_back({MHD_OPTION_END, 0, nullptr});
    const Limits& limits = options_.limits;
    daemon_ = MHD_start_daemon(flags, 0, nullptr, nullptr, &Handlers::request, this,                       //
                               MHD_OPTION_LISTEN_SOCKET, options_.socket.get(),                            //
                               MHD_OPTION_URI_LOG_CALLBACK, &Handlers::target, this,                       //
                               MHD_OPTION_NOTIFY_COMPLETED, &Handlers::completed, this,                    //
                               MHD_OPTION_NOTIFY_CONNECTION, &Handlers::connection, this,                  //
                               MHD_OPTION_CONNECTION_LIMIT, limits.max_connections,                        //
                               MHD_OPTION_PER_IP_CONNECTION_LIMIT, limits.max_connections_of_one_address,  //
                               MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.max_header_bytes,                //
                               MHD_OPTION_CONNECTION_TIMEOUT,
                               std::max(1U, static_cast<unsigned>(limits.request_timeout_s)),  //
                               MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, more.data(), MHD_OPTION_END);
    std::fill(options_.key.begin(), options_.key.end(), '\0');
    if (daemon_) {
        options_.socket.release();  // it is the daemon's now
        return;
    }
    if (!secure()) {
        throw Error("server.start", fmt::format("no server could be started at {} port {}", options_.host, port_))
            .hint("too many files may be open: look at ulimit -n");
    }
    throw Error("server.certificate", "the certificate and the key do not serve")
        .hint("give both as PEM files, the key without a password");
}

std::shared_ptr<Exchange> Listener::take() {
    if (waiting_.empty()) return nullptr;
    auto first = std::move(waiting_.front());
    waiting_.pop_front();
    return first;
}

void Listener::wake(std::function<void()>& action) {
    if (const auto taken = std::exchange(action, nullptr)) taken();
}

// libmicrohttpd must not be entered from its own callbacks. It forgets closed connections when it has looked whether
// there is room for others, so it has to look once more: nothing else would wake it.
void Listener::run() {
    if (!daemon_) return;
    if (running_) {
        run_again_ = true;
        return;
    }
    running_ = true;
    std::size_t connections = 0;
    do {
        run_again_ = false;
        connections = connections_.size();
        MHD_run(daemon_);
    } while (run_again_ || connections_.size() < connections);
    running_ = false;
    unsigned long long wait_ms = 0;
    if (MHD_get_timeout(daemon_, &wait_ms) != MHD_YES) {
        uv_timer_stop(timeout_.get());
        return;
    }
    uv_timer_start(
        timeout_.get(), [](uv_timer_t* handle) { static_cast<Listener*>(handle->data)->run(); }, wait_ms, 0);
}

void Listener::run_soon() {
    if (running_) {
        run_again_ = true;
        return;
    }
    if (std::exchange(run_posted_, true)) return;
    loop_.post([this, alive = alive_] {
        if (!*alive) return;
        run_posted_ = false;
        run();
    });
}

// A client that sends a byte now and then never falls silent, so a whole request has its own deadline.
void Listener::close_slow_connections() {
    const auto limit_ms = static_cast<std::uint64_t>(options_.limits.request_timeout_s * 1000);
    const auto now = uv_now(loop_.raw());
    for (const auto& [descriptor, connection] : connections_) {
        if (!connection.answering && now - connection.since_ms > limit_ms) shutdown(descriptor, SHUT_RDWR);
    }
}

int Listener::begin(Exchange& exchange) {
    auto& request = exchange.request_;
    auto* connection = exchange.connection_;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &request.headers);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_pair, &request.query);
    if (const auto found = connections_.find(descriptor_of(connection)); found != connections_.end()) {
        request.target = std::move(found->second.target);
    }
    request.peer = peer_of(connection);
    // An encoded NUL would cut the path off.
    if (request.target.find("%00") != std::string::npos) return refuse(exchange, 400, "the path has a NUL");
    const auto length = content_length(connection).value_or(0);
    exchange.too_large_ = length > options_.limits.max_body_bytes;
    exchange.too_much_ = total_bytes_ + length > options_.limits.max_total_bytes;
    // Who sends at once would not see an answer before the end of the body; who asks first is spared sending it.
    if (MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_EXPECT)) return refuse_body(exchange);
    return MHD_YES;
}

// MHD_YES where nothing is to be refused.
int Listener::refuse_body(Exchange& exchange) {
    if (exchange.too_large_) return refuse(exchange, 413, "the body is too large");
    if (exchange.too_much_) return refuse(exchange, 503, "too much is being received already");
    return MHD_YES;
}

int Listener::receive(Exchange& exchange, const char* data, std::size_t& size) {
    if (exchange.complete_) return answer(exchange);
    if (size > 0) {
        auto& body = exchange.request_.body;
        exchange.too_large_ = exchange.too_large_ || body.size() + size > options_.limits.max_body_bytes;
        exchange.too_much_ = exchange.too_much_ || total_bytes_ + size > options_.limits.max_total_bytes;
        if (!exchange.too_large_ && !exchange.too_much_) {
            body.append(data, size);
            total_bytes_ += size;
        }
        size = 0;
        return MHD_YES;
    }
    exchange.complete_ = true;
    if (exchange.too_large_ || exchange.too_much_) return refuse_body(exchange);
    if (stopped_) return refuse(exchange, 503, "the server stops");
    if (waiting_.size() >= options_.limits.max_waiting) return refuse(exchange, 503, "too many requests wait");
    if (const auto found = connections_.find(descriptor_of(exchange.connection_)); found != connections_.end()) {
        found->second.answering = true;
    }
    exchange.suspended_ = true;
    MHD_suspend_connection(exchange.connection_);
    waiting_.push_back(exchange.shared_from_this());
    wake(when_ready_);
    return MHD_YES;
}

int Listener::answer(Exchange& exchange) {
    if (!exchange.head_) return MHD_NO;  // closed while it waited for its answer
    ResponsePointer response;
    if (exchange.streams_) {
        response.reset(MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16 << 10, &Handlers::read,
                                                         new std::shared_ptr<Exchange>(exchange.shared_from_this()),
                                                         &Handlers::forget));
    } else {
        response = response_of(exchange.outgoing_);
        exchange.outgoing_.clear();
    }
    for (const auto& [name, value] : exchange.head_->headers) {
        MHD_add_response_header(response.get(), name.c_str(), value.c_str());
    }
    return MHD_queue_response(exchange.connection_, static_cast<unsigned>(exchange.head_->status), response.get());
}

int Listener::refuse(Exchange& exchange, int status, const char* reason) {
    exchange.head_ = ResponseHead{status, {}};
    const auto response = response_of(fmt::format("{}\n", reason));
    MHD_add_response_header(response.get(), MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8");
    MHD_add_response_header(response.get(), MHD_HTTP_HEADER_CONNECTION, "close");
    return MHD_queue_response(exchange.connection_, static_cast<unsigned>(status), response.get());
}

// The request is over: answered, or its client has left.
void Listener::end(Exchange& exchange) {
    if (const auto found = connections_.find(descriptor_of(exchange.connection_)); found != connections_.end()) {
        found->second = {"", uv_now(loop_.raw())};
    }
    total_bytes_ -= exchange.request_.body.size();
    exchange.leave();
    wake(exchange.when_writable_);
    wake(exchange.when_gone_);
    exchanges_.erase(&exchange);
    if (exchanges_.empty()) wake(when_finished_);
}

void Listener::stop() {
    if (!daemon_ || std::exchange(stopped_, true)) return;
    Descriptor(MHD_quiesce_daemon(daemon_)).close();
    wake(when_ready_);
}

void Listener::close() {
    if (!daemon_) return;
    stop();
    *alive_ = false;
    poll_.reset();
    timeout_.reset();
    sweep_.reset();
    waiting_.clear();
    // A daemon with sleeping connections cannot be stopped.
    running_ = true;
    for (Exchange* exchange : exchanges_) exchange->resume();
    MHD_stop_daemon(std::exchange(daemon_, nullptr));
    wake(when_finished_);
}

}  // namespace uhost::server
