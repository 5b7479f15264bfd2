#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace uhost::policy {

/// A line of a rule file as errors show it: its number and text, and below it a caret under the name that `message`
/// quotes, else under the first word. Safe for terminals; of a long line, the part around the place. Empty when the
/// file has no such line any more.
std::string excerpt(const std::filesystem::path& file, int line, std::string_view message);

}  // namespace uhost::policy
