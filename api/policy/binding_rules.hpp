#pragma once

#include "api/policy/rules.hpp"
#include "host/bind/object.hpp"

namespace uhost::policy::binding {

/// Pushes the object that asks rules. In Lua it is wrapped by a handle; see init.lua.
void push_rules(bind::Call& call, std::shared_ptr<Rules> rules);

}  // namespace uhost::policy::binding
