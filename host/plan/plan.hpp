#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "host/plan/mutation.hpp"

namespace uhost {

/// A mutation that is being made. Set its outcome, then call record(). If the last holder lets go without record(), the
/// outcome is recorded all the same: as failed when none was set, because of an error or a cancelled task.
///
/// The outcome may be set on another thread than the loop's, by one thread at a time. All else, and the destructor,
/// belong to the loop's thread.
class PendingMutation {
public:
    /// Keeps an outcome ("done", "failed") and what came of it.
    using Keep = std::function<void(const std::string& outcome, const std::string& result)>;

    /// `keep` is null for a mutation that leaves no trail.
    explicit PendingMutation(Keep keep) : keep_(std::move(keep)) {}
    PendingMutation(const PendingMutation&) = delete;
    PendingMutation& operator=(const PendingMutation&) = delete;
    ~PendingMutation();

    void succeeded(std::string summary);
    void failed(std::string reason);

    /// Writes the outcome to the trail, once. Throws what the trail throws.
    void record();

private:
    Keep keep_;  // null once recorded
    std::string outcome_ = "failed";
    std::string result_ = "ended by an error, or cancelled";
};

/// Every mutation passes through here: `bind::Call::mutate` for bound functions, `plan.perform` for Lua. Loop thread only.
class Plan {
public:
    using OpenTrail = std::function<std::shared_ptr<AuditTrail>()>;

    /// `open_trail` is called at the first audited mutation, and the first look into the history.
    Plan(bool dry_run, OpenTrail open_trail) : dry_run_(dry_run), open_trail_(std::move(open_trail)) {}

    /// Tells each audited mutation as it is planned, begun and ended, as a JSON object: see HostOptions::observer.
    void observe(std::function<void(std::string json)> observer) { observer_ = std::move(observer); }

    bool dry_run() const { return dry_run_; }
    /// Begins or ends a dry run. Throws `plan.fixed` unless make_switchable() was called.
    void set_dry_run(bool dry_run);
    void make_switchable() { switchable_ = true; }
    /// Whether this is a dry run, or may become one.
    bool may_be_dry_run() const { return dry_run_ || switchable_; }

    /// Null under a dry run: the mutation is recorded, and the caller must not make it but answer as if it had.
    /// Otherwise the audit entry is written, and the caller makes the mutation.
    /// Text must be masked by the caller's Output when shown; the audit trail masks by itself.
    std::shared_ptr<PendingMutation> begin(Mutation mutation);

    /// Under a dry run, records a mutation that was made in a copy; what is recorded again is counted.
    void record(Mutation mutation);

    /// Under a dry run, remembers what its reader should know beside the plan: a command that ran confined, a request that
    /// was sent all the same. What is noted again is counted. Without one, does nothing.
    void note(Mutation about);

    /// What was changed before, by this process and others: see AuditQuery. Throws what opening the trail throws.
    std::vector<AuditEntry> history(const AuditQuery& query) { return trail().history(query); }

    /// What a dry run has recorded, in order.
    const std::vector<Mutation>& recorded() const { return recorded_; }
    const std::vector<Mutation>& notes() const { return notes_; }
    /// Forgets both, for the next run.
    void clear();

private:
    AuditTrail& trail();
    void tell(const Mutation& mutation, const char* state, std::int64_t id = 0) const;

    bool dry_run_, switchable_ = false;
    OpenTrail open_trail_;
    std::shared_ptr<AuditTrail> trail_;
    std::function<void(std::string json)> observer_;
    std::vector<Mutation> recorded_;
    std::vector<Mutation> notes_;
};

/// The plan as a table for people, and as JSON:
/// {"version":1,"mutations":[{"kind","target","summary","times","details":{}}],"notes":[the same]}.
std::string render_plan_text(const Plan& plan);
std::string render_plan_json(const Plan& plan);

}  // namespace uhost
