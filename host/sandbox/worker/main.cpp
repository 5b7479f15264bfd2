// The sandbox worker: evaluates rules and can do nothing else. Started by the host with one end of a socket as its
// standard input; reads its limits from its only argument, gives up everything it does not need, says what holds, and
// serves. See host/sandbox/protocol.hpp.
#include <cstdio>
#include <new>

#include "host/sandbox/worker/confinement.hpp"
#include "host/sandbox/worker/session.hpp"

using namespace uhost::sandbox;

int main(int count, char** arguments) {
    WorkerLimits limits;
    unsigned long long memory_bytes = 0, deadline_ms = 0;
    if (count != 2 || std::sscanf(arguments[1], "%llu,%llu", &memory_bytes, &deadline_ms) != 2) return 2;
    limits.memory_bytes = memory_bytes;
    limits.deadline_ms = deadline_ms;
    const Confinement holds = confine(limits.memory_bytes);
    WorkerChannel channel;
    std::string layers;
    DataWriter writer(layers);
    for (const bool layer : {holds.descriptors, holds.limits, holds.no_privileges, holds.system_calls}) {
        writer.write(layer ? 1.0 : 0.0);
    }
    channel.write(Operation::alive, layers);
    try {
        Session(channel, limits).serve();
    } catch (const std::bad_alloc&) {
        return 3;  // of frames; the host sees the socket close
    }
}
