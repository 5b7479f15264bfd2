#include "host/sandbox/evaluate.hpp"

#include <fmt/format.h>

#include <chrono>

#include "host/core/error.hpp"
#include "host/sandbox/plain_data.hpp"

namespace uhost::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

// After so many frames, a file that requires others again and again gets no more answers.
constexpr int max_frames = 100;

std::chrono::milliseconds max_duration(const WorkerLimits& limits) {
    return std::chrono::milliseconds(limits.deadline_ms * busy_machine);
}

std::string one_text(std::string_view text) {
    std::string payload;
    DataWriter(payload).write(text);
    return payload;
}

Failure not_in_time(const WorkerLimits& limits) {
    return {"timeout", too_long(limits.deadline_ms), "", "look for a loop without end", "loading it"};
}

}  // namespace

Reply evaluate(const std::filesystem::path& worker, const WorkerLimits& limits, std::string_view chunk_name,
               std::string_view source) try {
    WorkerProcess process(worker, limits);
    std::string payload;
    DataWriter writer(payload);
    writer.write(chunk_name);
    writer.write(source);
    process.send(Operation::load, payload);
    std::optional<Layers> layers;
    const auto end = Clock::now() + max_duration(limits);
    for (int frames = 0; frames < max_frames && Clock::now() < end;) {
        const auto frame = process.receive();  // also what one that ended has said before
        if (!frame && process.gone()) break;
        if (!frame) {
            process.wait(10);
            continue;
        }
        ++frames;
        if (frame->operation == Operation::alive && !layers) layers = read_layers(frame->payload);
        if (frame->operation == Operation::value) return frame->payload;
        if (frame->operation == Operation::failure) return read_failure(frame->payload);
        if (frame->operation == Operation::source_wanted) {
            process.send(Operation::no_source, one_text("it cannot require other files"));
        }
    }
    if (!process.gone()) return not_in_time(limits);
    if (limits.all_layers && layers && !refused_layers(*layers).empty()) return failure_of_refused(*layers);
    return Failure{"died", "its process ended with " + process.end(), "", "", "loading it"};
} catch (const Error& error) {
    return Failure{"worker", error.message(), "", error.hint(), ""};
}

}  // namespace uhost::sandbox
