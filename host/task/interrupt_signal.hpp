#pragma once

#include <csignal>

namespace uhost {

/// While it lives, Host::interrupt() also reaches scripts that compute: it sends `signal` to the thread that runs them,
/// whose handler, installed here, makes them stop. Without it a script stops where it next waits.
///
/// For main(), since signals belong to the whole process: one object for all hosts. SIGURG is what Go's runtime uses for the
/// same purpose; nothing else sends it, and processes without a handler ignore it. The threads that run scripts must
/// not block it. What runs already when it is made is reached from its next step on.
class InterruptSignal {
public:
    explicit InterruptSignal(int signal = SIGURG);
    ~InterruptSignal();
    InterruptSignal(const InterruptSignal&) = delete;
    InterruptSignal& operator=(const InterruptSignal&) = delete;

private:
    int signal_;
    struct sigaction previous_{};
};

}  // namespace uhost
