#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "host/core/descriptor.hpp"
#include "host/core/error.hpp"

namespace uhost::store::postgres {

struct FreeResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, FreeResult>;

/// Where a server is and as whom to go there, as libpq's parameters. The password is in it, never in `name`.
struct Server {
    std::vector<std::pair<std::string, std::string>> parameters;
    std::string name;  ///< "postgres://user@host:5432/database", for messages
    bool operator==(const Server& other) const { return parameters == other.parameters; }
};

/// A parameter as it is sent.
struct Sent {
    Oid type = 0;  ///< 0: the server finds out
    bool null = true, binary = false;
    std::string bytes = {};
};

/// One command of a batch. `sql` is PostgreSQL's. Prepared on the server when it is first sent, unless `once`.
struct Command {
    std::string sql;
    std::vector<Sent> parameters = {};
    bool once = false;
    bool row_by_row = false;  ///< its rows are given one by one, as they come
};

/// A connection to the server that is always in pipeline mode: commands are sent in batches, each of which costs one
/// round trip, and, outside of a transaction, is one. After an error the rest of a batch is skipped.
///
/// Any thread, one at a time. Waiting ends early when the stop token says so: the server is asked to cancel what runs.
class Link {
public:
    /// Throws `db.open`.
    Link(const Server& server, std::chrono::milliseconds timeout, const std::stop_token& stop);
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    const Server& server() const { return server_; }
    /// Whether the server is still there, as far as that is known without asking it.
    bool alive();
    void set_stop(std::stop_token stop) { stop_ = std::move(stop); }
    bool was_stopped() const { return cancelled_; }
    int backend() const { return PQbackendPID(handle_.get()); }

    /// Sends a batch. Its commands' results are then read one after the other: results of a command with next(), until
    /// it gives null, and so on for the next command; end() after the last.
    void send(std::vector<Command> batch);
    /// Null at the end of a command. Throws `db.connection` when the server is lost (see lost()).
    Result next();
    /// Reads up to the end of the batch.
    void end();
    /// Sends one batch and reads it; the last command's last result. Throws what the server answers, as error() has it.
    Result run(std::vector<Command> batch);

    /// Asks the server to stop what runs, which then ends with an error.
    void cancel();
    /// Drops the prepared statements: tables have changed under them.
    void forget_prepared();

    /// Whether nothing is left of the batch but its end.
    bool at_end() const { return expected_.size() == 1; }
    bool in_batch() const { return !expected_.empty(); }
    /// The connection broke, or the server ended it.
    bool lost() const { return PQstatus(handle_.get()) == CONNECTION_BAD; }
    /// Whether the last error came from the server when it ended the connection: then it did not commit what ran.
    bool ended_by_server() const { return ended_by_server_; }

    /// For `result`, which failed, or for the connection when it is null.
    Error error(const PGresult* result, std::string_view sql = {}) const;

    /// What the types of a prepared command's parameters are to the server. Not within a batch.
    std::vector<Oid> parameter_types(const Command& command);

private:
    struct Prepared {
        std::string key, name;
    };
    struct Expected {
        enum class What { preparation, results, end } what;
        std::string key = {}, name = {};  // what is prepared
        bool row_by_row = false;
    };

    void connect(std::chrono::milliseconds timeout);
    bool wait(bool for_writing, std::optional<std::chrono::steady_clock::time_point> until = {});
    void flush();
    void read_input();
    std::string prepare(const Command& command);
    void send(const Command& command);
    void check_sent(int sent);
    Result get();
    [[noreturn]] void fail_lost();

    struct Finish {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };

    Server server_;
    Descriptor wake_;
    std::unique_ptr<PGconn, Finish> handle_;
    std::stop_token stop_;
    bool cancelled_ = false, ended_by_server_ = false;
    std::deque<Expected> expected_;
    std::list<Prepared> prepared_;  // the most recently used first
    std::uint64_t last_name_ = 0;
};

}  // namespace uhost::store::postgres
