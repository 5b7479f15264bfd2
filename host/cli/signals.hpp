#pragma once

namespace uhost {

class Host;

/// While it lives, Ctrl-C (SIGINT), SIGTERM and SIGHUP interrupt `host`: tasks are cancelled and clean up. A second one
/// ends the process at once with the same exit code. SIGPIPE is ignored, so that a lost peer is an error to report.
class SignalHandlers {
public:
    explicit SignalHandlers(Host& host);
    ~SignalHandlers();
    SignalHandlers(const SignalHandlers&) = delete;
    SignalHandlers& operator=(const SignalHandlers&) = delete;
};

}  // namespace uhost
