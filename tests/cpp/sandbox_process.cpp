// The worker by itself, asked as no host would ask it, and the host's side with a worker that misbehaves.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "host/lua/interpreter.hpp"
#include "host/modules/modules.hpp"
#include "host/sandbox/evaluate.hpp"
#include "host/sandbox/plain_data.hpp"
#include "host/sandbox/sandbox.hpp"
#include "tests/cpp/temporary_folder.hpp"

namespace {

using namespace uhost;
using namespace uhost::sandbox;

std::filesystem::path worker() { return Locations::find().library / "sandbox-worker"; }

std::optional<WorkerProcess::Frame> next_frame(WorkerProcess& process) {
    for (int waited = 0; waited < 500 && !process.gone(); ++waited) {
        if (auto frame = process.receive()) return frame;
        process.wait(20);
    }
    return process.receive();
}

std::string payload(std::initializer_list<std::string_view> texts) {
    std::string bytes;
    DataWriter writer(bytes);
    for (const auto text : texts) writer.write(text);
    return bytes;
}

std::string words_of(const WorkerProcess::Frame& frame) {
    DataReader reader(frame.payload);
    const auto kind = reader.text_or("");
    return kind + ": " + reader.text_or("");
}

// A program in place of the worker.
std::filesystem::path stand_in(const TemporaryFolder& folder, const std::string& script) {
    const auto path = folder.path() / "worker";
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    ::chmod(path.c_str(), 0700);
    return path;
}

// One that no layer keeps in, and that ends for that reason.
std::filesystem::path lacking_worker(const TemporaryFolder& folder) {
    return stand_in(folder, "printf 'A\\066\\0\\0\\0' >&0; i=0; while [ $i -lt 6 ]; do "
                            "printf 'n\\0\\0\\0\\0\\0\\0\\0\\0' >&0; i=$((i+1)); done; exit 4");
}

Reply ask(Sandbox& sandbox, Loop& loop, Operation operation, std::string question) {
    const auto ticket = sandbox.ask(operation, std::move(question));
    if (auto reply = sandbox.take_soon(ticket)) return *reply;
    std::optional<Reply> answer;
    sandbox.when_answered(ticket, [&](Reply reply) { answer = std::move(reply); });
    while (!answer && loop.run_once(true)) {
    }
    REQUIRE(answer);
    return *answer;
}

}  // namespace

TEST_CASE("a sandbox worker first says what keeps it in", "[sandbox]") {
    WorkerProcess process(worker(), {});
    const auto frame = next_frame(process);
    REQUIRE(frame);
    CHECK(frame->operation == Operation::alive);
    CHECK_FALSE(frame->payload.empty());
    CHECK(process.end().starts_with("signal 9"));
}

TEST_CASE("a sandbox worker answers questions about rules it does not have", "[sandbox]") {
    WorkerProcess process(worker(), {});
    next_frame(process);
    REQUIRE(process.send(Operation::call, payload({"nothing"})));
    CHECK(words_of(next_frame(process).value()) == "no_function: it has no function 'nothing'");
    REQUIRE(
        process.send(Operation::load, payload({"@a.lua", "return {f = function(...) return select('#', ...) end}"})));
    CHECK(next_frame(process)->operation == Operation::value);
    std::string cut;
    DataWriter writer(cut);
    writer.write("f");
    writer.write(3.0);  // and then no arguments
    REQUIRE(process.send(Operation::call, cut));
    CHECK(words_of(next_frame(process).value()) == "failed: its arguments are malformed");
}

TEST_CASE("a sandbox worker ends when the host sends what cannot be, or goes away", "[sandbox]") {
    WorkerProcess process(worker(), {});
    next_frame(process);
    const std::string impossible = "L\xff\xff\xff\xff";
    REQUIRE(::write(process.socket(), impossible.data(), impossible.size()) == 5);
    CHECK_FALSE(next_frame(process));
    CHECK(process.gone());
}

