// The C API: each function catches what its C++ one throws.
#include "host/embed/uhost.h"

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include "host/core/version.hpp"
#include "host/embed/define.hpp"
#include "host/embed/run.hpp"
#include "host/task/interrupt_signal.hpp"

struct uhost_options {
    uhost::HostOptions options;
    uhost::Environment::Variables environment;
};

struct uhost_host {
    uhost::Host host;
};

struct uhost_run {
    uhost::Run run;
};

struct uhost_lua_function {
    uhost::Function function;
};

struct uhost_policy {
    uhost::Policy policy;
};

struct uhost_interrupt_signal {
    uhost::InterruptSignal signal;
};

struct uhost_error {
    std::string kind, message, hint;
};

namespace {

using namespace uhost;

void report(uhost_error** error, const std::exception& thrown) {
    if (error == nullptr) return;
    if (const auto* known = dynamic_cast<const Error*>(&thrown)) {
        *error = new uhost_error{known->kind(), known->message(), known->hint()};
    } else {
        *error = new uhost_error{"memory", thrown.what(), ""};
    }
}

char* copy_of(const std::string& text) {
    auto* copy = static_cast<char*>(std::malloc(text.size() + 1));
    if (copy != nullptr) std::memcpy(copy, text.c_str(), text.size() + 1);
    return copy;
}

template <class Result, class Body>
Result guarded(uhost_error** error, Result failed, const Body& body) {
    if (error != nullptr) *error = nullptr;
    try {
        return body();
    } catch (const std::exception& thrown) {
        report(error, thrown);
        return failed;
    }
}

template <class Body>
char* text_of(uhost_error** error, const Body& body) {
    return guarded<char*>(error, nullptr, [&] { return copy_of(body()); });
}

const char* or_list(const char* arguments) { return arguments == nullptr ? "[]" : arguments; }

struct SinkOfC : TextSink {
    SinkOfC(uhost_sink to, void* with) : sink(to), context(with) {}
    void write(std::string_view text) override { sink(context, text.data(), text.size()); }
    uhost_sink sink;
    void* context;
};

std::optional<Access> access_named(std::string_view name) {
    using enum Access;
    for (const auto& [known, access] : {std::pair{"read", read},
                                        {"write", write},
                                        {"net", net},
                                        {"run", run},
                                        {"env", env},
                                        {"git_write", git_write},
                                        {"github_write", github_write},
                                        {"ffi", ffi}}) {
        if (name == known) return access;
    }
    return std::nullopt;
}

EmbeddedFunction function_of(uhost_function function, void* context) {
    return [function, context](std::string_view arguments) {
        char* message = nullptr;
        char* result = function(context, std::string(arguments).c_str(), &message);
        const std::unique_ptr<char, decltype(&std::free)> owned(result, std::free), reason(message, std::free);
        if (result != nullptr) return std::string(result);
        throw Error("embedded", message != nullptr ? message : "the function failed");
    };
}

}  // namespace

