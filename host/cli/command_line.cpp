#include "host/cli/command_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "host/cli/script_path.hpp"
#include "host/core/suggest.hpp"
#include "host/core/version.hpp"

namespace uhost {
namespace {

// Lines of at most 80 columns.
constexpr char usage[] =
    "Run Lua scripts that work with git, GitHub, processes and databases.\n"
    "\n"
    "Usage:\n"
    "  uhost [OPTIONS] COMMAND [ARGS]    run a command that comes with uhost\n"
    "  uhost [OPTIONS] run NAME [ARGS]   run scripts/NAME.lua of this repository\n"
    "  uhost [OPTIONS] FILE [ARGS]       run a Lua file by its path, such as ./x.lua\n"
    "  uhost [OPTIONS] -e CODE [ARGS]    run a line of Lua\n"
    "  uhost [OPTIONS] - [ARGS]          run standard input\n"
    "  uhost [OPTIONS]                   ask questions line by line: the REPL\n"
    "  uhost [OPTIONS] -i FILE [ARGS]    run a Lua file, then ask questions\n";

constexpr char options_and_examples[] =
    "\n"
    "Options, which come before the command:\n"
    "  --dry-run          Change nothing: print the plan of what would be changed\n"
    "  --plan-json FILE   With --dry-run, write the plan to FILE as JSON\n"
    "  --state DIR        Keep histories, caches and the audit trail in DIR\n"
    "  --store ADDRESS    Keep stores in a PostgreSQL database instead:\n"
    "                     postgres://user@host/name\n"
    "  --set NAME=VALUE   Give the setting NAME a value for this run; may be repeated\n"
    "  --memory SIZE      Let Lua's values take at most SIZE, such as 512M or 4G;\n"
    "                     0 is no limit. Default: half of what there is\n"
    "  --offline          Refuse to use the network\n"
    "  --require-sandbox  Run no policy if the kernel refuses a layer of its sandbox\n"
    "  --safe             Allow the script nothing but what --allow-… options name\n"
    "  --allow-read[=PATHS], --allow-fs[=PATHS], --allow-net[=HOSTS],\n"
    "  --allow-run[=PROGRAMS], --allow-env[=NAMES], --allow-git-write,\n"
    "  --allow-github-write, --allow-ffi\n"
    "                     Allow this and what other such options name, nothing else;\n"
    "                     several, separated by commas. The README says more\n"
    "  --record FILE      Record every HTTP exchange into FILE, without secrets; what\n"
    "                     git transfers is not recorded\n"
    "  --replay FILE      Answer every HTTP request from FILE; refuse the network,\n"
    "                     also to git\n"
    "  -v, --verbose      Say more: debug messages, causes and tracebacks\n"
    "  -q, --quiet        Say less: warnings and errors only\n"
    "  --color WHEN       Use colours: auto, always or never\n"
    "  -h, --help         Show this help and exit\n"
    "  --version          Show the version and exit\n"
    "\n"
    "Examples:\n"
    "  uhost monthly_audit --demo\n"
    "  uhost -e 'for c in git.open(\".\"):log{limit = 3} do print(c.subject) end'\n"
    "  uhost --dry-run -e 'fs.write(\"notes.txt\", \"hello\")'\n"
    "  uhost --allow-read=. --allow-net=api.github.com stranger.lua\n"
    "\n"
    "`uhost COMMAND --help` describes a command, `uhost help` what scripts can use.\n"
    "\n"
    "Exit codes: 0 fine, 1 findings, 2 usage or a broken script, 3 the outside world\n"
    "failed (network, authentication, git, disk), 130 interrupted.\n";

struct Parsed {
    CommandLine line;
    std::string code, color, record, replay, memory, store;
    bool interactive = false, verbose = false, quiet = false, offline = false, require_sandbox = false;
    bool version = false, help = false;
    bool safe = false, allow_git_write = false, allow_github_write = false, allow_ffi = false;
    std::map<std::string, std::vector<std::string>> scopes;  // of what is allowed, by setting
};

// `--allow-net` allows all of it, `--allow-net=HOSTS` only these. Each is a setting.
void declare_permissions(CLI::App& app, Parsed& parsed) {
    app.add_flag("--safe", parsed.safe);
    for (const char* scope : {"read", "fs", "net", "run", "env"}) {
        app.add_flag(fmt::format("--allow-{}{{*}}", scope), parsed.scopes[fmt::format("allow_{}", scope)]);
    }
    app.add_flag("--allow-git-write", parsed.allow_git_write);
    app.add_flag("--allow-github-write", parsed.allow_github_write);
    app.add_flag("--allow-ffi", parsed.allow_ffi);
}

void apply_permissions(Parsed& parsed) {
    auto& settings = parsed.line.host.settings;
    for (const auto& [setting, operands] : parsed.scopes) {
        const bool all = std::ranges::find(operands, "*") != operands.end();
        if (operands.empty()) continue;
        settings.push_back(all ? setting + "=*" : fmt::format("{}={}", setting, fmt::join(operands, ",")));
    }
    const std::pair<const char*, bool> flags[]{{"safe", parsed.safe},
                                               {"allow_git_write", parsed.allow_git_write},
                                               {"allow_github_write", parsed.allow_github_write},
                                               {"allow_ffi", parsed.allow_ffi}};
    for (const auto& [setting, given] : flags) {
        if (given) settings.push_back(fmt::format("{}=true", setting));
    }
}

void declare_options(CLI::App& app, Parsed& parsed, CLI::Option*& code) {
    auto& host = parsed.line.host;
    app.set_help_flag();
    app.prefix_command();
    app.add_flag("-h,--help", parsed.help);
    app.add_flag("--version", parsed.version);
    code = app.add_option("-e", parsed.code);
    app.add_flag("-i", parsed.interactive);
    app.add_flag("--dry-run", host.dry_run);
    app.add_option("--plan-json", host.plan_json);
    app.add_option("--state", host.state);
    app.add_option("--store", parsed.store);
    app.add_option("--set", host.settings)->allow_extra_args(false);
    app.add_option("--memory", parsed.memory);
    app.add_flag("--offline", parsed.offline);
    app.add_flag("--require-sandbox", parsed.require_sandbox);
    auto* record = app.add_option("--record", parsed.record);
    app.add_option("--replay", parsed.replay)->excludes(record);
    app.add_flag("-v,--verbose", parsed.verbose);
    app.add_flag("-q,--quiet", parsed.quiet);
    declare_permissions(app, parsed);
    app.add_option("--color", parsed.color)->check(CLI::IsMember({"auto", "always", "never"}));
}

std::string listing(const std::vector<ScriptSummary>& scripts) {
    std::string text;
    for (const auto& script : scripts) text += fmt::format("  {:<16} {}\n", script.name, script.summary);
    return text;
}

std::string help_text() {
    auto text = std::string(usage) + "\nCommands:\n" + listing(built_in_scripts(Locations::find()));
    const auto own = listing(repository_scripts());
    if (!own.empty()) text += "\nScripts of this repository, for `uhost run NAME`:\n" + own;
    return text + options_and_examples;
}

[[noreturn]] void unknown_option(const CLI::App& app, const std::string& given, bool has_code) {
    std::vector<std::string> names;
    for (const auto* option : app.get_options()) {
        for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
    const std::vector<std::string_view> known(names.begin(), names.end());
    auto hint = did_you_mean(given.substr(0, given.find('=')), known);
    if (has_code) hint += " (arguments of the code that begin with '-' go after '--')";
    throw Error("usage", "unknown option '" + given.substr(0, 100) + "'").hint(std::move(hint));
}

void apply_recording(const CLI::App& app, Parsed& parsed) {
    auto& host = parsed.line.host;
    const bool records = app.count("--record") > 0, replays = app.count("--replay") > 0;
    if (!records && !replays) return;
    if (parsed.record.empty() && parsed.replay.empty()) {
        throw Error("usage", fmt::format("{} needs a file", records ? "--record" : "--replay"))
            .hint("uhost --record FILE SCRIPT, then uhost --replay FILE SCRIPT");
    }
    if (records) host.settings.push_back("http.record=" + parsed.record);
    if (replays) {
        host.settings.push_back("http.replay=" + parsed.replay);
        host.offline = true;
    }
    host.preload.emplace_back("http");
}

void apply_code(CommandLine& line, std::string code, std::vector<std::string> rest, const CLI::App& app) {
    line.action = CommandLine::Action::run_code;
    line.subject = std::move(code);
    if (!rest.empty() && rest[0] == "--") {
        rest.erase(rest.begin());
    } else if (!rest.empty() && rest[0].size() > 1 && rest[0][0] == '-') {
        unknown_option(app, rest[0], true);
    }
    line.arguments = std::move(rest);
}

// Changes are only planned until the user says otherwise, unless --dry-run was given: then they stay so.
void apply_repl(CommandLine& line, std::vector<std::string> arguments) {
    line.action = CommandLine::Action::run_script;
    line.subject = "repl";
    line.arguments = std::move(arguments);
    line.host.switchable_dry_run = !std::exchange(line.host.dry_run, true);
}

void apply_script(CommandLine& line, std::vector<std::string> rest, const CLI::App& app) {
    if (rest.empty() && isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0) return apply_repl(line, {});
    if (rest.empty()) throw Error("usage", "no script given").hint("uhost COMMAND or uhost SCRIPT; see uhost --help");
    if (rest[0].size() > 1 && rest[0][0] == '-') unknown_option(app, rest[0], false);
    line.action = rest[0] == "-" ? CommandLine::Action::run_standard_input : CommandLine::Action::run_script;
    if (rest[0] == "run") {
        if (rest.size() == 1) throw Error("usage", "run needs the name of a script").hint("uhost --help lists them");
        line.action = CommandLine::Action::run_repository_script;
        rest.erase(rest.begin());
    }
    if (rest[0] == "repl" && line.action == CommandLine::Action::run_script) {
        return apply_repl(line, {rest.begin() + 1, rest.end()});
    }
    line.subject = rest[0];
    line.arguments.assign(rest.begin() + 1, rest.end());
}

void apply(const CLI::App& app, Parsed& parsed, bool has_code) {
    auto& line = parsed.line;
    line.host.verbosity = parsed.verbose ? 1 : parsed.quiet ? -1 : 0;
    if (parsed.offline) line.host.offline = true;
    if (parsed.require_sandbox) line.host.settings.emplace_back("require_sandbox=true");
    if (!parsed.store.empty()) line.host.settings.push_back("store=" + parsed.store);
    if (!parsed.memory.empty()) line.host.settings.push_back("memory=" + parsed.memory);
    if (parsed.color == "auto") line.host.color = ColorMode::automatic;
    if (parsed.color == "always") line.host.color = ColorMode::always;
    if (parsed.color == "never") line.host.color = ColorMode::never;
    if (!line.host.plan_json.empty() && !line.host.dry_run) {
        throw Error("usage", "--plan-json needs --dry-run").hint("uhost --dry-run --plan-json FILE SCRIPT");
    }
    apply_recording(app, parsed);
    apply_permissions(parsed);
    if (parsed.interactive) {
        if (has_code) throw Error("usage", "-i and -e exclude each other").hint("uhost -i FILE");
        apply_repl(line, app.remaining());
    } else if (has_code) {
        apply_code(line, parsed.code, app.remaining(), app);
    } else {
        apply_script(line, app.remaining(), app);
    }
}

}  // namespace

CommandLine parse_command_line(int count, char** arguments) {
    CLI::App app;
    Parsed parsed;
    CLI::Option* code = nullptr;
    declare_options(app, parsed, code);
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        throw Error("usage", error.what()).hint("see uhost --help");
    }
    if (parsed.help) {
        parsed.line.subject = help_text();
    } else if (parsed.version) {
        parsed.line.subject = std::string("uhost ") + version + "\n";
    } else {
        apply(app, parsed, code->count() > 0);
    }
    return std::move(parsed.line);
}

}  // namespace uhost
