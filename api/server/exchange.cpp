#include "api/server/exchange.hpp"

#include <fmt/format.h>
#include <microhttpd.h>

#include <algorithm>

#include "api/server/listener.hpp"
#include "host/core/error.hpp"

namespace uhost::server {
namespace {

// RFC 9110, 5.6.2: a token.
bool is_token(std::string_view name) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::ranges::all_of(name, [&](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               others.find(static_cast<char>(c)) != std::string_view::npos;
    });
}

bool is_header_value(std::string_view value) {
    return std::ranges::all_of(value, [](unsigned char c) { return c == '\t' || (c >= ' ' && c != 0x7F); });
}

void check(const ResponseHead& head) {
    if (head.status < 200 || head.status > 599) {
        throw Error("argument", fmt::format("{} is not a status that an answer can have", head.status))
            .hint("200 to 599, such as 404");
    }
    for (const auto& [name, value] : head.headers) {
        if (is_token(name) && is_header_value(value)) continue;
        throw Error("server.header", fmt::format("the header '{}' has characters that headers may not have", name))
            .hint("names are letters, digits and '-'; values have no line ends")
            .with("name", name);
    }
}

}  // namespace

void Exchange::answer(ResponseHead head) {
    if (head_) throw Error("server.answered", "this request has its answer already").hint("answer a request once");
    check(head);
    head_ = std::move(head);
}

void Exchange::respond(ResponseHead head, std::string body) {
    answer(std::move(head));
    if (gone()) return;
    outgoing_ = std::move(body);
    resume();
}

void Exchange::begin_stream(ResponseHead head) {
    answer(std::move(head));
    streams_ = true;
    if (!gone()) resume();
}

void Exchange::write(std::string_view text) {
    if (!streams_ || ended_) throw Error("server.closed", "this stream has ended").hint("write before it ends");
    if (gone()) throw Error("server.gone", "the client has left");
    outgoing_ += text;
    resume();
}

void Exchange::end_stream() {
    ended_ = true;
    if (!gone()) resume();
}

bool Exchange::writable() const { return gone() || unsent_bytes() < listener_->options_.limits.max_stream_bytes; }

// What was sent is dropped when it is the larger part: dropping it piece by piece would move the rest each time.
std::size_t Exchange::take_unsent(char* buffer, std::size_t room) {
    const auto size = outgoing_.copy(buffer, room, sent_bytes_);
    sent_bytes_ += size;
    if (sent_bytes_ >= unsent_bytes()) {
        outgoing_.erase(0, sent_bytes_);
        sent_bytes_ = 0;
    }
    return size;
}

void Exchange::resume() {
    if (!suspended_) return;
    suspended_ = false;
    MHD_resume_connection(connection_);
    listener_->run_soon();
}

void Exchange::leave() {
    connection_ = nullptr;
    listener_ = nullptr;
}

}  // namespace uhost::server
