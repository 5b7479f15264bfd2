#include "host/cli/signals.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "host/core/process_groups.hpp"
#include "host/runtime/host.hpp"

namespace uhost {
namespace {

std::atomic<Host*> interrupted_host = nullptr;
std::atomic<bool> already_interrupted = false;

// Only async-signal-safe calls here.
void on_signal(int) {
    if (already_interrupted.exchange(true)) {
        process_groups::kill_all();
        _exit(static_cast<int>(ExitCode::interrupted));
    }
    if (isatty(STDERR_FILENO)) {
        constexpr char notice[] = "\nstopping… press Ctrl-C again to stop at once\n";
        [[maybe_unused]] const auto written = write(STDERR_FILENO, notice, sizeof notice - 1);
    }
    if (Host* host = interrupted_host.load()) host->interrupt();
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
}

SignalHandlers::~SignalHandlers() { interrupted_host.store(nullptr); }

}  // namespace uhost
