#include "host/cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "host/core/suggest.hpp"
#include "host/core/version.hpp"

namespace uhost {
namespace {

constexpr char description[] =
    "Run Lua scripts that work with git, GitHub, processes and databases.\n"
    "\n"
    "  uhost [options] SCRIPT [args]   run a Lua file\n"
    "  uhost [options] NAME [args]     run scripts/NAME.lua from ./scripts, $UHOST_PATH or the installation\n"
    "  uhost [options] -e CODE [args]  run a line of Lua\n"
    "  uhost [options] - [args]        run standard input";

constexpr char footer[] =
    "Examples:\n"
    "  uhost monthly_audit --demo\n"
    "  uhost -e 'for c in git.open(\".\"):log{limit = 3} do print(c.id, c.summary) end'\n"
    "  uhost --dry-run scripts/monthly_audit.lua --help\n"
    "\n"
    "Exit codes: 0 fine, 1 findings, 2 usage or a broken script, 3 the outside world failed, 130 interrupted.";

struct Parsed {
    CommandLine line;
    std::string code, color, record, replay;
    bool verbose = false, quiet = false, offline = false, version = false, help = false;
};

void declare_options(CLI::App& app, Parsed& parsed, CLI::Option*& code) {
    auto& host = parsed.line.host;
    app.set_help_flag();
    app.prefix_command();
    app.add_flag("-h,--help", parsed.help, "Show this help and exit");
    app.add_flag("--version", parsed.version, "Show the version and exit");
    code = app.add_option("-e", parsed.code, "Run CODE instead of a script")->option_text("CODE");
    app.add_flag("--dry-run", host.dry_run, "Change nothing: print the plan of what would be changed");
    app.add_option("--plan-json", host.plan_json, "With --dry-run, write the plan to FILE as JSON")
        ->option_text("FILE");
    app.add_option("--state", host.state, "Keep histories, caches and the audit trail in DIR")->option_text("DIR");
    app.add_option("--set", host.settings, "Give the setting NAME a value, for this run; may be repeated")
        ->option_text("NAME=VALUE")
        ->allow_extra_args(false);
    app.add_flag("--offline", parsed.offline, "Refuse to use the network");
    auto* record = app.add_option("--record", parsed.record,
                                  "Record every HTTP exchange into FILE, without secrets; git's own transport is not");
    auto* replay = app.add_option("--replay", parsed.replay,
                                  "Answer every HTTP request from FILE; the network is refused, to git as well");
    record->option_text("FILE")->excludes(replay);
    replay->option_text("FILE");
    app.add_flag("-v,--verbose", parsed.verbose, "Say more: debug messages, causes and tracebacks");
    app.add_flag("-q,--quiet", parsed.quiet, "Say less: warnings and errors only");
    app.add_option("--color", parsed.color, "Colours: auto, always or never")
        ->option_text("WHEN")
        ->check(CLI::IsMember({"auto", "always", "never"}));
    app.footer(footer);
}

[[noreturn]] void unknown_option(const CLI::App& app, const std::string& given) {
    std::vector<std::string> names;
    for (const auto* option : app.get_options()) {
        for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
    const std::vector<std::string_view> known(names.begin(), names.end());
    throw Error("usage", "unknown option '" + given.substr(0, 100) + "'")
        .hint(did_you_mean(given.substr(0, given.find('=')), known));
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

void apply(const CLI::App& app, Parsed& parsed, bool has_code) {
    auto& line = parsed.line;
    auto rest = app.remaining();
    line.host.verbosity = parsed.verbose ? 1 : parsed.quiet ? -1 : 0;
    if (parsed.offline) line.host.offline = true;
    if (parsed.color == "auto") line.host.color = ColorMode::automatic;
    if (parsed.color == "always") line.host.color = ColorMode::always;
    if (parsed.color == "never") line.host.color = ColorMode::never;
    if (!line.host.plan_json.empty() && !line.host.dry_run) {
        throw Error("usage", "--plan-json needs --dry-run").hint("uhost --dry-run --plan-json FILE SCRIPT");
    }
    apply_recording(app, parsed);
    if (has_code) {
        line.action = CommandLine::Action::run_code;
        line.subject = parsed.code;
        line.arguments = std::move(rest);
        return;
    }
    if (rest.empty()) throw Error("usage", "no script given").hint("uhost SCRIPT [args], or uhost --help");
    if (rest[0].size() > 1 && rest[0][0] == '-') unknown_option(app, rest[0]);
    line.action = rest[0] == "-" ? CommandLine::Action::run_standard_input : CommandLine::Action::run_script;
    line.subject = rest[0];
    line.arguments.assign(rest.begin() + 1, rest.end());
}

}  // namespace

CommandLine parse_command_line(int count, char** arguments) {
    CLI::App app(description, "uhost");
    Parsed parsed;
    CLI::Option* code = nullptr;
    declare_options(app, parsed, code);
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        throw Error("usage", error.what()).hint("see uhost --help");
    }
    if (parsed.help) {
        parsed.line.subject = app.help();
    } else if (parsed.version) {
        parsed.line.subject = std::string("uhost ") + version + "\n";
    } else {
        apply(app, parsed, code->count() > 0);
    }
    return std::move(parsed.line);
}

}  // namespace uhost
