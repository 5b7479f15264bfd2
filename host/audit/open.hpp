#pragma once

#include <memory>

namespace uhost {

class AuditTrail;
class Host;

/// The audit trail, `audit.sqlite` in the state folder. Its code, and SQLite with it, is loaded by this call.
std::shared_ptr<AuditTrail> open_audit_trail(Host& host);

}  // namespace uhost
