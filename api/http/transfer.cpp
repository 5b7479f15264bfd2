#include "api/http/transfer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <new>

#include "api/http/failure.hpp"

namespace uhost::http {
namespace {

constexpr std::size_t max_header_bytes = 256 * 1024;
constexpr long read_buffer_bytes = 64 * 1024;

void initialise_once() {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK) {
        throw Error("http.protocol", "libcurl cannot be set up").native(curl_easy_strerror(initialised));
    }
}

long milliseconds(double seconds) { return static_cast<long>(std::clamp(std::ceil(seconds * 1000.0), 0.0, 1e9)); }

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

Transfer::Transfer(Request request, std::unique_ptr<Sink> sink, const Network& network)
    : request_(std::move(request)), sink_(std::move(sink)) {
    initialise_once();
    easy_.reset(curl_easy_init());
    if (!easy_) throw std::bad_alloc();
    set(CURLOPT_ERRORBUFFER, error_message_.data());
    set(CURLOPT_URL, request_.url.text.c_str());
    set_method();
    set_headers();
    set_limits();
    set_network(network);
    set(CURLOPT_PREREQFUNCTION, &Transfer::on_connection);
    set(CURLOPT_PREREQDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_BUFFERSIZE, read_buffer_bytes);
}

template <class Value>
void Transfer::set(CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(easy_.get(), option, value);
    if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
    if (code != CURLE_OK) {
        throw Error("http.protocol", fmt::format("the request to {} cannot be prepared", request_.url.host_and_port()))
            .native(curl_easy_strerror(code));
    }
}

// A method that is made for a body sends its length also when that is 0: many servers refuse a request without it.
bool Transfer::sends_length() const {
    return request_.has_body || request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH";
}

void Transfer::set_method() {
    if (request_.method == "HEAD") {
        set(CURLOPT_NOBODY, 1L);
    } else if (sends_length()) {
        set(CURLOPT_POST, 1L);
        if (request_.body_file) {
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body_file->size_bytes));
            set(CURLOPT_READFUNCTION, &Transfer::on_read);
            set(CURLOPT_READDATA, this);
            set(CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
            set(CURLOPT_SEEKDATA, this);
        } else {
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
            set(CURLOPT_POSTFIELDS, request_.body.data());
        }
        if (request_.method != "POST") set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    } else if (request_.method != "GET") {
        set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    }
    if (!request_.repeatable) {
        set(CURLOPT_FRESH_CONNECT, 1L);
        set(CURLOPT_FORBID_REUSE, 1L);  // many changes would leave as many idle connections
    }
}

void Transfer::set_headers() {
    const auto add = [&](const std::string& line) {
        curl_slist* grown = curl_slist_append(headers_.get(), line.c_str());
        if (grown == nullptr) throw std::bad_alloc();
        [[maybe_unused]] auto* const old = headers_.release();  // the same list, or none
        headers_.reset(grown);
    };
    for (const auto& [name, value] : request_.headers)
        add(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
    // libcurl drops a header of this name when a redirect leads to another origin.
    if (!request_.authorization.empty()) add("Authorization: " + request_.authorization);
    add("Expect:");  // a round trip, and some servers never answer it
    if (sends_length() && !request_.has_body && !has_header(request_.headers, "content-type")) {
        add("Content-Type:");  // none: libcurl would name a form's
    }
    set(CURLOPT_HTTPHEADER, headers_.get());
    set(CURLOPT_ACCEPT_ENCODING, "");  // all that this libcurl can undo
}

void Transfer::set_limits() {
    set(CURLOPT_TIMEOUT_MS, milliseconds(request_.timeout_s));
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request_.connect_timeout_s > 0 ? request_.connect_timeout_s : 1e6));
    if (request_.stall_timeout_s > 0) {
        set(CURLOPT_LOW_SPEED_LIMIT, 1L);
        set(CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(std::ceil(request_.stall_timeout_s))));
    }
    // libcurl would send PATCH and DELETE on without their body, and turn POST into GET.
    const bool follows = request_.redirects > 0 && (request_.method == "GET" || request_.method == "HEAD");
    set(CURLOPT_FOLLOWLOCATION, follows ? 1L : 0L);
    set(CURLOPT_MAXREDIRS, static_cast<long>(request_.redirects));
    const bool secure = request_.url.scheme == "https";
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
}

void Transfer::set_network(const Network& network) {
    const bool secure = request_.url.scheme == "https";
    set(CURLOPT_HTTP_VERSION, secure ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!network.ca_file.empty()) set(CURLOPT_CAINFO, network.ca_file.c_str());
    if (!network.ca_folder.empty()) set(CURLOPT_CAPATH, network.ca_folder.c_str());
    if (!network.proxy.empty()) set(CURLOPT_PROXY, network.proxy.c_str());
    // A credential goes in the clear to this machine only, not over a proxy.
    if (!secure && !request_.authorization.empty()) set(CURLOPT_NOPROXY, "*");
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // a cancelled look-up of a name must not block the loop until the resolver answers
}

