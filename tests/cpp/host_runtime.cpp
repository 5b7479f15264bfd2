// Host as an embedder uses it: runs that follow each other, hosts side by side, and what interrupts them.
#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <lua.hpp>
#include <thread>
#include <vector>

#include "host/runtime/host.hpp"
#include "host/task/interrupt_signal.hpp"

using namespace uhost;

namespace {

struct Text : TextSink {
    std::string text;
    void write(std::string_view more) override { text += more; }
};

// What a host writes, in place of this process's standard output and error.
struct Captured {
    std::shared_ptr<Text> output = std::make_shared<Text>(), error = std::make_shared<Text>();
    HostOptions options() const {
        HostOptions options;
        options.read_settings_file = false;
        options.output = output;
        options.error = error;
        return options;
    }
};

HostOptions quiet_options() { return Captured().options(); }

int run(Host& host, std::string_view code) { return host.run_code(code, "test", {}); }

// What Lua holds after a full collection, in bytes.
double lua_bytes(Host& host) {
    lua_gc(host.lua(), LUA_GCCOLLECT, 0);
    lua_gc(host.lua(), LUA_GCCOLLECT, 0);
    return lua_gc(host.lua(), LUA_GCCOUNT, 0) * 1024.0 + lua_gc(host.lua(), LUA_GCCOUNTB, 0);
}

// Runs `code`, which calls `ready()` before it computes, and interrupts it there from another thread.
int run_interrupted(Host& host, const std::string& code) {
    static std::atomic<bool> ready;
    ready = false;
    lua_register(host.lua(), "ready", [](lua_State*) {
        ready = true;
        return 0;
    });
    std::thread other([&host] {
        while (!ready) std::this_thread::yield();
        // Into the loop, so that it may be compiled by now; the outcome does not depend on it.
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        host.interrupt();
    });
    const int code_of_run = run(host, code);
    other.join();
    return code_of_run;
}

}  // namespace

TEST_CASE("host: a run after os.exit starts afresh") {
    Host host(quiet_options());
    CHECK(run(host, "os.exit(7)") == 7);
    CHECK(run(host, "return 3") == 3);
    CHECK(run(host, "task.spawn(os.exit, 4):join()") == 4);
    CHECK(run(host, "reached = true") == 0);
    CHECK(run(host, "return reached and 5 or 6") == 5);
}

TEST_CASE("host: a script that returns false has findings") {
    Host host(quiet_options());
    CHECK(run(host, "return false") == 1);
    CHECK(run(host, "return true") == 0);
    CHECK(run(host, "return nil") == 0);
}

TEST_CASE("host: a deadlock ends the run, and the next starts afresh") {
    Host host(quiet_options());
    CHECK(run(host, "local first first = task.spawn(function() first:await() end)") == 3);
    CHECK(run(host, "return 3") == 3);
}

TEST_CASE("host: ended tasks leave nothing behind, whatever became of them") {
    Host host(quiet_options());
    constexpr std::string_view tasks = R"lua(
        for i = 1, 1000 do
            task.spawn(function() return i end):join()
            local own
            own = task.spawn(function() task.sleep(0) return own == nil end)
            own:await()
            pcall(task.scope, function() error({ big = ("x"):rep(1000) .. i }) end)
            pcall(task.scope, function() task.spawn(error, "child " .. i) task.sleep(1) end)
            task.spawn(function() task.sleep(60) end):cancel()
        end)lua";
    REQUIRE(run(host, tasks) == 0);
    const double before = lua_bytes(host);
    for (int i = 0; i < 20; ++i) REQUIRE(run(host, tasks) == 0);  // more than 100,000 tasks
    CHECK(lua_bytes(host) < before + 16 * 1024);
}

TEST_CASE("host: a thousand runs, and a thousand that fail, take no more memory than one") {
    Host host(quiet_options());
    const auto run_all = [&] {
        run(host, "task.map({1, 2, 3}, function(x) return x end)");
        run(host, "error({ kind = 'usage', message = 'on purpose' })");
        run(host, "task.spawn(function() task.sleep(60) end) os.exit(2)");
        run(host, "this does not compile");
    };
    for (int i = 0; i < 500; ++i) run_all();  // by then all that is compiled has been
    const double before = lua_bytes(host);
    for (int i = 0; i < 1000; ++i) run_all();
    CHECK(lua_bytes(host) < before + 16 * 1024);
}

