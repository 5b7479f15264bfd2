// Headers that many sources of the runtime and of bindings include; compiled once.
#include <lua.hpp>

#include "host/cmake/precompiled_core.hpp"
