#pragma once

#include "api/process/binding_options.hpp"
#include "api/process/children.hpp"
#include "host/bind/mutation.hpp"

namespace uhost::process {

/// Pushes the object that a script holds of a started program. `pending` is null unless the program changes something.
int give_child(bind::Call& call, std::shared_ptr<Child> child, const Options& options,
               std::shared_ptr<PendingMutation> pending);

}  // namespace uhost::process
