#include "host/runtime/shell.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <vector>

#include "host/core/descriptor.hpp"
#include "host/core/error.hpp"

namespace uhost {
namespace {

// Signals as a program expects to find them: this process ignores or handles some.
void expect_default_signals(posix_spawnattr_t& attributes) {
    sigset_t signals;
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

pid_t start_shell(const std::string& command, const Environment& environment, int output, int error) {
    const auto entries = environment.entries();
    std::vector<char*> variables;
    for (const auto& entry : entries) variables.push_back(const_cast<char*>(entry.c_str()));
    variables.push_back(nullptr);
    char* arguments[] = {const_cast<char*>("sh"), const_cast<char*>("-c"), const_cast<char*>(command.c_str()), nullptr};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, error, STDERR_FILENO);
    expect_default_signals(attributes);
    pid_t child = -1;
    const int failed = ::posix_spawn(&child, "/bin/sh", &files, &attributes, arguments, variables.data());
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return failed == 0 ? child : -1;
}

// Passes on what is there to read; false at the end.
bool pass_on_some(int from, const Output& output, bool is_error) {
    std::array<char, 65536> buffer;
    const auto got = ::read(from, buffer.data(), buffer.size());
    if (got < 0) return errno == EINTR;
    const std::string_view text(buffer.data(), static_cast<std::size_t>(got));
    if (is_error) {
        output.error(text);
    } else {
        output.out(text);
    }
    return got > 0;
}

// Until the child has ended and nothing more is there to read.
void pass_on_all(pid_t child, int from_output, int from_error, const Output& output) {
    const Descriptor end(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    std::array<pollfd, 3> watched{{{from_output, POLLIN, 0}, {from_error, POLLIN, 0}, {end.get(), POLLIN, 0}}};
    while (watched[0].fd >= 0 || watched[1].fd >= 0) {
        const bool ended = (watched[2].revents & POLLIN) != 0;
        const int ready = ::poll(watched.data(), watched.size(), ended ? 0 : -1);
        if (ready < 0 && errno != EINTR) return;
        if (ready <= 0) continue;
        bool read_any = false;
        for (const bool is_error : {false, true}) {
            auto& pipe = watched[is_error ? 1 : 0];
            if (pipe.fd < 0 || pipe.revents == 0) continue;
            read_any = true;
            if (!pass_on_some(pipe.fd, output, is_error)) pipe.fd = -1;
        }
        if (ended && !read_any) return;
    }
}

}  // namespace

int run_shell(const std::string& command, const Environment& environment, const Output& output) {
    auto printed = make_pipe(), complained = make_pipe();
    output.flush();
    const pid_t child = start_shell(command, environment, printed.write.get(), complained.write.get());
    if (child < 0) return -1;
    printed.write.close();
    complained.write.close();
    std::exception_ptr failure;
    try {
        pass_on_all(child, printed.read.get(), complained.read.get(), output);
    } catch (const std::exception&) {
        failure = std::current_exception();
    }
    printed.read.close();
    complained.read.close();
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return -1;
    }
    if (failure) std::rethrow_exception(failure);
    return status;
}

CommandOutput::CommandOutput(const std::filesystem::path& parent, Streams streams)
    : folder_(parent, "io"),
      error_(file("error")),
      output_(streams == Streams::both ? file("output") : Descriptor()) {}

Descriptor CommandOutput::file(const char* name) const {
    const auto path = folder_.path() / name;
    Descriptor made(::open(path.c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!made) throw system_error("io", "cannot make " + path.string(), errno);
    return made;
}

std::string CommandOutput::redirected(std::string_view command) const {
    std::string folder;
    for (const char c : folder_.path().string()) folder += c == '\'' ? "'\\''" : std::string(1, c);
    std::string text = "exec 2>'" + folder + "/error'";
    if (output_) text += " >'" + folder + "/output'";
    // On a line of its own, so that the shell has done it when it complains of the command.
    return text.append("\n").append(command);
}

void CommandOutput::pass_on(const Output& output) const {
    while (output_ && pass_on_some(output_.get(), output, false)) {}
    while (pass_on_some(error_.get(), output, true)) {}
}

}  // namespace uhost
