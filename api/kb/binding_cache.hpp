#pragma once

#include <filesystem>

#include "host/bind/call.hpp"

namespace uhost::kb {

/// What was made of the shipped knowledge bases when uhost was built: laid out like the state folder.
std::filesystem::path shipped_cache(const bind::Call& call);

// What the Lua half keeps of knowledge bases, as functions that scripts do not see.

int kept(bind::Call& call);
int keep(bind::Call& call);
int stamps(bind::Call& call);

}  // namespace uhost::kb
