#include "api/db/location.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "host/core/error.hpp"

namespace uhost::db {

std::filesystem::path database_file(std::string_view text) {
    if (text.empty() || text.find('\0') != text.npos) {
        throw Error("argument", "bad argument #1 'path' to 'db.open': expected the path of a file")
            .hint("db.open() opens the store of the state folder, db.open(\":memory:\") a database in memory");
    }
    const auto scheme = text.substr(0, text.find("://"));
    const auto is_letter = [](unsigned char c) { return std::isalnum(c) != 0; };
    if (scheme.size() < text.size() && !scheme.empty() && std::ranges::all_of(scheme, is_letter)) {
        throw Error("db.unsupported",
                    fmt::format("databases at '{}://' addresses cannot be opened", scheme.substr(0, 20)))
            .hint("SQLite files can: db.open(\"history.sqlite\"), or db.open() for the store of the state folder");
    }
    return std::filesystem::path(text);
}

}  // namespace uhost::db