TEST_CASE("a worker that cannot be started, that dies, or that talks nonsense is a failure with a reason",
          "[sandbox]") {
    Loop loop;
    const TemporaryFolder folder;
    const auto kind_with = [&](const std::filesystem::path& program) {
        Sandbox sandbox(loop, program, {}, {});
        return std::get<Failure>(ask(sandbox, loop, Operation::load, payload({"@a.lua", "return {}"}))).kind;
    };
    CHECK(kind_with(folder.path() / "none") == "worker");
    CHECK(kind_with(stand_in(folder, "exit 3")) == "died");
    CHECK(kind_with(stand_in(folder, "printf 'V\\377\\377\\377\\377' >&0")) == "died");
    CHECK(kind_with(stand_in(folder, "printf 'L\\0\\0\\0\\0' >&0; sleep 5")) == "died");
}

TEST_CASE("a worker that says nothing is killed after the deadline", "[sandbox]") {
    Loop loop;
    const TemporaryFolder folder;
    Sandbox sandbox(loop, stand_in(folder, "exec sleep 60"), {.deadline_ms = 50}, {});
    const auto failure = std::get<Failure>(ask(sandbox, loop, Operation::load, payload({"@a.lua", "return {}"})));
    CHECK(failure.kind == "timeout");
    CHECK(failure.subject == "loading it");
}

TEST_CASE("rules find each other through the host", "[sandbox]") {
    Loop loop;
    std::vector<std::string> wanted;
    Sandbox sandbox(loop, worker(), {}, [&](std::string_view name) -> Sandbox::Source {
        wanted.emplace_back(name);
        if (name == "missing") throw Error("policy.not_found", "no policy 'missing'");
        return {"@other.lua", "return { two = 2 }"};
    });
    const auto rules =
        "local other = require('other') return { f = function() return other.two, require('other').two end,"
        "\n g = function() local m = require('missing') return m end }";
    REQUIRE(std::holds_alternative<std::string>(ask(sandbox, loop, Operation::load, payload({"@a.lua", rules}))));
    std::string question = payload({"f"});
    DataWriter(question).write(0.0);
    CHECK(DataReader(std::get<std::string>(ask(sandbox, loop, Operation::call, question))).number() == 2.0);
    question = payload({"g"});
    DataWriter(question).write(0.0);
    const auto failure = std::get<Failure>(ask(sandbox, loop, Operation::call, question));
    CHECK(failure.message == "no policy 'missing'");
    CHECK(failure.line == 2);
    CHECK(wanted == std::vector<std::string>{"other", "missing"});
}

// Workers that were taken over: programs that speak the protocol, with harm in mind.
namespace {

const char* const taken_over = R"python(
import os, struct, sys, time
def send(operation, payload=b"", size=None):
    view = memoryview(operation + struct.pack("<I", len(payload) if size is None else size) + payload)
    while view: view = view[os.write(0, view):]
def text(value): return b"s" + struct.pack("<I", len(value)) + value
def number(value): return b"n" + struct.pack("<d", value)
def read():
    head = b""
    while len(head) < 5: head += os.read(0, 5 - len(head)) or sys.exit()
    size, = struct.unpack("<I", head[1:])
    while size > 0: size -= len(os.read(0, min(size, 65536)) or sys.exit())
    return head[:1]
send(b"A", number(1) * 6)
)python";

struct TakenOver {
    TemporaryFolder folder;
    std::filesystem::path program(const std::string& attack) {
        std::ofstream(folder.path() / "attack.py") << taken_over << attack << "\n";
        return stand_in(folder, "exec python3 " + (folder.path() / "attack.py").string());
    }
    Failure fails(const std::string& attack, Operation operation = Operation::load) {
        Loop loop;
        Sandbox sandbox(loop, program(attack), {.deadline_ms = 100}, [&](std::string_view) {
            ++sources_found;
            return Sandbox::Source{"@other.lua", std::string(1 << 20, ' ')};
        });
        auto question = payload({"f"});
        DataWriter(question).write(operation == Operation::map ? 2.0 : 0.0);
        return std::get<Failure>(ask(sandbox, loop, operation, question));
    }
    int sources_found = 0;
};

}  // namespace

