#pragma once

#include "host/bind/call.hpp"

namespace uhost::fs {

/// fs.watch(paths, options): an iterator that waits for changes.
int watch(bind::Call& call);

}  // namespace uhost::fs
