#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <system_error>
#include <thread>

#include "host/core/spawn.hpp"
#include "tests/cpp/temporary_folder.hpp"

using namespace uhost;

namespace {

struct Result {
    std::string output;
    ProcessExit exit;
};

Result run(SpawnOptions options) {
    auto [read_end, write_end] = make_pipe();
    options.streams[1] = options.streams[2] = write_end.get();
    auto child = ChildProcess::spawn(options);
    write_end.close();
    Result result;
    CHECK(read_all(read_end.get(), result.output, 1 << 20) == 0);
    result.exit = child.wait();
    return result;
}

Result shell(const std::string& script, SpawnOptions options = {}) {
    options.arguments = {"sh", "-c", script};
    if (options.environment.empty()) options.environment = current_environment();
    return run(std::move(options));
}

int start_failure(const SpawnOptions& options) {
    try {
        ChildProcess::spawn(options);
    } catch (const std::system_error& error) {
        return error.code().value();
    }
    return 0;
}

}  // namespace

TEST_CASE("spawn: output, exit codes and signals") {
    CHECK(shell("echo out; echo err >&2; exit 3").output == "out\nerr\n");
    CHECK(shell("exit 3").exit.code == 3);
    const auto killed = shell("kill -SEGV $$").exit;
    CHECK(killed.signal == SIGSEGV);
}

TEST_CASE("spawn: a program that cannot start is an exception with the reason, and leaves no process behind") {
    const TemporaryFolder folder;
    const auto plain = folder.write("plain", "text").string();
    CHECK(start_failure({.arguments = {"no-such-program-here"}}) == ENOENT);
    CHECK(start_failure({.arguments = {plain}}) == EACCES);
    CHECK(start_failure({.arguments = {"true"}, .folder = "/no/such/folder"}) == ENOENT);
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
    CHECK(errno == ECHILD);
}

TEST_CASE("spawn: programs are looked up in the PATH of their own environment") {
    const TemporaryFolder folder;
    ::chmod(folder.write("a/tool", "not for running").c_str(), 0644);
    ::chmod(folder.write("b/tool", "echo no interpreter line: $1\n").c_str(), 0755);
    const auto path = "PATH=" + (folder.path() / "a").string() + ":" + (folder.path() / "b").string();
    CHECK(run({.arguments = {"tool", "x"}, .environment = {path}}).output == "no interpreter line: x\n");
    CHECK(start_failure({.arguments = {"tool"}, .environment = {"PATH=" + (folder.path() / "a").string()}}) == EACCES);
}

TEST_CASE("spawn: the environment is exactly what was given") {
    const auto environment = with_changes({"A=1", "AB=2", "C=3"}, {{"A", "x"}, {"C", std::nullopt}, {"D", "y"}});
    CHECK(environment == EnvironmentEntries{"AB=2", "A=x", "D=y"});
    CHECK(run({.arguments = {"/usr/bin/env"}, .environment = environment}).output == "AB=2\nA=x\nD=y\n");
}

TEST_CASE("spawn: the child has a session of its own, default signals and no other open files") {
    const Descriptor opened(::open("/etc/passwd", O_RDONLY));  // without O_CLOEXEC
    ::signal(SIGUSR1, SIG_IGN);
    sigset_t some, before;
    sigemptyset(&some);
    sigaddset(&some, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &some, &before);
    const auto result = shell("echo $$ $(ps -o sid= -p $$); ls /proc/self/fd; kill -TERM $$");
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::signal(SIGUSR1, SIG_DFL);
    CHECK(result.exit.signal == SIGTERM);
    const auto line = result.output.substr(0, result.output.find('\n'));
    CHECK(line.substr(0, line.find(' ')) == line.substr(line.find_last_of(' ') + 1));
    CHECK(result.output.ends_with("\n0\n1\n2\n3\n"));  // 3 is the folder that ls reads
}

TEST_CASE("spawn: works while this process's own standard streams are closed") {
    auto [read_end, write_end] = make_pipe();
    const Descriptor input(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10));
    ::close(STDIN_FILENO);
    REQUIRE(::dup2(write_end.get(), STDIN_FILENO) == STDIN_FILENO);
    auto child = ChildProcess::spawn({.arguments = {"echo", "x"}, .streams = {-1, STDIN_FILENO, -1}});
    ::dup2(input.get(), STDIN_FILENO);
    write_end.close();
    std::string output;
    CHECK(read_all(read_end.get(), output, 100) == 0);
    CHECK(output == "x\n");
}

