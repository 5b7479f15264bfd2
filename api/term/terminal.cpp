#include "api/term/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace uhost::term {
namespace {

constexpr int min_columns = 20, default_columns = 80, max_columns = 10'000;

int columns_in(const Environment& environment) {
    const auto digits = environment.text("COLUMNS");
    int columns = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), columns);
    return error == std::errc() && end == digits.data() + digits.size() ? columns : 0;
}

}  // namespace

int terminal_columns(const Environment& environment) {
    int columns = columns_in(environment);
    for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
        winsize size{};
        if (columns <= 0 && ioctl(descriptor, TIOCGWINSZ, &size) == 0) columns = size.ws_col;
    }
    return std::clamp(columns > 0 ? columns : default_columns, min_columns, max_columns);
}

bool takes_utf8(const Environment& environment) {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        auto locale = environment.text(name);
        if (locale.empty()) continue;
        std::ranges::transform(locale, locale.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    }
    return false;
}

}  // namespace uhost::term
