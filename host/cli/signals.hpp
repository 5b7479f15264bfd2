#pragma once

#include "host/task/interrupt_signal.hpp"

namespace uhost {

class Host;

/// While it lives, Ctrl-C (SIGINT), SIGTERM and SIGHUP interrupt `host`: tasks are cancelled and clean up. The exit code is
/// 128 and the signal's number. A second one, while the first is being obeyed, ends the process at once. SIGPIPE is
/// ignored, so that a lost peer is an error to report.
class SignalHandlers {
public:
    explicit SignalHandlers(Host& host);
    ~SignalHandlers();
    SignalHandlers(const SignalHandlers&) = delete;
    SignalHandlers& operator=(const SignalHandlers&) = delete;

private:
    InterruptSignal interrupt_signal_;
};

}  // namespace uhost
