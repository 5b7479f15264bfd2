// `server`: the native half. Handlers, their tasks and what they return are Lua, in init.lua.
#include <fmt/format.h>
#include <openssl/crypto.h>

#include "api/server/listener.hpp"
#include "api/server/listening_socket.hpp"
#include "host/bind/object.hpp"
#include "host/core/file.hpp"
#include "host/runtime/file_access.hpp"
#include "host/runtime/host.hpp"
#include "host/secrets/vault.hpp"

namespace {

using namespace uhost;
using namespace uhost::server;
using bind::Call;
using bind::Fields;
using bind::Function;
using bind::Waits;

constexpr std::size_t max_pem_bytes = 1 << 20;
constexpr std::int64_t max_limit = std::int64_t{1} << 40, max_descriptor = 1 << 20;

// What a script holds of a request. Who forgets it has not answered it.
class Handle {
public:
    explicit Handle(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
    ~Handle() {
        if (!exchange_->answered()) {
            exchange_->respond({500, {}}, "");
        } else {
            exchange_->end_stream();
        }
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    const std::shared_ptr<Exchange>& exchange() const { return exchange_; }

private:
    std::shared_ptr<Exchange> exchange_;
};

int bears(Call& call);
int head(Call& call);
int answered(Call& call);
int respond(Call& call);
int stream(Call& call);
int write(Call& call);
int wait_until_gone(Call& call);

constexpr Function exchange_methods[]{{"bears", bears},
                                      {"head", head},
                                      {"answered", answered},
                                      {"respond", respond},
                                      {"stream", stream},
                                      {"write", write, Waits::yes},
                                      {"wait_until_gone", wait_until_gone, Waits::yes}};
const bind::Type<Handle> exchange_type{{"server.Exchange", exchange_methods, nullptr}};

// As a table by name. What came more than once is joined by ", " as RFC 9110 (5.3) allows.
void push_pairs(Call& call, const Pairs& pairs, bool joins) {
    std::vector<std::pair<std::string, std::string>> merged;
    for (const auto& [name, value] : pairs) {
        const auto known =
            std::find_if(merged.begin(), merged.end(), [&](const auto& each) { return each.first == name; });
        if (known == merged.end()) {
            merged.emplace_back(name, value);
        } else if (joins) {
            known->second += ", " + value;
        } else {
            known->second = value;
        }
    }
    call.new_table(0, merged.size());
    for (const auto& [name, value] : merged) call.field(name.c_str(), value);
}

int head(Call& call) {
    const auto& request = exchange_type.from(call).exchange()->request();
    call.new_table(0, 8)
        .field("method", request.method)
        .field("target", request.target)
        .field("path", request.path)
        .field("body", request.body)
        .field("peer", request.peer);
    push_pairs(call, request.query, false);
    call.set("query");
    push_pairs(call, request.headers, true);
    call.set("headers");
    return 1;
}

// bears(name): whether the Authorization header has the secret of this name. How long it takes does not say how much of
// it fits.
int bears(Call& call) {
    const auto secret = call.host().vault().find(std::string(call.text(2, "name")));
    constexpr std::string_view scheme = "Bearer ";
    for (const auto& [name, value] : exchange_type.from(call).exchange()->request().headers) {
        if (name != "authorization" || !std::string_view(value).starts_with(scheme) || secret.empty()) continue;
        const auto given = std::string_view(value).substr(scheme.size());
        if (given.size() == secret.size() && CRYPTO_memcmp(given.data(), secret.data(), secret.size()) == 0) {
            return call.give(true);
        }
    }
    return call.give(false);
}

ResponseHead head_at(const Call& call) {
    ResponseHead head{static_cast<int>(call.integer(2, "status", 200, 599)), {}};
    if (call.absent(3)) return head;
    call.table(3, "headers");
    lua_State* L = call.state();
    for (lua_pushnil(L); lua_next(L, 3) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || !lua_isstring(L, -1)) {
            call.bad_argument(3, "headers", "a table of names and texts");
        }
        lua_pushvalue(L, -1);  // lua_tostring changes numbers in their place
        head.headers.emplace_back(lua_tostring(L, -3), lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    return head;
}

int answered(Call& call) { return call.give(exchange_type.from(call).exchange()->answered()); }

int respond(Call& call) {
    exchange_type.from(call).exchange()->respond(head_at(call), std::string(call.text_or(4, "body", "")));
    return call.none();
}

int stream(Call& call) {
    exchange_type.from(call).exchange()->begin_stream(head_at(call));
    return call.none();
}

// Returns when so much was sent that more may be written.
int write(Call& call) {
    const auto exchange = exchange_type.from(call).exchange();
    if (exchange->writing_awaited()) {
        throw Error("server.write", "another task waits to write to this stream").hint("write to it from one task");
    }
    exchange->write(call.text(2, "text"));
    if (exchange->writable()) return call.none();
    return call.wait([&](bind::Waker waker) {
        exchange->when_writable([waker] { waker.wake([](Call&) { return 0; }); });
        return [exchange] { exchange->when_writable(nullptr); };
    });
}

int wait_until_gone(Call& call) {
    const auto exchange = exchange_type.from(call).exchange();
    if (exchange->gone()) return call.none();
    if (exchange->leaving_awaited()) {
        throw Error("server.wait", "another task waits for this client to leave").hint("let one task wait");
    }
    return call.wait([&](bind::Waker waker) {
        exchange->when_gone([waker] { waker.wake([](Call&) { return 0; }); });
        return [exchange] { exchange->when_gone(nullptr); };
    });
}

int accept(Call& call);
int address(Call& call);
int stop(Call& call);
int drain(Call& call);

std::string describe(const void* listener) {
    const auto& it = *static_cast<const Listener*>(listener);
    return fmt::format("{}:{}", it.host(), it.port());
}
constexpr Function listener_methods[]{
    {"accept", accept, Waits::yes}, {"address", address}, {"stop", stop}, {"drain", drain, Waits::yes}};
const bind::Type<Listener> listener_type{{"server.Socket", listener_methods, describe}};

int give_exchange(Call& call, Listener& listener) {
    auto exchange = listener.take();
    if (!exchange) return call.give(nullptr);
    return exchange_type.give(call, std::make_shared<Handle>(std::move(exchange)));
}

// The next request; nil once it was stopped.
int accept(Call& call) {
    const auto listener = listener_type.share(call);
    if (listener->ready()) return give_exchange(call, *listener);
    if (listener->awaited()) {
        throw Error("server.accept", "another task waits for this server's requests").hint("serve from one task");
    }
    return call.wait([&](bind::Waker waker) {
        listener->when_ready(
            [listener, waker] { waker.wake([listener](Call& results) { return give_exchange(results, *listener); }); });
        return [listener] { listener->when_ready(nullptr); };
    });
}

int address(Call& call) {
    const auto& listener = listener_type.from(call);
    call.push(listener.host()).push(listener.port()).push(listener.secure());
    return 3;
}

int stop(Call& call) {
    listener_type.from(call).stop();
    return call.none();
}

// Returns when all that was begun is sent.
int drain(Call& call) {
    const auto listener = listener_type.share(call);
    listener->stop();
    if (listener->unfinished() == 0) return call.none();
    return call.wait([&](bind::Waker waker) {
        listener->when_finished([waker] { waker.wake([](Call&) { return 0; }); });
        return [listener] { listener->when_finished(nullptr); };
    });
}

std::string read_pem(Call& call, const Fields& fields, const char* key) {
    const auto path = fields.text(key);
    if (!path) return "";
    files::require_reading(call.host(), *path);
    return read_file(*path, max_pem_bytes);
}

template <class Number>
void read_limit(const Fields& fields, const char* key, Number& limit, std::int64_t least) {
    const auto value = fields.integer_or(key, static_cast<std::int64_t>(limit));
    if (value < least || value > max_limit) fields.bad_field(key, fmt::format("a whole number of at least {}", least));
    limit = static_cast<Number>(value);
}

Limits limits_of(const Fields& fields) {
    Limits limits;
    read_limit(fields, "max_body_bytes", limits.max_body_bytes, 0);
    read_limit(fields, "max_total_bytes", limits.max_total_bytes, 1);
    read_limit(fields, "max_header_bytes", limits.max_header_bytes, 1024);
    read_limit(fields, "max_connections", limits.max_connections, 1);
    read_limit(fields, "max_connections_of_one_address", limits.max_connections_of_one_address, 0);
    read_limit(fields, "max_waiting", limits.max_waiting, 1);
    limits.request_timeout_s = fields.number("request_timeout_s").value_or(limits.request_timeout_s);
    if (!(limits.request_timeout_s >= 0.1 && limits.request_timeout_s <= 3600)) {
        fields.bad_field("request_timeout_s", "seconds, 0.1 to 3600");
    }
    return limits;
}

int listen(Call& call) {
    const auto fields = call.fields(
        1, "options",
        {"host", "port", "descriptor", "certificate_file", "key_file", "max_body_bytes", "max_total_bytes",
         "max_header_bytes", "max_connections", "max_connections_of_one_address", "max_waiting", "request_timeout_s"});
    Listener::Options options;
    options.host = fields.text_or("host", options.host);
    const auto port = fields.integer_or("port", 0);
    if (port < 0 || port > 65535) fields.bad_field("port", "a port, 0 to 65535");
    options.port = static_cast<std::uint16_t>(port);
    const auto& permissions = call.host().permissions();
    permissions.require_listening(options.host, std::to_string(port));
    if (const auto descriptor = fields.integer("descriptor")) {
        if (permissions.limited()) {
            throw Error("permission.denied", "sockets of the host are not for scripts whose permissions are limited")
                .hint("give host and port");
        }
        if (*descriptor < 0 || *descriptor > max_descriptor) fields.bad_field("descriptor", "a descriptor");
        options.socket = listening_socket(static_cast<int>(*descriptor));
    }
    options.certificate = read_pem(call, fields, "certificate_file");
    options.key = read_pem(call, fields, "key_file");
    if (options.certificate.empty() != options.key.empty()) {
        fields.bad_field(options.key.empty() ? "key_file" : "certificate_file", "a file, since the other one is given");
    }
    options.limits = limits_of(fields);
    options.loopback_only = call.host().offline();
    return listener_type.give(call, std::make_shared<Listener>(call.host().loop(), std::move(options)));
}

constexpr Function functions[]{{"listen", listen}};

}  // namespace

extern "C" int luaopen_uhost_server(lua_State* L) { return uhost::bind::module(L, "server", functions); }
