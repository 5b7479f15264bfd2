#pragma once

#include "host/core/descriptor.hpp"

namespace uhost::process {

/// Marks every descriptor above standard error to be closed on exec, so that no child inherits what a script, or who
/// started this process, has open. Lua's io.open does not do so by itself. Affects the whole process, for good.
void keep_descriptors_from_children();

}  // namespace uhost::process
