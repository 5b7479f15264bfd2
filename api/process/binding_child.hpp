#pragma once

#include "api/process/binding_options.hpp"
#include "api/process/children.hpp"
#include "host/plan/plan.hpp"

namespace uhost::process {

/// Pushes the object that a script holds of a started program.
int give_child(bind::Call& call, std::shared_ptr<Child> child, const Options& options, std::optional<Permit> permit);

}  // namespace uhost::process