template <class Body>
std::size_t Transfer::guarded(std::size_t failed, const Body& body) {
    try {
        return body();
    } catch (const std::exception& thrown) {
        failure_ = as_error(thrown);
    }
    return failed;
}

int Transfer::on_connection(void* self, char*, char*, int, int) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.sent_ = true;
    if (transfer.connected_) {
        transfer.guarded(0, [&]() -> std::size_t {
            transfer.connected_();
            return 1;
        });
    }
    return CURL_PREREQFUNC_OK;
}

// A file that became shorter, or cannot be read, ends the transfer: its length was promised.
std::size_t Transfer::on_read(char* buffer, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    return transfer.guarded(CURL_READFUNC_ABORT, [&]() -> std::size_t {
        const auto& file = *transfer.request_.body_file;
        const auto wanted = std::min<std::uint64_t>(size * count, file.size_bytes - transfer.body_read_);
        if (wanted == 0) return 0;
        const auto got = pread(file.descriptor.get(), buffer, wanted, static_cast<off_t>(transfer.body_read_));
        if (got <= 0) {
            throw Error("http.file", "the file that is the body became shorter, or can no longer be read")
                .hint("send a file that nobody writes to meanwhile");
        }
        transfer.body_read_ += static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
    });
}

int Transfer::on_seek(void* self, curl_off_t offset, int origin) {
    if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<Transfer*>(self)->body_read_ = static_cast<std::uint64_t>(offset);
    return CURL_SEEKFUNC_OK;
}

std::size_t Transfer::on_header(char* line, std::size_t, std::size_t length, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    return transfer.guarded(length + 1, [&] {
        transfer.take_header({line, length});
        return length;
    });
}

std::size_t Transfer::on_body(char* bytes, std::size_t, std::size_t length, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    return transfer.guarded(length + 1, [&] { return transfer.take_body({bytes, length}); });
}

void Transfer::take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > max_header_bytes) {
        throw Error("http.protocol", fmt::format("{} sent more than 256 KiB of headers", request_.url.host_and_port()))
            .hint("look at what serves that URL; an ordinary answer has a few KiB");
    }
    if (line.starts_with("HTTP/")) {  // of a response after a redirect or an interim one
        response_.headers.clear();
        header_ended_ = false;
        return;
    }
    if (line == "\r\n" || line == "\n") header_ended_ = true;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return;
    response_.headers.emplace_back(lower_case(trimmed(line.substr(0, colon))), trimmed(line.substr(colon + 1)));
    const auto& [name, value] = response_.headers.back();
    if (name == "location" && request_.redirects > 0 && request_.check_redirect) {
        const char* here = nullptr;
        curl_easy_getinfo(easy_.get(), CURLINFO_EFFECTIVE_URL, &here);
        request_.check_redirect(redirected_url(here != nullptr ? here : request_.url.text, std::string(value)));
    }
}

std::size_t Transfer::take_body(std::string_view bytes) {
    deliver_head();
    if (request_.max_body_bytes > 0 && response_.body_bytes + bytes.size() > request_.max_body_bytes)
        throw too_large(request_);
    if (sink_->write(bytes) == Sink::Accepted::nothing) return CURL_WRITEFUNC_PAUSE;
    response_.body_bytes += bytes.size();
    return bytes.size();
}

void Transfer::deliver_head() {
    if (std::exchange(head_delivered_, true)) return;
    complete_response();
    sink_->begin(response_);
}

void Transfer::complete_response() {
    CURL* const easy = easy_.get();
    long status = 0, version = 0;
    const char* url = nullptr;
    curl_off_t elapsed_us = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &elapsed_us);
    response_.status = static_cast<int>(status);
    response_.url = url != nullptr ? url : request_.url.text;
    if (!request_.shown_url.empty()) response_.url = request_.shown_url;
    response_.version = version == CURL_HTTP_VERSION_2_0 ? "2" : version == CURL_HTTP_VERSION_1_0 ? "1.0" : "1.1";
    response_.elapsed_s = static_cast<double>(elapsed_us) / 1e6;
}

Outcome Transfer::finish(CURLcode code) {
    // libcurl takes an answer whose connection ends within the header for a success without a body.
    if (!failure_ && code == CURLE_OK && !header_ended_) code = CURLE_PARTIAL_FILE;
    if (!failure_ && code != CURLE_OK) failure_ = failure_of(easy_.get(), code, request_, error_message_.data());
    if (!failure_) {
        guarded(0, [&]() -> std::size_t {
            deliver_head();
            complete_response();
            sink_->finish(response_);
            return 1;
        });
    }
    sink_.reset();
    if (failure_) return std::move(*failure_).with("sent", sent_);
    return std::move(response_);
}

}  // namespace uhost::http
