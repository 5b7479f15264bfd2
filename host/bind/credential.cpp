#include "host/bind/credential.hpp"

namespace uhost::bind {
namespace {

std::string describe(const void* object) {
    const auto& credential = *static_cast<const Credential*>(object);
    return credential.secret + " for " + credential.origin;
}

}  // namespace

const Type<Credential> credential_type{{"uhost.Credential", {}, describe}};

}  // namespace uhost::bind
