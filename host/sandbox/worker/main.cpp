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
    int all_layers = 0;
    if (count != 2 || std::sscanf(arguments[1], "%llu,%llu,%d", &memory_bytes, &deadline_ms, &all_layers) != 3) return 2;
    limits.memory_bytes = memory_bytes;
    limits.deadline_ms = deadline_ms;
    auto holds = confine(limits.memory_bytes);
    WorkerChannel channel;
    std::string layers;
    DataWriter writer(layers);
    bool all_hold = true;
    for (std::size_t layer = 0; layer < Layers::count; ++layer) {
        writer.write(holds.at(layer) ? 1.0 : 0.0);
        all_hold = all_hold && holds.at(layer);
    }
    channel.write(Operation::alive, layers);
    if (all_layers != 0 && !all_hold) return 4;
    try {
        Session(channel, limits).serve();
    } catch (const std::bad_alloc&) {
        return 3;  // of frames; the host sees the socket close
    }
}
