#pragma once

#include <string>
#include <string_view>

#include "host/sandbox/protocol.hpp"

namespace uhost::sandbox {

/// The worker's end of the socket, which is its standard input. Blocking; reads and writes whole frames, and ends the
/// process when the host is gone or says what no host would.
class WorkerChannel {
public:
    struct Frame {
        Operation operation;
        std::string payload;
    };

    Frame read();
    void write(Operation operation, std::string_view payload);
};

}  // namespace uhost::sandbox
