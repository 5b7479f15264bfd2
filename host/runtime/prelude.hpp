#pragma once

namespace uhost {

class Host;

/// Opens Lua's libraries in the host's interpreter, with what the host changes in them:
/// - `print` and `io.write` to standard output pass through the host's masking;
/// - `os.exit` lets other tasks clean up and closes the interpreter;
/// - coroutine.resume and wrap hand a host wait inside them on to the task, so that user coroutines may wait;
/// - primitives load when touched, and the global `uhost` holds version, fail, is_error, and the run's own facts.
void open_libraries(Host& host);

}  // namespace uhost
