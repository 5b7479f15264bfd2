#pragma once

#include "host/bind/call.hpp"

namespace uhost::bind {

/// For primitives that keep who is at work: `this_process()` gives { machine, scope, pid, began }, as of ProcessIdentity;
/// `is_gone(scope, pid, began)` says whether such a process of this machine runs no more.
int this_process(Call& call);
int is_gone(Call& call);

}  // namespace uhost::bind