// ThreadSanitizer holds signals back until the program calls into the C library, which a compiled loop never does.
// It does not see that libuv closes descriptors, by system calls of its own, and takes their next use for a race.
#ifdef __SANITIZE_THREAD__
constexpr bool signals_reach_loops = false;
extern "C" const char* __tsan_default_suppressions() {
    return "race:^open$\nrace:epoll_create1\nrace:eventfd\nrace:pipe2\n";
}
#else
constexpr bool signals_reach_loops = true;
#endif

TEST_CASE("host: an interrupt ends loops, compiled or not, wherever they run") {
    if (!signals_reach_loops) return;
    const InterruptSignal signal;
    const char* loops[] = {
        "ready() while true do end",
        "ready() local x = 0 for i = 1, 1e12 do x = x + i end return x",
        "ready() local t = {} while true do t[1] = 1 end",
        "ready() jit.off() while true do end",
        "local function f(n) return n > 0 and f(n - 1) or 0 end ready() while true do f(100) end",
        "ready() coroutine.wrap(function() while true do end end)()",
        "ready() coroutine.wrap(function() for i = 1, 1e12 do local t = { i } end end)()",
        "ready() xpcall(function() while true do end end, debug.traceback) while true do end",
        "ready() while true do pcall(function() while true do end end) end",
        "ready() while true do xpcall(error, function(e) return e end) end",
        "ready() while true do coroutine.resume(coroutine.create(error)) end",
        "ready() while true do pcall(task.sleep, 60) end",
        "ready() for i = 1, 1e12 do local s = ('x'):rep(100) .. i end",
        "task.spawn(function() task.spawn(function() ready() while true do end end) while true do task.sleep(0) end "
        "end)",
        "task.scope(function() task.spawn(function() ready() while true do end end) end)",
        "task.spawn(function() while true do end end) ready() while true do end",
    };
    for (const auto* loop : loops) {
        INFO(loop);
        Host host(quiet_options());
        CHECK(run_interrupted(host, loop) == 130);
        CHECK_FALSE(host.interrupted());
        CHECK(run(host, "local x = 0 for i = 1, 1000 do x = x + i end return x == 500500 and 7") == 7);
    }
}

TEST_CASE("host: an interrupted script cleans up, also after a loop that swallowed the first error") {
    if (!signals_reach_loops) return;
    const InterruptSignal signal;
    for (const auto* body : {"while true do end", "while true do pcall(function() while true do end end) end"}) {
        INFO(body);
        Host host(quiet_options());
        const auto code = std::string("ready() task.finally(function() ") + body +
                          " end, function() local n = 0 for i = 1, 1e5 do n = n + i end task.sleep(0) cleaned = n end)";
        CHECK(run_interrupted(host, code) == 130);
        CHECK(run(host, "return cleaned == 5000050000 and 7") == 7);
    }
}

