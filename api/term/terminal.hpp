#pragma once

#include "host/core/environment.hpp"

namespace uhost::term {

/// The columns of the terminal that this process writes to: COLUMNS if it is set to a number, what the terminal says, or
/// 80. From 20 on.
int terminal_columns(const Environment& environment);

/// Whether the locale says that text is UTF-8.
bool takes_utf8(const Environment& environment);

}  // namespace uhost::term