TEST_CASE_METHOD(TakenOver, "a worker that was taken over puts its end off by no flood and no slow frame", "[sandbox]") {
    CHECK(fails("while True: send(b'A')").kind == "died");
    CHECK(fails("while True: send(b'A')", Operation::map).kind == "died");
    CHECK(fails("send(b'V', b'', 1000)\nwhile True: os.write(0, b's'); time.sleep(0.02)").kind == "timeout");
    CHECK(fails("while True: send(b'A', b'', 1000); time.sleep(0.02)").kind == "timeout");
}

TEST_CASE_METHOD(TakenOver, "a worker that was taken over gets so much from the host and no more", "[sandbox]") {
    CHECK(fails("while True: send(b'W', text(b'other')); read()").kind == "died");
    CHECK(sources_found <= 65);
    sources_found = 0;
    // One that asks and does not read what it gets.
    CHECK(fails("while True: send(b'W', text(b'other'))").kind == "died");
    CHECK(sources_found <= 2);
}

TEST_CASE_METHOD(TakenOver, "a worker that was taken over fails in known ways only, and says little of it", "[sandbox]") {
    CHECK(fails("read(); send(b'F', text(b'exit') + text(b'x')); time.sleep(9)").kind == "died");
    CHECK(fails("read(); send(b'F', text(b'x' * 10**7)); time.sleep(9)").kind == "died");
    const auto long_one = fails("read(); send(b'F', text(b'failed') + text(b'x' * 10**7) + text(b'/etc/passwd') + "
                                "number(1e300) + number(float('nan'))); time.sleep(9)");
    CHECK(long_one.message.size() == 4096);
    CHECK(long_one.line == 1'000'000'000);
    CHECK(long_one.item == 0);
}

TEST_CASE("values of a worker that was taken over claim no more than they bring", "[sandbox]") {
    // Lists within lists, each of which claims all that is left.
    std::string nested;
    for (int level = 0; level < 90; ++level) {
        const std::uint32_t count = 60'000'000;
        nested += 'l';
        nested.append(reinterpret_cast<const char*>(&count), sizeof count);
    }
    nested.append(61'000'000, '0');
    const Interpreter interpreter(std::size_t{64} << 20);
    CHECK_FALSE(DataReader(nested).push(interpreter.state()));
    CHECK(lua_gc(interpreter.state(), LUA_GCCOUNT, 0) < 32 * 1024);
}

TEST_CASE("a worker that needs all layers ends before it sees a rule", "[sandbox]") {
    Loop loop;
    const TemporaryFolder folder;
    Sandbox sandbox(loop, lacking_worker(folder), {.all_layers = true}, {});
    std::string refused;
    sandbox.on_layers([&](Layers layers) { refused = refused_layers(layers); });
    const auto failure = std::get<Failure>(ask(sandbox, loop, Operation::load, payload({"@a.lua", "return {}"})));
    CHECK(failure.kind == "worker");
    CHECK(failure.message == "the kernel refuses layers of the sandbox: "
                             "descriptors, limits, user, privileges, files, system_calls");
    CHECK(refused == "descriptors, limits, user, privileges, files, system_calls");
}

TEST_CASE("what a worker said it lacks is known although it ended before it had its file", "[sandbox]") {
    const TemporaryFolder folder;
    const std::string source(8 << 20, ' ');  // more than a socket holds: sending it fails
    const auto failure = std::get<Failure>(evaluate(lacking_worker(folder), {.all_layers = true}, "@a.lua", source));
    CHECK(failure.kind == "worker");
    CHECK(failure.message.find("the kernel refuses layers of the sandbox: descriptors") == 0);
}
