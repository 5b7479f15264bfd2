#pragma once

namespace uhost {

class Host;

/// Opens Lua's libraries in the host's interpreter, with what the host changes in them:
/// - `print`, and what is written to `io.stdout` and `io.stderr`, pass through the host's masking to its sinks;
/// - `os.getenv` and the search paths of `require` see the host's environment;
/// - `os.exit` lets other tasks clean up and closes the interpreter;
/// - coroutine.resume and wrap hand a host wait inside them on to the task, so that user coroutines may wait;
/// - primitives load when touched, and the global `uhost` holds version, fail, is_error, and the run's own facts.
void open_libraries(Host& host);

}  // namespace uhost
