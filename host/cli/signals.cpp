#include "host/cli/signals.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

#include "host/core/process_groups.hpp"
#include "host/runtime/host.hpp"

namespace uhost {
namespace {

std::atomic<Host*> interrupted_host = nullptr;

// Only async-signal-safe calls here.
void on_signal(int signal) {
    const int saved = errno;
    const int code = 128 + signal;  // as shells report it
    Host* const host = interrupted_host.load();
    if (host == nullptr || host->interrupted()) {
        process_groups::kill_all();
        _exit(code);
    }
    if (isatty(STDERR_FILENO) && !(signal == SIGINT && host->interrupts_are_taken())) {
        constexpr char notice[] = "\nstopping… press Ctrl-C again to stop at once\n";
        [[maybe_unused]] const auto written = write(STDERR_FILENO, notice, sizeof notice - 1);
    }
    host->interrupt(code);
    errno = saved;
}

void handle(int signal, void (*handler)(int)) {
    struct sigaction action{};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(signal, &action, nullptr);
}

}  // namespace

SignalHandlers::SignalHandlers(Host& host) {
    interrupted_host.store(&host);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) handle(signal, on_signal);
    handle(SIGPIPE, SIG_IGN);
    handle(SIGCHLD, SIG_DFL);  // if we were started with it ignored, the exit codes of children would be lost
}

SignalHandlers::~SignalHandlers() { interrupted_host.store(nullptr); }

}  // namespace uhost
