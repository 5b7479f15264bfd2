#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "host/core/spawn.hpp"
#include "host/sandbox/protocol.hpp"

namespace uhost::sandbox {

/// A running sandbox worker and the host's end of its socket. It starts with an empty environment, in `/`, with no
/// descriptor but the socket, and ends with this object: by SIGKILL, reaped. Not tied to a loop; one thread at a time.
class WorkerProcess {
public:
    struct Frame {
        Operation operation;
        std::string payload;
    };

    /// Throws `policy.worker` if the program cannot be started.
    WorkerProcess(const std::filesystem::path& program, const WorkerLimits& limits);

    int socket() const { return socket_.get(); }
    pid_t id() const { return process_->id(); }

    /// Sends a frame whole; the worker reads whenever it is not answering. False if it is gone.
    bool send(Operation operation, std::string_view payload);
    /// Waits at most so long for something to read or for the worker's end.
    void wait(int milliseconds) const;
    /// A frame, if one is there whole. Does not wait.
    std::optional<Frame> receive();
    /// Whether the worker has closed the socket, or sent what no worker sends.
    bool gone() const { return gone_; }
    /// How long it has run on a processor, in nanoseconds; 0 when that is not known.
    std::uint64_t processor_ns() const;
    /// Ends it and says how it ended: "signal 31 (Bad system call)", "exit code 3".
    std::string end();

private:
    bool read_more();

    Descriptor socket_;
    std::optional<ChildProcess> process_;
    bool gone_ = false;
    std::string received_;
};

}  // namespace uhost::sandbox