extern "C" {

const char* uhost_version(void) { return version; }
void uhost_free(char* text) { std::free(text); }

const char* uhost_error_kind(const uhost_error* error) { return error->kind.c_str(); }
const char* uhost_error_message(const uhost_error* error) { return error->message.c_str(); }
const char* uhost_error_hint(const uhost_error* error) { return error->hint.c_str(); }
void uhost_error_free(uhost_error* error) { delete error; }

uhost_options* uhost_options_new(void) {
    auto* made = new uhost_options;
    made->options.read_settings_file = false;
    made->options.permissions = Permissions::everything();
    return made;
}
void uhost_options_free(uhost_options* options) { delete options; }

void uhost_options_set_environment(uhost_options* options, const char* name, const char* value) {
    options->environment[name] = value;
}
void uhost_options_set_secret(uhost_options* options, const char* name, const char* value) {
    options->options.secrets[name] = value;
}
void uhost_options_add_setting(uhost_options* options, const char* assignment) {
    options->options.settings.emplace_back(assignment);
}
void uhost_options_set_state(uhost_options* options, const char* folder) { options->options.state = folder; }
void uhost_options_set_memory_limit(uhost_options* options, unsigned long long bytes) {
    options->options.memory_limit_bytes = static_cast<std::size_t>(bytes);
}
void uhost_options_set_time_limit(uhost_options* options, double seconds) { options->options.time_limit_s = seconds; }
void uhost_options_set_instruction_limit(uhost_options* options, unsigned long long instructions) {
    options->options.instruction_limit = instructions;
}
void uhost_options_set_clock(uhost_options* options, uhost_clock clock, void* context) {
    options->options.clock = [clock, context] {
        using std::chrono::system_clock;
        const std::chrono::duration<double> since_1970(clock(context));
        return system_clock::time_point(std::chrono::duration_cast<system_clock::duration>(since_1970));
    };
}
void uhost_options_set_verbosity(uhost_options* options, int verbosity) { options->options.verbosity = verbosity; }
void uhost_options_set_settings_files(uhost_options* options, int read) {
    options->options.read_settings_file = read != 0;
}
void uhost_options_set_observer(uhost_options* options, uhost_observer observer, void* context) {
    options->options.observer = [observer, context](std::string_view topic, std::string_view json) {
        observer(context, std::string(topic).c_str(), std::string(json).c_str());
    };
}
void uhost_options_set_dry_run(uhost_options* options, int dry_run) { options->options.dry_run = dry_run != 0; }

void uhost_options_deny_all(uhost_options* options) { options->options.permissions = Permissions::nothing(); }
int uhost_options_allow(uhost_options* options, const char* access, const char* operand) {
    const auto known = access_named(access);
    if (!known) return -1;
    options->options.permissions->allow(
        *known, operand != nullptr ? std::vector<std::string>{operand} : std::vector<std::string>{});
    return 0;
}

void uhost_options_allow_primitive(uhost_options* options, const char* primitive) {
    if (!options->options.primitives) options->options.primitives.emplace();
    options->options.primitives->insert(primitive);
}

void uhost_options_set_output(uhost_options* options, uhost_sink sink, void* context) {
    options->options.output = std::make_shared<SinkOfC>(sink, context);
}
void uhost_options_set_messages(uhost_options* options, uhost_sink sink, void* context) {
    options->options.error = std::make_shared<SinkOfC>(sink, context);
}

uhost_host* uhost_new(const uhost_options* options, uhost_error** error) {
    return guarded<uhost_host*>(error, nullptr, [&] {
        auto given = options->options;
        given.environment = Environment(options->environment);
        return new uhost_host{Host(std::move(given))};
    });
}
void uhost_host_free(uhost_host* host) { delete host; }

int uhost_run_file(uhost_host* host, const char* path, int count, const char* const* arguments) {
    return host->host.run_file(path, std::vector<std::string>(arguments, arguments + count));
}

char* uhost_evaluate(uhost_host* host, const char* code, const char* name, const char* arguments, uhost_error** error) {
    return text_of(error, [&] { return evaluate(host->host, code, name, or_list(arguments)); });
}

char* uhost_call_policy(uhost_host* host, const char* policy, const char* function, const char* arguments,
                        uhost_error** error) {
    return text_of(error, [&] { return Policy(host->host, policy).call_json(function, or_list(arguments)); });
}

int uhost_define(uhost_host* host, const char* module, const char* name, uhost_function function, void* context,
                 uhost_error** error) {
    return guarded(error, -1, [&] {
        define(host->host, module, name, function_of(function, context));
        return 0;
    });
}

int uhost_define_value(uhost_host* host, const char* module, const char* name, const char* json, uhost_error** error) {
    return guarded(error, -1, [&] {
        define_value(host->host, module, name, json);
        return 0;
    });
}

int uhost_define_module(uhost_host* host, const char* module, const char* source, uhost_error** error) {
    return guarded(error, -1, [&] {
        define_module(host->host, module, source);
        return 0;
    });
}

void uhost_interrupt(uhost_host* host) { host->host.interrupt(); }

uhost_interrupt_signal* uhost_interrupt_signal_new(int signal) { return new uhost_interrupt_signal{InterruptSignal(signal)}; }
void uhost_interrupt_signal_free(uhost_interrupt_signal* signal) { delete signal; }

uhost_lua_function* uhost_lua_function_new(uhost_host* host, const char* code, const char* name, uhost_error** error) {
    return guarded<uhost_lua_function*>(error, nullptr, [&] {
        return new uhost_lua_function{Function(host->host, code, name)};
    });
}
char* uhost_lua_function_call(uhost_lua_function* function, const char* arguments, uhost_error** error) {
    return text_of(error, [&] { return function->function.call_json(or_list(arguments)); });
}
void uhost_lua_function_free(uhost_lua_function* function) { delete function; }

uhost_policy* uhost_policy_load(uhost_host* host, const char* name, const char* folder, uhost_error** error) {
    return guarded<uhost_policy*>(error, nullptr, [&] {
        return new uhost_policy{Policy(host->host, name, folder != nullptr ? folder : "")};
    });
}
char* uhost_policy_call(uhost_policy* policy, const char* function, const char* arguments, uhost_error** error) {
    return text_of(error, [&] { return policy->policy.call_json(function, or_list(arguments)); });
}
char* uhost_policy_map(uhost_policy* policy, const char* function, const char* argument_lists, uhost_error** error) {
    return text_of(error, [&] { return policy->policy.map_json(function, or_list(argument_lists)); });
}
void uhost_policy_free(uhost_policy* policy) { delete policy; }

char* uhost_take_plan(uhost_host* host, uhost_error** error) {
    return text_of(error, [&] { return take_plan(host->host); });
}

uhost_run* uhost_run_begin(uhost_host* host, const char* code, const char* name, const char* arguments,
                           uhost_error** error) {
    return guarded<uhost_run*>(error, nullptr, [&] {
        return new uhost_run{{host->host, code, name, or_list(arguments)}};
    });
}
int uhost_run_step(uhost_run* run, uhost_error** error) {
    return guarded(error, -1, [&] { return run->run.step() ? 1 : 0; });
}
int uhost_run_descriptor(const uhost_run* run) { return run->run.descriptor(); }
int uhost_run_timeout(const uhost_run* run) { return run->run.timeout_ms(); }
char* uhost_run_result(uhost_run* run, uhost_error** error) {
    return text_of(error, [&] { return run->run.result(); });
}
void uhost_run_free(uhost_run* run) { delete run; }

}  // extern "C"
