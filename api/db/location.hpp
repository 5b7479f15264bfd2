#pragma once

#include <filesystem>
#include <string_view>

namespace uhost::db {

/// The file that `db.open(text)` means: a path, or `:memory:`. Throws `db.unsupported` for a URL, without repeating it
/// (it may hold a password), and `argument` for what no file can be called.
std::filesystem::path database_file(std::string_view text);

}  // namespace uhost::db
