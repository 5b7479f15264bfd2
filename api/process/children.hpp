#pragma once

#include <memory>
#include <set>
#include <vector>

#include "api/process/child.hpp"

namespace uhost::process {

/// Every program that is running. Destroying it, which the end of a script does, ends them all and waits for that.
class Children {
public:
    explicit Children(Loop& loop) : loop_(loop) {}
    ~Children();
    Children(const Children&) = delete;
    Children& operator=(const Children&) = delete;

    /// Starts a program and keeps it until it is over. `owner` is any number to end it by; 0 for none.
    std::shared_ptr<Child> start(const Command& command, const Streams& streams, std::uint64_t owner);
    /// Whether this owner is new: its end is then to be told to owner_ended().
    bool add_owner(std::uint64_t owner) { return owners_.insert(owner).second; }
    /// With `badly`, ends what was started for that owner and still runs.
    void owner_ended(std::uint64_t owner, bool badly);

private:
    struct Running {
        std::shared_ptr<Child> child;
        std::uint64_t owner;
    };
    void keep(const std::shared_ptr<Child>& child, std::uint64_t owner);

    Loop& loop_;
    std::vector<Running> running_;
    std::set<std::uint64_t> owners_;
    /// Dropped at the loop's next turn: their own code still runs when they are put here.
    std::shared_ptr<std::vector<std::shared_ptr<Child>>> over_ =
        std::make_shared<std::vector<std::shared_ptr<Child>>>();
};

/// What a script holds of a program: the program ends with it.
class ChildHandle {
public:
    explicit ChildHandle(std::shared_ptr<Child> child) : child_(std::move(child)) {}
    ~ChildHandle() { child_->terminate(true); }
    ChildHandle(const ChildHandle&) = delete;
    ChildHandle& operator=(const ChildHandle&) = delete;
    const std::shared_ptr<Child>& child() const { return child_; }

private:
    std::shared_ptr<Child> child_;
};

}  // namespace uhost::process
