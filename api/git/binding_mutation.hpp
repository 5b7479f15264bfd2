#pragma once

#include "api/git/binding.hpp"
#include "api/git/references.hpp"

/// How this room makes changes: each is declared to the plan, and its outcome told, whether or not its task is still
/// there to hear of it.
namespace uhost::git::binding {

/// Holds the leave to make one change, and what came of it. Dies on the loop's thread.
class Undertaking {
public:
    explicit Undertaking(Permit permit) : permit_(std::move(permit)) {}
    Undertaking(const Undertaking&) = delete;
    Undertaking& operator=(const Undertaking&) = delete;
    ~Undertaking();

    /// From the job, on its thread.
    void succeeded(std::string result) { result_ = std::move(result); }
    void failed(std::string reason) { reason_ = std::move(reason); }

    /// Writes the outcome to the audit trail; on the loop's thread. Throws when that fails.
    void tell();

private:
    Permit permit_;
    std::optional<std::string> result_, reason_;
};

/// Runs a declared change on the pool: `job(stop)` makes it and returns what the audit trail is to say of it, with what
/// pushes the results. A cancelled task waits for its end. Under a dry run, `planned` is run instead.
struct Made {
    std::string result;
    Finish finish;
};
int make_change(Call& call, Mutation mutation, std::function<Made(std::stop_token)> job,
                std::function<Finish(std::stop_token)> planned);

/// Pushes { ref, before, after } of one changed reference.
void push_change(Call& call, const ReferenceChange& change);
/// Gives the list of them.
Finish give_changes(std::vector<ReferenceChange> changes);

}  // namespace uhost::git::binding
