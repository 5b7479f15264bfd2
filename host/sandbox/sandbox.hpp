#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "host/sandbox/protocol.hpp"
#include "host/sandbox/worker_process.hpp"
#include "host/task/loop.hpp"
#include "host/task/timer.hpp"

namespace uhost::sandbox {

/// Why a request has no answer, in the words of the rules.
struct Failure {
    std::string
        kind;  ///< syntax, failed, result, value, no_function, timeout, memory, died, worker (none can be started)
    std::string message;  ///< one line, without a position
    std::string file;     ///< of the rule; "" if it is not known
    std::string remedy;
    std::string subject;   ///< the function called, or "loading it"
    int line = 0;          ///< 0 if it is not known
    std::size_t item = 0;  ///< of a list, from 1; 0 for a single call
    std::string path = {};  ///< of a value that is not plain data: where it is, ".list[3]", and what is wrong with it
    std::string problem = {};
};

/// What a worker's first frame says.
std::optional<Layers> read_layers(std::string_view payload);
/// Why a worker that needs all layers has ended.
Failure failure_of_refused(Layers layers);
/// The names of the layers that do not hold, with commas between them; "" when all do.
std::string refused_layers(Layers layers);

/// What a worker's `failure` says.
Failure read_failure(std::string_view payload);

/// The values of an answer, for a DataReader; or why there is none.
using Reply = std::variant<std::string, Failure>;

/// The worker's program, in the folder of native modules.
inline std::filesystem::path worker_in(const std::filesystem::path& library) { return library / "sandbox-worker"; }

/// The place one set of rules runs in: a worker process of its own, started at the first request and again after it
/// was killed, with what was loaded loaded anew. Requests are answered one at a time, in their order. A worker that
/// does not answer in time is killed; one that gets no turn on the processor is waited for, up to `busy_machine` times
/// as long. Loop thread only.
///
/// A worker may have been taken over by what it ran. What it can cost the host is bounded: how many frames it sends for
/// a request, how long they put off the deadline (a sign of life counts for each item of a list once), how much it may
/// ask for, and what its values take. What it says of files is for the caller to check.
class Sandbox {
public:
    struct Source {
        std::string chunk_name;  ///< "@" and the file's path
        std::string text;
    };
    /// Finds the rule file that another requires; throws an Error whose message the rule then raises.
    using FindSource = std::function<Source(std::string_view name)>;
    using Ticket = std::uint64_t;

    Sandbox(Loop& loop, std::filesystem::path worker, WorkerLimits limits, FindSource find_source);
    ~Sandbox();
    Sandbox(const Sandbox&) = delete;
    Sandbox& operator=(const Sandbox&) = delete;

    /// Calls `report` with the layers of each worker that is started, as it says them.
    void on_layers(std::function<void(Layers)> report) { report_layers_ = std::move(report); }

    /// Queues a request behind the earlier ones. The payload is as protocol.hpp describes it.
    Ticket ask(Operation operation, std::string payload);
    /// The reply, if it comes within a moment (half a millisecond): most do, and the task then need not yield.
    std::optional<Reply> take_soon(Ticket ticket);
    /// Calls `answered` with the reply, from the loop.
    void when_answered(Ticket ticket, std::function<void(Reply)> answered);
    /// Nobody waits for it any more. The request being answered is ended with its worker.
    void forget(Ticket ticket);

    /// Starts the worker if need be, and waits until it has reported what keeps it in. Nothing if it does not.
    std::optional<Layers> layers();

private:
    struct Request {
        Ticket ticket;
        Operation operation;
        std::string payload;
        std::function<void(Reply)> answered = {};
        bool reloads = false;  ///< made by this class, after a restart
        std::size_t items = 1;  ///< of a map
    };

    void start_worker();
    void stop_worker();
    void send_first();
    void pump();
    void take_frame(const WorkerProcess::Frame& frame);
    void take_sign_of_life(std::string_view payload);
    void give_source(std::string_view payload);
    bool send_source(Operation operation, const std::string& answer);
    void finish(Reply reply);
    void worker_died();
    bool is_next(Ticket ticket) const;
    void watch();
    void expect_life();
    void start_timer();
    void on_deadline();

    Loop& loop_;
    std::filesystem::path program_;
    WorkerLimits limits_;
    FindSource find_source_;
    std::unique_ptr<WorkerProcess> worker_;
    std::optional<Layers> layers_;
    std::function<void(Layers)> report_layers_;
    std::string rules_;                // the payload of a load that went well
    std::deque<Request> requests_;     // the first is being answered
    std::map<Ticket, Reply> replies_;  // that nobody has taken yet
    Ticket last_ticket_ = 0;
    UvHandle<uv_poll_t> poll_;
    std::unique_ptr<Timer> timer_;
    std::uint64_t processor_ns_ = 0;  // what the worker had used when it was last heard of
    std::uint64_t rounds_ = 0;        // how often the timer ran since
    std::size_t signs_of_life_ = 0, sources_ = 0, source_bytes_ = 0;  // of the first request
};

}  // namespace uhost::sandbox
