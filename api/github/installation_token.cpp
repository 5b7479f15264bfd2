#include "api/github/installation_token.hpp"

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "host/core/error.hpp"

namespace uhost::github {
namespace {

constexpr std::size_t longest_token = 4096;

// "2026-01-31T12:00:00Z", as all of GitHub's times are.
std::optional<std::int64_t> seconds_of(const std::string& text) {
    int year = 0, hour = 0, minute = 0, second = 0;
    unsigned month = 0, day = 0;
    if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) != 6) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (!date.ok()) return std::nullopt;
    const auto moment = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute);
    return std::chrono::duration_cast<std::chrono::seconds>(moment.time_since_epoch()).count() + second;
}

std::string text_at(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

InstallationToken parse_installation_token(std::string_view body) {
    const auto object = nlohmann::json::parse(body, nullptr, false);
    if (object.is_object()) {
        InstallationToken made{text_at(object, "token"), 0};
        const auto expires_at = seconds_of(text_at(object, "expires_at"));
        if (!made.token.empty() && made.token.size() <= longest_token && expires_at) {
            made.expires_at = *expires_at;
            return made;
        }
    }
    throw Error("github.protocol", "GitHub's answer to the request for a token holds no token")
        .hint("check github.api_url; a proxy in between may answer in GitHub's place");
}

}  // namespace uhost::github
