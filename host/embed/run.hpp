#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "host/runtime/host.hpp"

// Code that runs in a host with values in and out. For programs that embed uhost: unlike Host::run_code, nothing here
// writes what goes wrong; it is thrown, as an Error.
//
// All of it belongs to the host's thread, and must be gone before the host is. A host runs one script at a time: what is
// called by a script of the host cannot run another in it, and throws `usage`.
namespace uhost {

/// Code that runs in steps, on a loop of your own:
///
///     uhost::Run run(host, "local a, b = ... return { sum = a + b }", "sum", "[1, 2]");
///     while (run.step()) wait_for(run.descriptor(), run.timeout_ms());
///     std::string json = run.result();  // {"sum":3}
///
/// A loop with callbacks (GLib, Qt, Asio) watches the descriptor for reading, sets a timer to timeout_ms(), calls step() at
/// either, and sets the timer anew. The descriptor stays the same for as long as the host lives.
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

/// A value that crosses as JSON: a list, or a table with string keys.
struct Json {
    std::string text;
};

/// A value that goes to Lua or comes from it: nil, a boolean, a number, a string of any bytes, or what is more than that.
struct Value : std::variant<std::nullptr_t, bool, double, std::string, Json> {
    using variant::variant;
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    Value(Integer number) : variant(static_cast<double>(number)) {}
    Value(const char* text) : variant(std::string(text)) {}
    Value(std::string_view text) : variant(std::string(text)) {}
};

/// A Lua function that is kept, to be called many times:
///
///     uhost::Function price(host, "local rate = ... return function(n) return n * rate end", "price", {1.19});
///     double gross = std::get<double>(price({100}));
///
/// A call is a run of its own: it may wait, be interrupted, and has the host's limits.
class Function {
public:
    /// Runs `code`, which returns the function. Throws as evaluate() does, and `script` when it returns something else.
    Function(Host& host, std::string_view code, const std::string& name, std::initializer_list<Value> arguments = {});

    /// The first value that it returns. Throws what it raises.
    Value operator()(std::initializer_list<Value> arguments) const { return call(nullptr, arguments); }
    /// The same with JSON: a list of arguments in, a value out.
    std::string call_json(std::string_view arguments) const { return call_json(nullptr, arguments); }

private:
    friend class Policy;
    struct Kept;

    explicit Function(std::shared_ptr<const Kept> kept) : kept_(std::move(kept)) {}
    static std::vector<Function> all(Host& host, std::string_view code, const std::string& name,
                                     std::initializer_list<Value> arguments);
    // With `first`, that is the first argument.
    Value call(const std::string* first, std::initializer_list<Value> arguments) const;
    std::string call_json(const std::string* first, std::string_view arguments) const;

    std::shared_ptr<const Kept> kept_;
};

/// A policy, loaded into a worker process of its own, where it can do no harm: see `uhost help policy`. Its files are read
/// again when they were edited. Arguments and results are copied: plain data only.
///
///     uhost::Policy rules(host, "crash_tests");
///     std::string issues = rules.call_json("issues_of", R"(["tests/crashes/12.rs", ""])");  // [12]
class Policy {
public:
    /// From `folder`, or "" for the repository's and the shipped ones. Throws `policy.…` errors.
    explicit Policy(Host& host, const std::string& name, const std::string& folder = {});
    /// Ends the worker.
    ~Policy();
    Policy(const Policy&) = delete;
    Policy& operator=(const Policy&) = delete;

    /// Calls one of its functions. Throws what goes wrong as `policy.…` errors that name the file and line.
    Value call(const std::string& function, std::initializer_list<Value> arguments) const;
    std::string call_json(const std::string& function, std::string_view arguments) const;
    /// Calls it once for each list of arguments, and gives the list of results: [[1], [2]] to [2,4]. Many times as fast as
    /// calls one by one, for the lists cross at once.
    std::string map_json(const std::string& function, std::string_view argument_lists) const;

private:
    std::vector<Function> parts_;
};

/// What runs of a host with `dry_run` would have changed since the last call, as `--plan-json` writes it.
std::string take_plan(Host& host);

}  // namespace uhost
