#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace uhost {

/// What becomes of a mutation, besides being made.
enum class MutationScope {
    audited,  ///< planned under a dry run, otherwise written to the audit trail
    local,    ///< planned under a dry run, otherwise made without a trail: files of this machine
    scratch,  ///< made even under a dry run, and never mentioned: temporary files, the host's own state
};

/// A change to the world, declared before it is made.
struct Mutation {
    std::string kind;     ///< the primitive and what it does: "git.push", "github.create_issue"
    std::string target;   ///< what it changes: "rust-lang/rust#123", "refs/heads/main", a path
    std::string summary;  ///< one line for people
    std::vector<std::pair<std::string, std::string>> details = {};  ///< operands, as text
    MutationScope scope = MutationScope::audited;
    /// Whoever declares it has checked what the script is allowed to do (see Permissions). Where that is not everything, a
    /// mutation without it is denied.
    bool permitted = false;
    int times = 1;  ///< in a plan: how often it was recorded
};

/// A mutation as the trail remembers it. Times are ISO 8601, UTC.
struct AuditEntry {
    std::int64_t id = 0;
    std::string started_at;
    std::optional<std::string> ended_at;
    std::string kind, target, summary;
    std::vector<std::pair<std::string, std::string>> details;
    std::string outcome;  ///< "done", "failed", or "started": it is being made, or its process ended half-way
    std::string result;   ///< what came of it, or why it failed
    std::string machine, user, script;
    std::int64_t process = 0;
};

/// Which entries to read: the newest, newest first.
struct AuditQuery {
    std::string kind{};  ///< only of this kind, or, ending in '.', of this primitive ("git."); empty: all
    std::int64_t limit = 100;
    std::string script{};  ///< only of scripts whose path ends in this name, which may lack its ".lua"; empty: all
    std::string since{};   ///< only what was begun at this time (ISO 8601, UTC) or later; empty: all
    std::string outcome{}; ///< "done", "failed" or "started"; empty: all
};

/// Remembers what was changed. The entry is written before the change is made, so that a crash in between shows.
class AuditTrail {
public:
    virtual ~AuditTrail() = default;
    /// Throws when it cannot be written: then the change must not be made.
    virtual std::int64_t started(const Mutation& mutation) = 0;
    /// `outcome` is "done" or "failed"; `result` is what came of it, or why it failed.
    virtual void ended(std::int64_t entry, const std::string& outcome, const std::string& result) = 0;
    virtual std::vector<AuditEntry> history(const AuditQuery& query) = 0;
};

}  // namespace uhost
