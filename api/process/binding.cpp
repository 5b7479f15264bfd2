// `process`: programs, run to their end or talked to while they run.
#include "api/process/binding.hpp"
#include "host/bind/object.hpp"
#include "host/core/resolved_path.hpp"
#include "host/runtime/host.hpp"
#include "host/task/loop.hpp"
#include "host/task/scheduler.hpp"

namespace {

using namespace uhost;
using namespace uhost::process;
using bind::Call;
using bind::Effect;
using bind::Finish;
using bind::Function;
using bind::Waits;

// The Children of this interpreter live in its registry: closing it ends them.
const bind::Type<Children> children_type{{"process.Children", {}, nullptr}};
const char children_key = 0;

void push_children(lua_State* L) {
    lua_pushlightuserdata(L, const_cast<char*>(&children_key));
    lua_rawget(L, LUA_REGISTRYINDEX);
}

std::shared_ptr<Children> children_of(Call& call) {
    push_children(call.state());
    auto children = children_type.share(call, lua_gettop(call.state()));
    lua_pop(call.state(), 1);
    return children;
}

void make_children(lua_State* L) {
    push_children(L);
    const bool exists = !lua_isnil(L, -1);
    lua_pop(L, 1);
    if (exists) return;
    Call call(L);
    lua_pushlightuserdata(L, const_cast<char*>(&children_key));
    children_type.push(call, std::make_shared<Children>(call.host().loop()));
    lua_rawset(L, LUA_REGISTRYINDEX);
}

// Variables by which programs find others or load code, so that one which is allowed would run whatever a script likes.
// Those of git, of shells, of interpreters and of what pages, edits and asks; by name, or how it begins.
constexpr std::string_view steering_names[]{"PATH", "IFS", "ENV", "BASH_ENV", "SHELL", "PAGER", "EDITOR", "VISUAL", "BROWSER",
                                            "HOME", "SSH_ASKPASS", "NODE_OPTIONS", "RUBYOPT", "RUBYLIB", "GCONV_PATH",
                                            "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "MAKEFLAGS", "LESSOPEN", "LESSCLOSE"};
constexpr std::string_view steering_beginnings[]{"LD_", "GIT_", "PYTHON", "PERL", "NODE_", "LUA_", "BASH_FUNC_", "XDG_CONFIG"};

bool steers_programs(std::string_view name) {
    return std::ranges::find(steering_names, name) != std::end(steering_names) ||
           std::ranges::any_of(steering_beginnings, [&](auto beginning) { return name.starts_with(beginning); });
}

// By its name, as it is looked up in the PATH of the host, or by its path.
void require_running(const Permissions& permissions, const Command& command) {
    if (permissions.allows_all(Access::run)) return;
    const auto& program = command.arguments[0];
    const bool is_path = program.find('/') != std::string::npos;
    const auto folder = std::filesystem::path(command.folder);
    permissions.require(Access::run, is_path ? resolved_path(folder / program).string() : program);
    for (const auto& [name, value] : command.environment) {
        if (!steers_programs(name)) continue;
        throw Error("permission.denied", fmt::format("{} may not run with {} set by the script", program, name))
            .hint("it could make the program run others; let the script run any program: --allow-run")
            .with("access", "run")
            .with("operand", program);
    }
}

// Calls `start`, as a mutation if the command changes something; `start` keeps what it is given then.
int run_or_plan(Call& call, const Options& options, const std::function<int(std::shared_ptr<PendingMutation>)>& start,
                const Finish& planned) {
    check(options.command);
    require_running(call.host().permissions(), options.command);
    if (!options.mutation) return start(nullptr);
    return call.begin_mutation(*options.mutation, start, planned);
}

struct Run {
    std::shared_ptr<Child> child;
    Options options;
    std::shared_ptr<PendingMutation> pending;  // null unless the program changes something
    bool timed_out = false, too_much = false;
};

int finish_run(Call& call, Run& run) {
    auto& child = *run.child;
    const auto& ending = *child.ending();
    const auto errors = run.options.streams.merge ? child.output().held() : child.errors().held();
    if (run.too_much) throw too_much_output(child.arguments(), run.options.max_output_bytes);
    if (run.timed_out) throw timed_out(child.arguments(), *run.options.timeout_s, errors);
    record_ending(run.pending, run.options, ending);
    if (run.options.check && ending.code != 0) throw failed(child.arguments(), ending, errors);
    return push_result(call, child);
}

int run_to_end(Call& call, const std::shared_ptr<Run>& run) {
    const auto ready = [run]() -> std::optional<Finish> {
        auto& child = *run->child;
        if (!run->too_much && (child.output().full() || child.errors().full())) {
            run->too_much = true;
            child.terminate(true);
        }
        if (!child.over()) return std::nullopt;
        return Finish([run](Call& results) { return finish_run(results, *run); });
    };
    const auto on_deadline = [run] {
        run->timed_out = true;
        run->child->terminate(false);
    };
    const auto on_cancel = [run] { run->child->terminate(true); };
    return wait_on(call, {run->child, ready, run->options.timeout_s, on_deadline, on_cancel});
}

// run(arguments, options)
int run(Call& call) {
    const auto options = run_options(call);
    const auto start = [&](std::shared_ptr<PendingMutation> pending) {
        const auto run = std::make_shared<Run>(
            Run{children_of(call)->start(options.command, options.streams, 0), options, std::move(pending)});
        if (options.input) {
            run->child->input()->write(*options.input, nullptr);
            run->child->input()->finish();
        }
        return run_to_end(call, run);
    };
    return run_or_plan(call, options, start, [&](Call& results) {
        return push_result(results, *Child::pretended(results.host().loop(), options.command));
    });
}

// A program started by a task that fails or is cancelled ends with it.
void end_with_task(const std::shared_ptr<Children>& children, Scheduler& scheduler) {
    const auto task = scheduler.current().shared_from_this();
    if (!children->add_owner(task->id)) return;
    scheduler.join(*task, [weak = std::weak_ptr(children), failed = std::weak_ptr(task), id = task->id] {
        const auto ended = failed.lock();
        const auto running = weak.lock();
        if (running && ended) running->owner_ended(id, ended->failed() || ended->cancelled());
    });
}

// start(arguments, options)
int start(Call& call) {
    const auto options = start_options(call);
    const auto start_now = [&](std::shared_ptr<PendingMutation> pending) {
        const auto children = children_of(call);
        auto& scheduler = Scheduler::of(call.state());
        end_with_task(children, scheduler);
        auto child = children->start(options.command, options.streams, scheduler.current().id);
        if (options.input) {
            child->input()->write(*options.input, nullptr);
            child->input()->finish();
        }
        return give_child(call, std::move(child), options, std::move(pending));
    };
    return run_or_plan(call, options, start_now, [&](Call& results) {
        return give_child(results, Child::pretended(results.host().loop(), options.command), options, nullptr);
    });
}

constexpr Function functions[]{{"run", run, Waits::yes, Effect::changes},
                               {"start", start, Waits::no, Effect::changes},
                               {"signals", signals}};

}  // namespace

extern "C" int luaopen_uhost_process(lua_State* L) {
    make_children(L);
    return bind::module(L, "process", functions);
}
