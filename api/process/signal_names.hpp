#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace uhost::process {

/// "SIGTERM" for 15; "signal 77" for one without a name.
std::string signal_name(int number);

/// The number of "SIGTERM" or "TERM"; nothing for an unknown name.
std::optional<int> signal_number(std::string_view name);

}  // namespace uhost::process
