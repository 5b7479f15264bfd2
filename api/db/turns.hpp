#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <span>

#include "host/task/limit.hpp"

namespace uhost::db {

/// Whose turn it is to use a connection that many tasks share.
///
/// At any level one task at a time has the turn; the others wait in line. A transaction holds the turn of its level
/// from begin to end, and opens a level of its own for the task that runs it and that task's descendants: what they do
/// is part of it, in turn, and may be a transaction again. Everyone else stays in the line outside. Loop thread only.
class Turns {
public:
    struct Level {
        std::uint64_t owner = 0;  ///< the task that runs the transaction; 0 for the connection itself
        Limit turn{1};
    };

    Turns() { levels_.push_back(std::make_shared<Level>()); }

    /// The innermost level that a task belongs to; `ancestry` is its id, then its parent's, and so on.
    std::shared_ptr<Level> level_of(std::span<const std::uint64_t> ancestry) const;
    /// Opens a level, whose turn is free, for `owner`, who has the turn at the level around it.
    std::shared_ptr<Level> open(std::uint64_t owner);
    /// Closes it; nobody may be in its line any more.
    void close(const std::shared_ptr<Level>& level);

private:
    std::list<std::shared_ptr<Level>> levels_;  // outermost first
};

/// One turn, given back on destruction. Made by who has just been granted it.
class Turn {
public:
    explicit Turn(std::shared_ptr<Turns::Level> level) : level_(std::move(level)) {}
    ~Turn() { level_->turn.release(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

private:
    std::shared_ptr<Turns::Level> level_;
};

}  // namespace uhost::db