TEST_CASE("host: a cancelled task cannot go on by catching every error") {
    Host host(quiet_options());
    CHECK(run(host, R"lua(
        local ok, failure = pcall(task.timeout, 0.01, function() while true do pcall(task.sleep, 60) end end)
        return not ok and failure.kind == "timeout" and 7)lua") == 7);
}

TEST_CASE("host: an interrupt between runs ends the next, once") {
    Host host(quiet_options());
    host.interrupt(143);
    CHECK(run(host, "task.sleep(60)") == 143);
    CHECK(run(host, "return 3") == 3);
}

TEST_CASE("host: the first interrupt of each run is obeyed") {
    const InterruptSignal signal;
    Host host(quiet_options());
    const auto* loop = signals_reach_loops ? "ready() while true do end" : "ready() while true do task.sleep(0) end";
    for (int i = 0; i < 3; ++i) CHECK(run_interrupted(host, loop) == 130);
}

TEST_CASE("host: it has the environment that it is given, and no other") {
    REQUIRE(::setenv("UHOST_TEST_VARIABLE", "of the process", 1) == 0);
    Captured captured;
    {
        Host host(captured.options());
        CHECK(run(host, "print(os.getenv('UHOST_TEST_VARIABLE'), process.run({'/usr/bin/env'}).stdout == '')") == 0);
    }
    auto options = captured.options();
    options.environment = Environment{{"UHOST_TEST_VARIABLE", "of the host"}, {"UHOST_OFFLINE", "1"}};
    Host host(options);
    CHECK(run(host, "print(os.getenv('UHOST_TEST_VARIABLE'), uhost.offline, process.run({'/usr/bin/env'}).stdout)") == 0);
    CHECK(captured.output->text == "nil\ttrue\nof the host\ttrue\tUHOST_OFFLINE=1\nUHOST_TEST_VARIABLE=of the host\n\n");
    CHECK(std::string(std::getenv("UHOST_TEST_VARIABLE")) == "of the process");
    ::unsetenv("UHOST_TEST_VARIABLE");
}

TEST_CASE("host: two hosts take the same secrets, and the process keeps them") {
    for (int i = 0; i < 2; ++i) {
        Captured captured;
        auto options = captured.options();
        options.environment = Environment{{"GITHUB_TOKEN", "ghp_0123456789abcdef"}};
        Host host(options);
        CHECK(host.secrets_taken() == std::vector<std::string>{"GITHUB_TOKEN"});
        CHECK(run(host, "print(os.getenv('GITHUB_TOKEN'), 'ghp_0123456789abcdef')") == 0);
        CHECK(captured.output->text == "nil\t***\n");
    }
}

TEST_CASE("host: two hosts write to places of their own, whatever a script writes with") {
    Captured first, second;
    Host one(first.options()), two(second.options());
    run(one, "print('a') io.write('b') io.stdout:write('c', 1) io.output():write('d') io.stderr:write('e')");
    run(two, "error('f')");
    CHECK(first.output->text == "a\nbc1d");
    CHECK(first.error->text == "e");
    CHECK(second.output->text.empty());
    CHECK(second.error->text.starts_with("error: test:1: f\n"));
}

TEST_CASE("host: its clock is the one that it is given") {
    auto options = quiet_options();
    options.clock = [] { return std::chrono::system_clock::time_point(std::chrono::seconds(86400)); };
    Host host(options);
    CHECK(run(host, "return time.now() == 86400 and 7") == 7);
    CHECK(run(host, "return os.time() == 86400 and os.time({ year = 1970, month = 1, day = 3, hour = 12 }) > 86400 and 7") == 7);
    Captured captured;
    auto with_log = captured.options();
    with_log.clock = options.clock;
    with_log.environment = Environment{{"UHOST_LOG_TIMESTAMPS", "1"}};
    Host logging(with_log);
    CHECK(run(logging, "log.warn('late')") == 0);
    CHECK(captured.error->text.find("1970-01-02T00:00:00Z") != std::string::npos);
    CHECK(run(host, "return os.date('!%F') == '1970-01-02' and os.date('!%F', 0) == '1970-01-01' and 7") == 7);
}

TEST_CASE("host: a run that waits ends when its time is over, wherever within a millisecond it began") {
    auto options = quiet_options();
    options.time_limit_s = 0.002;
    Host host(options);
    for (int i = 0; i < 100; ++i) {
        std::this_thread::sleep_for(std::chrono::microseconds(137));
        CHECK(run(host, "task.sleep(3600)") != 0);
    }
}

TEST_CASE("host: eight hosts on eight threads run side by side, again and again") {
    const InterruptSignal signal;
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&wrong, i] {
            for (int round = 0; round < 3; ++round) {
                Captured captured;
                Host host(captured.options());
                const auto code = "local n = 0 for _, x in ipairs(task.map({1, 2, 3}, function(x) task.sleep(0.001) return x end)) "
                                  "do n = n + x end print(n + " + std::to_string(i) + ") return 5";
                if (run(host, code) != 5 || captured.output->text != std::to_string(6 + i) + "\n") ++wrong;
                if (run(host, "error('on purpose')") != 2) ++wrong;
                std::thread other([&host] { host.interrupt(); });
                const auto* loop = signals_reach_loops ? "while true do end" : "while true do task.sleep(0) end";
                if (run(host, loop) != 130) ++wrong;
                other.join();
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(wrong == 0);
}

TEST_CASE("host: a script that needs more memory than allowed fails with an error that says so, and the next runs") {
    Captured captured;
    auto options = captured.options();
    options.memory_limit_bytes = 32 << 20;
    Host host(options);
    CHECK(run(host, "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end") == 3);
    CHECK(captured.error->text.find("take more than 32 MiB") != std::string::npos);
    CHECK(captured.error->text.find("--memory") != std::string::npos);
    CHECK(run(host, "return #('x'):rep(1000000) == 1000000 and 7") == 7);
    CHECK(run(host, "task.scope(function() local s = 'x' while true do s = s .. s end end)") == 3);
    CHECK(run(host, "local ok = pcall(string.rep, 'x', 1e9) return not ok and 7") == 7);
}
