#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace uhost {

/// Throws `usage` if an option of uhost that decides what a run may do, such as --dry-run, stands behind a script that
/// does not know it: the script would ignore it, and the run would not be what was asked for. A script knows it if its
/// name is somewhere in `source`, outside of comments. What stands behind "--" is the script's own.
void refuse_misplaced_options(std::string_view source, const std::string& script,
                              const std::vector<std::string>& arguments);

}  // namespace uhost
