#include "api/notify/mail.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "host/core/error.hpp"

namespace uhost::notify {
namespace {

constexpr long connect_timeout_s = 20, timeout_s = 120;

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

struct Source {
    const std::string& text;
    std::size_t position = 0;
};

std::size_t read_some(char* buffer, std::size_t size, std::size_t count, void* data) {
    auto& source = *static_cast<Source*>(data);
    const auto length = std::min(size * count, source.text.size() - source.position);
    std::memcpy(buffer, source.text.data() + source.position, length);
    source.position += length;
    return length;
}

int stop_if_asked(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::stop_token*>(data)->stop_requested() ? 1 : 0;
}

bool is_on_this_machine(const std::string& url) {
    constexpr std::array<std::string_view, 3> places{"smtp://localhost", "smtp://127.0.0.1", "smtp://[::1]"};
    return std::ranges::any_of(places, [&](auto place) {
        if (!url.starts_with(place)) return false;
        return url.size() == place.size() || url[place.size()] == ':' || url[place.size()] == '/';
    });
}

List recipients(const std::vector<std::string>& addresses) {
    List list(nullptr, curl_slist_free_all);
    for (const auto& address : addresses) {
        auto* longer = curl_slist_append(list.get(), fmt::format("<{}>", address).c_str());
        if (longer == nullptr) throw std::bad_alloc();
        static_cast<void>(list.release());
        list.reset(longer);
    }
    return list;
}

[[noreturn]] void fail(CURL* handle, CURLcode code, const Mail& mail, const char* said) {
    long answer = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer);
    auto error = Error("notify.mail", fmt::format("the mail server {} did not take the mail", mail.url));
    std::move(error).native(*said != '\0' ? said : curl_easy_strerror(code));
    if (answer > 0) std::move(error).with("code", static_cast<std::int64_t>(answer));
    if (code == CURLE_LOGIN_DENIED) {
        std::move(error).hint("check notify.smtp_user and SMTP_PASSWORD");
    } else if (code == CURLE_USE_SSL_FAILED) {
        std::move(error).hint("the server offers no STARTTLS; use one that does, or smtps://");
    } else {
        std::move(error).hint("check notify.smtp_url, and that the server takes mail for these addresses");
    }
    throw std::move(error);
}

}  // namespace

bool is_address(const std::string& text) {
    const auto at = text.find('@');
    if (at == 0 || at == std::string::npos || at + 1 == text.size()) return false;
    if (text.find('@', at + 1) != std::string::npos) return false;
    return std::ranges::all_of(text, [](unsigned char c) {
        return c > ' ' && c != 127 && std::strchr("<>,;:\"()[]\\", c) == nullptr;
    });
}

void send_mail(const Mail& mail, const std::stop_token& stop) {
    const Handle handle(curl_easy_init(), curl_easy_cleanup);
    if (!handle) throw std::bad_alloc();
    const auto to = recipients(mail.to);
    std::array<char, CURL_ERROR_SIZE> said{};
    Source source{mail.message};
    const auto set = [&](auto option, auto value) { curl_easy_setopt(handle.get(), option, value); };
    set(CURLOPT_URL, mail.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_ERRORBUFFER, said.data());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, connect_timeout_s);
    set(CURLOPT_TIMEOUT, timeout_s);
    const bool may_be_clear = is_on_this_machine(mail.url) && mail.user.empty();
    set(CURLOPT_USE_SSL, may_be_clear ? long{CURLUSESSL_TRY} : long{CURLUSESSL_ALL});
    if (!mail.ca_file.empty()) set(CURLOPT_CAINFO, mail.ca_file.c_str());
    if (!mail.user.empty()) {
        set(CURLOPT_USERNAME, mail.user.c_str());
        set(CURLOPT_PASSWORD, mail.password.c_str());
    }
    const auto from = fmt::format("<{}>", mail.from);
    set(CURLOPT_MAIL_FROM, from.c_str());
    set(CURLOPT_MAIL_RCPT, to.get());
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, read_some);
    set(CURLOPT_READDATA, &source);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, stop_if_asked);
    set(CURLOPT_XFERINFODATA, &stop);
    const auto code = curl_easy_perform(handle.get());
    if (code != CURLE_OK) fail(handle.get(), code, mail, said.data());
}

}  // namespace uhost::notify
