#pragma once

#include "host/bind/call.hpp"

namespace uhost::kb {

// What the Lua half keeps of knowledge bases, as functions that scripts do not see.

int kept(bind::Call& call);
int keep(bind::Call& call);
int stamps(bind::Call& call);

}  // namespace uhost::kb
