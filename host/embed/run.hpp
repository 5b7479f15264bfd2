#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "host/runtime/host.hpp"

namespace uhost {

/// Code that runs in a host with values in and out as JSON, at once or in steps. For programs that embed uhost: unlike
/// Host::run_code it reports nothing and throws what went wrong.
///
///     uhost::Run run(host, "local a, b = ... return { sum = a + b }", "sum", "[1, 2]");
///     while (run.step()) wait_for(run.descriptor(), run.timeout_ms());
///     std::string json = run.result();  // {"sum":3}
///
/// Belongs to the host's thread. A host runs one script at a time.
class Run {
public:
    /// `arguments` is a JSON list: what the code gets as `...`. `name` stands for the code in messages. Throws Error:
    /// of kind `script` when the code does not compile, `json` when the arguments are no list.
    Run(Host& host, std::string_view code, const std::string& name, std::string_view arguments = "[]");
    /// Ends it, if it is not over: its tasks are cancelled and clean up.
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// Does what is due and returns without waiting. False when the run is over.
    bool step();
    /// Waits until the run is over.
    void wait();

    /// A descriptor that becomes readable when step() has something to do.
    int descriptor() const;
    /// After how many milliseconds it has something to do without that; -1 for never.
    int timeout_ms() const;

    /// The first value that the code returned, as JSON; "null" without one. Throws what it raised, and `interrupted`
    /// after Host::interrupt. Once, when the run is over.
    std::string result();

private:
    bool advance(bool block);

    Host& host_;
    bool over_ = false, finished_ = false;
};

/// Runs code to its end and gives its result: see Run.
std::string evaluate(Host& host, std::string_view code, const std::string& name, std::string_view arguments = "[]");

/// What runs of a host with `dry_run` would have changed since the last call, as `--plan-json` writes it.
std::string take_plan(Host& host);

/// A function of the program, as scripts call it: it gets its arguments as a JSON list and gives its result as JSON.
/// What it throws is raised in the script, an Error as it is.
using EmbeddedFunction = std::function<std::string(std::string_view arguments)>;

/// Lets scripts of this host call `function` as `require("MODULE").NAME(…)`. Names are Lua's own. A module of uhost, or
/// of a file, cannot be replaced. Not while a script runs.
void define(Host& host, const std::string& module, const std::string& name, EmbeddedFunction function);

}  // namespace uhost
