#include "host/audit/open.hpp"

#include "host/audit/audit_trail.hpp"
#include "host/modules/modules.hpp"
#include "host/runtime/host.hpp"

namespace uhost {

std::shared_ptr<AuditTrail> open_audit_trail(Host& host) {
    using Open = void (*)(const std::filesystem::path& file, const Vault& vault, const std::string& script,
                          std::shared_ptr<AuditTrail>& trail);
    const auto open = reinterpret_cast<Open>(load_native(host.locations(), "audit", "uhost_open_audit_trail"));
    std::shared_ptr<AuditTrail> trail;
    open(host.state_folder() / "audit.sqlite", host.vault(), host.script(), trail);
    return trail;
}

}  // namespace uhost
