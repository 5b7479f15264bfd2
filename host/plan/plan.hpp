#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/audit/audit_trail.hpp"

namespace uhost {

/// A change to the world, declared before it is made.
struct Mutation {
    std::string kind;     ///< "git.push", "github.create_issue": the primitive that makes it
    std::string target;   ///< what it changes: "rust-lang/rust#123", "refs/heads/main", a path
    std::string summary;  ///< one line for people
    std::vector<std::pair<std::string, std::string>> details;  ///< operands, as text
    bool audited = true;  ///< false for local files, which are planned but leave no trail
};

/// Leave to make one change. Say done() when it is made; destroyed before that, it is recorded as failed.
class Permit {
public:
    Permit(std::shared_ptr<AuditTrail> trail, std::int64_t entry) : trail_(std::move(trail)), entry_(entry) {}
    Permit(Permit&&) = default;
    Permit& operator=(Permit&&) = delete;
    ~Permit();
    void done(const std::string& result = "");
    void failed(const std::string& reason);

private:
    void end(const std::string& outcome, const std::string& result);

    std::shared_ptr<AuditTrail> trail_;  // null once ended, or for changes that leave no trail
    std::int64_t entry_;
};

/// Everything that changes the world goes through here. Loop thread only.
class Plan {
public:
    using OpenTrail = std::function<std::shared_ptr<AuditTrail>()>;

    /// `open_trail` is called at the first audited change, and the first look into the history.
    Plan(bool dry_run, OpenTrail open_trail) : dry_run_(dry_run), open_trail_(std::move(open_trail)) {}

    bool dry_run() const { return dry_run_; }

    /// Under a dry run: records the change and returns nothing; the caller must not make it, and answers as if it were
    /// made. Otherwise: writes the audit entry and returns the permit to go ahead.
    /// Text must be masked by the caller's Output when shown; the audit trail masks by itself.
    std::optional<Permit> declare(Mutation mutation);

    /// What was changed before, by this process and others: see AuditQuery. Throws what opening the trail throws.
    std::vector<AuditEntry> history(const AuditQuery& query) { return trail().history(query); }

    /// What a dry run has recorded, in order.
    const std::vector<Mutation>& recorded() const { return recorded_; }

private:
    AuditTrail& trail();

    bool dry_run_;
    OpenTrail open_trail_;
    std::shared_ptr<AuditTrail> trail_;
    std::vector<Mutation> recorded_;
};

/// The plan as a table for people, and as JSON: {"version":1,"mutations":[{"kind","target","summary","details":{}}]}.
std::string render_plan_text(const std::vector<Mutation>& mutations);
std::string render_plan_json(const std::vector<Mutation>& mutations);

}  // namespace uhost
