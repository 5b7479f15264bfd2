#pragma once

#include "host/bind/object.hpp"
#include "host/secrets/credential.hpp"

namespace uhost::bind {

/// Credentials as scripts hold them, shared by the primitives that make them and those that send them.
extern const Type<Credential> credential_type;

}  // namespace uhost::bind
