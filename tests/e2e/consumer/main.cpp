// A program that embeds uhost as its users do: from an installed prefix, through the public headers only. Two hosts with
// environments, secrets and outputs of their own run on two threads, and one of them is interrupted; values go in and out.
#include <cstdio>
#include <string>
#include <thread>

#include "host/embed/define.hpp"
#include "host/embed/run.hpp"
#include "host/runtime/host.hpp"
#include "host/task/interrupt_signal.hpp"

namespace {

struct Text : uhost::TextSink {
    std::string text;
    void write(std::string_view more) override { text += more; }
};

struct Embedded {
    std::shared_ptr<Text> output = std::make_shared<Text>(), error = std::make_shared<Text>();
    uhost::Host host;

    explicit Embedded(const std::string& name) : host(options(name)) {}

    uhost::HostOptions options(const std::string& name) const {
        uhost::HostOptions options;
        options.environment = uhost::Environment{{"NAME", name}};
        options.secrets = {{"TOKEN", "secret-of-" + name}};
        options.output = output;
        options.error = error;
        options.read_settings_file = false;
        return options;
    }
    int run(std::string_view code) { return host.run_code(code, "code", {}); }
};

int failures = 0;

void check(bool holds, const char* what) {
    if (holds) return;
    ++failures;
    std::printf("FAILED %s\n", what);
}

template <class Body>
bool fails(const char* kind, const Body& body) {
    try {
        body();
    } catch (const uhost::Error& error) {
        if (error.kind() == kind) return true;
        std::printf("got the error %s: %s\n", error.kind().c_str(), error.message().c_str());
        return false;
    }
    return false;
}

void check_values(uhost::Host& host) {
    using uhost::Json;
    const uhost::Function echo(host, "local suffix = ... return function(v) return type(v) == 'string' and v .. suffix or v end",
                               "echo", {"!"});
    check(std::get<std::string>(echo({"text"})) == "text!" && std::get<double>(echo({3})) == 3, "values go in and out");
    check(std::get<bool>(echo({true})) && std::holds_alternative<std::nullptr_t>(echo({})), "so do booleans and nil");
    check(std::get<Json>(echo({Json{"[1,{\"a\":2}]"}})).text == "[1,{\"a\":2}]", "lists and tables are JSON");
    check(fails("json.syntax", [&] { echo({Json{"["}}); }), "JSON is checked");
    check(echo.call_json("[\"x\"]") == "\"x!\"", "a function takes JSON as well");
    const uhost::Function sleeper(host, "return function() task.sleep(0.001) return 'slept' end", "sleeper");
    check(std::get<std::string>(sleeper({})) == "slept", "a function may wait");
    uhost::define(host, "again", "run", [&](std::string_view) { return uhost::evaluate(host, "return 1", "inner"); });
    check(fails("usage", [&] { uhost::evaluate(host, "return require('again').run()", "outer"); }),
          "what a script calls runs no other one");
    const uhost::Policy rules(host, "crash_tests");
    check(std::get<Json>(rules.call("issues_of", {"tests/crashes/12.rs", ""})).text == "[12]", "a policy is called");
    check(fails("policy.no_function", [&] { rules.call("no_such", {}); }), "its errors are thrown");
}

}  // namespace

int main() {
    const uhost::InterruptSignal signal;
    Embedded first("first"), second("second");
    int computed = 0;
    std::thread other([&] {
        Embedded mine("third");
        computed = mine.run("task.sleep(0.01) return task.map({1, 2}, function(x) return x * 3 end)[2]");
    });
    check(first.run("print(os.getenv('NAME'), os.getenv('HOME'), 'secret-of-first')") == 0, "the first host runs");
    check(second.run("io.stdout:write(os.getenv('NAME')) io.stderr:write('to error')") == 0, "the second host runs");
    check(first.output->text == "first\tnil\t***\n", "the first has its environment, secrets and output");
    check(second.output->text == "second" && second.error->text == "to error", "the second has its own");
    check(first.run("error('no')") == 2 && first.error->text.find("no") != std::string::npos, "a failure is reported");
    check(first.run("os.exit(7)") == 7 && first.run("return 3") == 3, "a host runs again");
    std::thread stopper([&] { second.host.interrupt(); });
    check(second.run("while true do end") == 130, "a loop is interrupted");
    stopper.join();
    other.join();
    check(computed == 6, "a host runs on another thread");
    check_values(first.host);
    return failures == 0 ? 0 : 1;
}
