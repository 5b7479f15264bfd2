#pragma once

#include <string>

#include "host/plan/mutation.hpp"
#include "host/runtime/store_place.hpp"
#include "host/secrets/vault.hpp"
#include "host/store/database.hpp"

namespace uhost {

/// The audit trail in a store of its own. It is apart from the store `uhost`, since a script may make a change
/// while it holds a write transaction there, and since a script's tables are its own to drop while the trail is not.
///
/// Every text is masked by the vault, then cut: a detail or result after 4 KiB, a summary after 1 KiB; of more than 64
/// details the first are kept. The newest 100,000 entries are kept. An entry is written once and ended once.
///
/// Writes reach the disk before they return, and are made on the calling thread: mutations are few. Loop thread only.
class StoredAuditTrail : public AuditTrail {
public:
    /// `vault` must outlive it. Throws as store::Database does.
    StoredAuditTrail(const StorePlace& place, const Vault& vault, std::string script);

    std::int64_t started(const Mutation& mutation) override;
    void ended(std::int64_t entry, const std::string& outcome, const std::string& result) override;
    std::vector<AuditEntry> history(const AuditQuery& query) override;

private:
    std::string masked(const std::string& text, std::size_t longest) const;
    std::string masked_details(const Mutation& mutation) const;
    void drop_oldest(std::int64_t newest);

    store::Database database_;
    const Vault& vault_;
    std::string machine_, user_, script_;
};

}  // namespace uhost
