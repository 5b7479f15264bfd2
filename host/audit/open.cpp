#include "host/audit/open.hpp"

#include "host/modules/modules.hpp"
#include "host/plan/plan.hpp"
#include "host/runtime/host.hpp"

namespace uhost {

std::shared_ptr<AuditTrail> open_audit_trail(Host& host) {
    using Open = std::shared_ptr<AuditTrail> (*)(const std::filesystem::path& state_folder, const Vault& vault);
    const auto open = reinterpret_cast<Open>(load_native(host.locations(), "audit", "uhost_open_audit_trail"));
    return open(host.state_folder(), host.vault());
}

}  // namespace uhost
