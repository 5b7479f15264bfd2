#pragma once

#include "api/kb/log.hpp"
#include "api/kb/matcher.hpp"
#include "host/bind/object.hpp"

namespace uhost::kb {

/// What scripts hold; engine.lua puts a class around each.
extern const bind::Type<Log> log_type;
extern const bind::Type<Matcher> matcher_type;

/// Functions of `kb`; see binding_log.cpp and binding_matcher.cpp.
int open_log(bind::Call& call);
int open_spool(bind::Call& call);
int compile(bind::Call& call);

}  // namespace uhost::kb
