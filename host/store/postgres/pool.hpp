#pragma once

#include <condition_variable>
#include <mutex>

#include "host/store/postgres/link.hpp"
#include "host/store/postgres/sql.hpp"

namespace uhost::store::postgres {

/// A link whose unqualified names are those of one schema.
struct Session {
    Session(const Server& server, std::chrono::milliseconds timeout, const std::stop_token& stop)
        : link(server, timeout, stop) {}

    Link link;
    std::string schema;
    std::chrono::steady_clock::time_point idle_since{};
};

/// The connections of this process to one server. The many stores of a host share them: each takes one for a statement
/// or a transaction and gives it back. At most `max_sessions` are open; those that nobody has used for a minute are
/// closed. Any thread.
class Pool {
public:
    explicit Pool(Server server) : server_(std::move(server)) {}

    const Server& server() const { return server_; }

    /// Throws `db.busy` when all are in use for longer than `patience`; `db.open`. Once there was a connection, a
    /// server that cannot be reached is given a few seconds to come back.
    std::unique_ptr<Session> take(const std::string& schema, std::chrono::milliseconds patience,
                                  const std::stop_token& stop);
    void give_back(std::unique_ptr<Session> session) noexcept;

    /// What `session`'s schema holds, as it was when somebody last looked.
    std::shared_ptr<const Catalog> catalog(Session& session);
    /// Tables have changed.
    void forget_catalog(const std::string& schema);

private:
    std::unique_ptr<Session> take_idle(const std::string& schema);
    std::unique_ptr<Session> open(const std::string& schema, const std::stop_token& stop);
    void close_idle(std::chrono::steady_clock::time_point used_before);

    const Server server_;
    std::mutex mutex_;
    std::condition_variable given_back_;
    std::list<std::unique_ptr<Session>> idle_;  // the most recently used first
    std::size_t open_ = 0;                      // idle ones included
    bool was_reached_ = false;
    std::map<std::string, std::shared_ptr<const Catalog>> catalogs_;
};

/// "uhost" as the server's functions compare it, for `search_path` and the like.
Sent text_parameter(std::string text);

}  // namespace uhost::store::postgres
