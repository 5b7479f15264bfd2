#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace uhost::json {

/// Appends `text` as a JSON string. Bytes that are not UTF-8 become U+FFFD when `replace` is set; otherwise the offset
/// (from 0) of the first is returned and what was appended is of no use.
std::optional<std::size_t> append_string(std::string& out, std::string_view text, bool replace);

/// Appends a finite number, so that reading it gives the same double: whole numbers up to 2^53 as digits, others in
/// the shortest form.
void append_number(std::string& out, double value);

}  // namespace uhost::json