TEST_CASE("spawn: what the process and its children used is counted") {
    const auto busy = shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done").exit;
    CHECK(busy.user_seconds + busy.system_seconds > 0.01);
    CHECK(busy.peak_memory_bytes > 500'000);
    // The memory is that of a grandchild.
    const auto large = shell("sh -c 'head -c 60000000 /dev/zero | tail -c 50000000 > /dev/null'; true").exit;
    CHECK(large.peak_memory_bytes > 40'000'000);
}

TEST_CASE("spawn: limits hold in the child only") {
    SpawnOptions limited;
    limited.limits = {.cpu_seconds = 1, .memory_bytes = 1ULL << 30, .file_bytes = 1024 * 1024, .open_files = 40};
    CHECK(shell("ulimit -t; ulimit -v; ulimit -n", limited).output == "1\n1048576\n40\n");
    const TemporaryFolder folder;
    const auto file = (folder.path() / "large").string();
    CHECK(shell("exec head -c 2000000 /dev/zero > " + file, limited).exit.signal == SIGXFSZ);
    CHECK(std::filesystem::file_size(file) == 1024 * 1024);
    CHECK(shell("while :; do :; done", limited).exit.signal == SIGXCPU);
}

TEST_CASE("spawn: the exit descriptor becomes readable, and a dropped child is gone with its group") {
    auto child = ChildProcess::spawn({.arguments = {"true"}, .environment = current_environment()});
    pollfd entry{child.exit_descriptor(), POLLIN, 0};
    if (child.exit_descriptor() >= 0) CHECK(::poll(&entry, 1, 20'000) == 1);
    CHECK(child.wait().code == 0);
    pid_t group = 0;
    auto [read_end, write_end] = make_pipe();
    {
        const auto dropped = ChildProcess::spawn({.arguments = {"sh", "-c", "sleep 1000 & echo; wait"},
                                                  .environment = current_environment(),
                                                  .streams = {-1, write_end.get(), -1}});
        write_end.close();
        char byte = 0;
        CHECK(::read(read_end.get(), &byte, 1) == 1);
        group = dropped.id();
    }
    std::string rest;
    CHECK(read_all(read_end.get(), rest, 1) == 0);  // the sleeping grandchild held the pipe open
    CHECK(group > 0);
}

TEST_CASE("spawn: many threads at once") {
    std::vector<std::thread> threads;
    std::atomic<int> right = 0;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&right] {
            for (int round = 0; round < 20; ++round) {
                auto child =
                    ChildProcess::spawn({.arguments = {"sh", "-c", "exit 7"}, .environment = current_environment()});
                if (child.wait().code == 7) ++right;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(right == 160);
}

TEST_CASE("confinement: a program reads and runs, and changes nothing outside of its folder") {
    if (Landlock::version() == 0) return;
    const TemporaryFolder outside, own;
    outside.write("kept", "kept\n");
    SpawnOptions options;
    options.folder = outside.path().string();
    options.environment = with_changes(current_environment(), {{"TMPDIR", own.path().string()}});
    options.confinement = std::make_shared<ReadOnlyConfinement>(std::vector{own.path().string()});
    CHECK(shell("cat kept; ls; echo draft > $TMPDIR/draft; mkdir $TMPDIR/a; cat $TMPDIR/draft; echo x > /dev/null",
                options).output == "kept\nkept\ndraft\n");
    SpawnOptions unconfined;
    unconfined.folder = options.folder;
    const std::string state_of_all = "ls; cat kept; stat -c '%a %u %Y %s %h' kept .";
    const auto before = shell(state_of_all, unconfined).output;
    for (const auto* attempt :
         {"echo x > new", "echo x >> kept", ": > kept", "rm kept", "mv kept other", "mkdir new", "ln -s kept new",
          "ln kept new", "ln kept $TMPDIR/new", "mv kept $TMPDIR/", "mkfifo new", "chmod 600 kept",
          "touch -d 2001-01-01 kept", "truncate -s 0 kept", "chown 1:1 kept", "setfattr -n user.a -v b kept",
          "chattr +i kept", "kill -0 $PPID", "renice -n 5 -p $PPID", "bash -c 'exec 3<>/dev/tcp/127.0.0.1/1'",
          "python3 -c 'import socket; socket.socket(socket.AF_UNIX)'", "ipcmk -M 10", "hostname other",
          "mount -t tmpfs none ."}) {
        INFO(attempt);
        CHECK(shell(attempt, options).exit.code != 0);
    }
    CHECK(shell(state_of_all, unconfined).output == before);
    // What it starts can signal each other, where the kernel keeps them apart.
    if (Landlock::version() >= 6) CHECK(shell("sleep 100 & kill $! && wait $!", options).exit.code == 143);
}
