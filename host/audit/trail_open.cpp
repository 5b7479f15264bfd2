// What the host looks for in the library that this becomes.
#include "host/audit/trail.hpp"

extern "C" void uhost_open_audit_trail(const uhost::StorePlace& place, const uhost::Vault& vault,
                                       const std::string& script, std::shared_ptr<uhost::AuditTrail>& trail) {
    trail = std::make_shared<uhost::StoredAuditTrail>(place, vault, script);
}
