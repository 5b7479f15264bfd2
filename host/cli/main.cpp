#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <iterator>

#include "host/cli/command_line.hpp"
#include "host/cli/misplaced_options.hpp"
#include "host/cli/script_path.hpp"
#include "host/cli/self_confinement.hpp"
#include "host/cli/signals.hpp"
#include "host/core/file.hpp"
#include "host/core/resolved_path.hpp"
#include "host/core/visible.hpp"
#include "host/modules/modules.hpp"
#include "host/runtime/output.hpp"
#include "host/settings/settings.hpp"

namespace {

using namespace uhost;

Environment process_environment() {
    Environment::Variables variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view pair = *entry;
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos) variables.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    }
    return Environment(std::move(variables));
}

// The kernel shows the original bytes of the environment to whoever reads /proc/self/environ; unsetenv leaves them.
void erase_from_process(const std::string& name) {
    char* const value = std::getenv(name.c_str());
    if (value == nullptr) return;
    std::memset(value, '*', std::strlen(value));
    unsetenv(name.c_str());
}

// From here on, no other process of this user reads the secrets of this one from its memory, as a debugger would, and no
// crash writes them to a file. Programs that it starts may be looked into again, and raise their limit of core files.
void keep_memory_private() {
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    rlimit core{};
    if (getrlimit(RLIMIT_CORE, &core) != 0) return;
    core.rlim_cur = 0;
    setrlimit(RLIMIT_CORE, &core);
}

int report(const Error& error) {
    std::fflush(stdout);
    const ErrorStyle style{.color = isatty(STDERR_FILENO) != 0, .annotation = in_github_actions(process_environment())};
    const auto text = render_error({error, "", ""}, style);
    std::fwrite(text.data(), 1, text.size(), stderr);
    return static_cast<int>(exit_code_of(error.kind()));
}

int run_script(Host& host, const std::filesystem::path& script, const std::vector<std::string>& arguments,
               const std::filesystem::path& plan_file) {
    constexpr std::size_t max_bytes = 16 << 20;
    std::error_code unknown;
    // The commands that come with uhost refuse such options by themselves; a pipe can be read once.
    const bool comes_along = lies_in(resolved_path(script), resolved_path(host.locations().share / "scripts"));
    if (!comes_along && std::filesystem::is_regular_file(script, unknown) && access(script.c_str(), R_OK) == 0) {
        refuse_misplaced_options(read_file(script, max_bytes), script.string(), arguments);
    }
    confine_process(host, script.has_parent_path() ? script.parent_path() : ".", plan_file);
    return host.run_file(script, arguments);
}

int run(Host& host, const CommandLine& line, const std::filesystem::path& plan_file) {
    switch (line.action) {
        case CommandLine::Action::run_script:
            return run_script(host, find_script(line.subject, host.settings(), host.locations()), line.arguments,
                              plan_file);
        case CommandLine::Action::run_repository_script:
            return run_script(host, find_repository_script(line.subject), line.arguments, plan_file);
        case CommandLine::Action::run_code:
            confine_process(host, {}, plan_file);
            return host.run_code(line.subject, "-e", line.arguments);
        case CommandLine::Action::run_standard_input: {
            const std::string code(std::istreambuf_iterator<char>(std::cin), {});
            refuse_misplaced_options(code, "-", line.arguments);
            confine_process(host, {}, plan_file);
            return host.run_code(code, "stdin", line.arguments);
        }
        case CommandLine::Action::show_text:
            host.output().out(line.subject);
            host.output().flush();
            return 0;
    }
    return 0;
}

void warn_about_environment(const Host& host) {
    std::vector<std::string_view> names;
    for (const auto& [name, value] : host.environment().variables()) {
        if (name.starts_with("UHOST_")) names.push_back(name);
    }
    for (const auto& warning : Settings::unknown_variables(names, host.locations().share / "api")) {
        host.output().warning(warning);
    }
}

// Jobs that a cancelled task left behind (a connection attempt, say) are not waited for: everything else is closed.
[[noreturn]] void leave_at_once(int code) {
    std::fflush(stdout);
    std::fflush(stderr);
    _exit(code);
}

}  // namespace

int main(int count, char** arguments) {
    keep_memory_private();
    try {
        auto line = parse_command_line(count, arguments);
        if (line.action == CommandLine::Action::show_text) line.host.read_settings_file = false;
        line.host.environment = process_environment();
        const auto plan_file = line.host.plan_json;
        Host host(std::move(line.host));
        for (const auto& name : host.secrets_taken()) erase_from_process(name);
        // Its password was taken out of the host's own.
        if (process_environment().text("UHOST_STORE") != host.environment().text("UHOST_STORE")) erase_from_process("UHOST_STORE");
        const SignalHandlers signals(host);
        warn_about_environment(host);
        const int code = run(host, line, plan_file);
        host.close();
        if (host.jobs_left()) leave_at_once(code);
        return code;
    } catch (const Error& error) {
        return report(error);
    } catch (const std::bad_alloc&) {
        return report(Error("memory", "out of memory"));
    }
}
