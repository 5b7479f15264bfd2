#define _POSIX_C_SOURCE 200809L
/* Every function of uhost.h, from a C program that is built against an installed copy by pkg-config. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uhost.h>

static int failures = 0;

static void check(int holds, const char* what) {
    if (holds) return;
    ++failures;
    printf("FAILED %s\n", what);
}

static void append(void* context, const char* text, unsigned long long size) {
    char* all = context;
    const size_t used = strlen(all);
    if (used + size < 4096) {
        memcpy(all + used, text, size);
        all[used + size] = '\0';
    }
}

/* What the program lends to scripts. */
static char* compile(void* context, const char* arguments, char** message) {
    ++*(int*)context;
    if (strstr(arguments, "broken") != NULL) {
        *message = strdup("broken.c does not compile");
        return NULL;
    }
    return strdup("{\"object\": \"main.o\", \"warnings\": []}");
}

static int gives(char* text, const char* expected) {
    const int same = text != NULL && strcmp(text, expected) == 0;
    if (!same) printf("got %s, expected %s\n", text != NULL ? text : "nothing", expected);
    uhost_free(text);
    return same;
}

static int fails(uhost_host* host, const char* code, const char* arguments, const char* kind) {
    uhost_error* error = NULL;
    char* text = uhost_evaluate(host, code, "code", arguments, &error);
    const int same = text == NULL && error != NULL && strcmp(uhost_error_kind(error), kind) == 0;
    if (!same) printf("got %s, expected the error %s\n", error != NULL ? uhost_error_kind(error) : text, kind);
    uhost_free(text);
    uhost_error_free(error);
    return same;
}

/* Keeps the last of what a host tells of each topic. */
struct told {
    char log[1024], plan[1024], event[1024], progress[1024];
};

static void observe(void* context, const char* topic, const char* json) {
    struct told* told = context;
    char* kept = strcmp(topic, "log") == 0     ? told->log
                 : strcmp(topic, "plan") == 0  ? told->plan
                 : strcmp(topic, "event") == 0 ? told->event
                                               : told->progress;
    snprintf(kept, sizeof told->log, "%s", json);
}

static double clock_of_1970(void* context) {
    (void)context;
    return 86400.0;
}

static void* interrupt_soon(void* host) {
    uhost_interrupt(host);
    return NULL;
}

static void is_told(const char* state, struct told* told) {
    uhost_options* options = uhost_options_new();
    uhost_options_set_state(options, state);
    uhost_options_set_secret(options, "TOKEN", "very-secret-token");
    char messages[4096] = "";
    uhost_options_set_messages(options, append, messages);
    uhost_options_set_observer(options, observe, told);
    uhost_options_set_settings_files(options, 0);
    uhost_options_set_verbosity(options, 0);
    uhost_host* host = uhost_new(options, NULL);
    uhost_options_free(options);
    uhost_free(uhost_evaluate(host, "log.info('fetched', { commits = 12 })", "log", NULL, NULL));
    check(strcmp(told->log, "{\"fields\":{\"commits\":\"12\"},\"level\":\"info\",\"message\":\"fetched\"}") == 0,
          "messages are told");
    uhost_free(uhost_evaluate(host, "log.debug('a detail')", "log", NULL, NULL));
    check(strstr(told->log, "fetched") != NULL, "details are not, without verbosity");
    uhost_free(uhost_evaluate(host, "uhost.publish('progress', { done = 3, note = 'very-secret-token' })", "progress",
                              NULL, NULL));
    check(strcmp(told->progress, "{\"done\":3,\"note\":\"***\"}") == 0, "scripts publish, masked");
    check(fails(host, "uhost.publish('plan', {})", NULL, "argument"), "the plan is the host's to tell");
    uhost_free(uhost_evaluate(host,
                              "local store = db.open() local events = require('lib.events') events.prepare(store)"
                              " events.raise(store, { kind = 'crash_test.fixed', key = 'k', severity = 'info', title = 'T' })",
                              "event", NULL, NULL));
    check(strstr(told->event, "crash_test.fixed") != NULL, "events are told");
    check(gives(uhost_evaluate(host, "return process.run({ 'true' }).code", "program", NULL, NULL), "0"), "programs run");
    uhost_free(uhost_evaluate(host,
                              "plan.perform({ kind = 'test.change', target = 't', summary = 's', apply = function() end })",
                              "change", NULL, NULL));
    check(strstr(told->plan, "\"state\":\"done\"") != NULL, "what is changed is told");
    uhost_host_free(host);
}

static void keeps_functions(uhost_host* host) {
    uhost_error* error = NULL;
    uhost_lua_function* twice =
        uhost_lua_function_new(host, "return function(n) return n * 2 end", "twice", &error);
    check(gives(uhost_lua_function_call(twice, "[21]", &error), "42"), "a function is called");
    check(gives(uhost_lua_function_call(twice, "[4]", &error), "8"), "and again");
    check(uhost_lua_function_call(twice, NULL, &error) == NULL && strcmp(uhost_error_kind(error), "lua") == 0,
          "its errors are given");
    uhost_error_free(error);
    uhost_lua_function_free(twice);
    check(uhost_lua_function_new(host, "return 1", "one", NULL) == NULL, "what is no function is refused");

    uhost_policy* rules = uhost_policy_load(host, "crash_tests", NULL, &error);
    check(gives(uhost_policy_call(rules, "issues_of", "[\"tests/crashes/12.rs\", \"\"]", &error), "[12]"),
          "a loaded policy is called");
    check(gives(uhost_policy_map(rules, "issues_of",
                                 "[[\"tests/crashes/1.rs\", \"\"], [\"tests/crashes/2.rs\", \"\"]]", &error),
                "[[1],[2]]"),
          "for many at once, too");
    check(uhost_policy_call(rules, "no_such", NULL, &error) == NULL &&
              strcmp(uhost_error_kind(error), "policy.no_function") == 0,
          "a function that it lacks is an error");
    uhost_error_free(error);
    uhost_policy_free(rules);
    check(uhost_policy_load(host, "no_such", NULL, NULL) == NULL, "a policy that there is not is an error");
}

static void lends(uhost_host* host) {
    uhost_error* error = NULL;
    check(uhost_define_value(host, "tool", "version", "[1, 2]", &error) == 0, "a value is defined");
    check(uhost_define_module(host, "helpers", "return { add = function(a, b) return a + b end }", &error) == 0,
          "a module is defined");
    check(gives(uhost_evaluate(host, "return require('helpers').add(unpack(require('tool').version))", "lent", NULL, &error),
                "3"),
          "scripts use them");
    check(uhost_define_value(host, "tool", "broken", "{", NULL) == -1, "a value is JSON");
    check(uhost_define_module(host, "broken", "return +", &error) == -1 && strcmp(uhost_error_kind(error), "script") == 0,
          "a module is Lua");
    uhost_error_free(error);
    check(uhost_define_module(host, "table", "return 1", NULL) == -1, "Lua's own modules stay");
}

/* Leaves the options limited. */
static void is_limited(uhost_options* options) {
    uhost_options_set_time_limit(options, 0.05);
    uhost_host* host = uhost_new(options, NULL);
    check(fails(host, "task.sleep(3600)", NULL, "limit.time"), "waiting ends when its time is over");
    uhost_interrupt_signal* signal = uhost_interrupt_signal_new(SIGURG);
    check(fails(host, "while true do pcall(function() while true do end end) end", NULL, "limit.time"),
          "so does computing");
    check(gives(uhost_evaluate(host, "return 1", "again", NULL, NULL), "1"), "the next run has its own time");
    uhost_host_free(host);

    uhost_options_set_time_limit(options, 0);
    host = uhost_new(options, NULL);
    pthread_t other;
    pthread_create(&other, NULL, interrupt_soon, host);
    check(fails(host, "while true do end", NULL, "interrupted"), "another thread interrupts what computes");
    pthread_join(other, NULL);
    uhost_interrupt_signal_free(signal);
    uhost_host_free(host);

    uhost_options_set_instruction_limit(options, 100000);
    uhost_options_set_clock(options, clock_of_1970, NULL);
    host = uhost_new(options, NULL);
    check(fails(host, "while true do end", NULL, "limit.instructions"), "instructions are counted");
    check(fails(host, "jit.on() local n = 0 while true do n = n + 1 end", NULL, "limit.instructions"),
          "also where a script asks for the compiler");
    check(gives(uhost_evaluate(host, "for i = 1, 1000 do end return os.time()", "clock", NULL, NULL), "86400"),
          "a clock is given");
    uhost_host_free(host);
    uhost_options_set_instruction_limit(options, 0);

    uhost_options_allow_primitive(options, "time");
    host = uhost_new(options, NULL);
    check(fails(host, "return hash.digest('x')", NULL, "permission.denied"), "a primitive is not there unless allowed");
    check(fails(host, "return require('uhost.hash')", NULL, "permission.denied"), "nor by require");
    check(gives(uhost_evaluate(host, "return no_such_global == nil and type(time.now())", "time", NULL, NULL), "\"number\""),
          "others are");
    uhost_host_free(host);
}

static void run_in_steps(uhost_host* host) {
    uhost_error* error = NULL;
    uhost_run* run =
        uhost_run_begin(host, "for i = 1, 3 do task.sleep(0.01) end return 'slept'", "steps", NULL, &error);
    check(run != NULL, "a run begins");
    int steps = 0, state;
    while ((state = uhost_run_step(run, &error)) == 1) {
        struct pollfd descriptor = {uhost_run_descriptor(run), POLLIN, 0};
        poll(&descriptor, 1, uhost_run_timeout(run));
        ++steps;
    }
    check(state == 0 && steps >= 3 && steps < 1000, "it is over after some steps, without spinning");
    check(gives(uhost_run_result(run, &error), "\"slept\""), "it has a result");
    uhost_run_free(run);
    run = uhost_run_begin(host, "task.sleep(3600)", "long", NULL, &error);
    uhost_run_step(run, &error);
    uhost_run_free(run);
    check(gives(uhost_evaluate(host, "return 1", "again", NULL, &error), "1"),
          "a run that was given up leaves the host usable");
}

static int handled_signals(void) {
    int handled = 0;
    for (int number = 1; number < SIGRTMIN; ++number) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL) ++handled;
    }
    return handled;
}

int main(int count, char** arguments) {
    const int handled = handled_signals();
    char output[4096] = "", messages[4096] = "";
    int compiled = 0;
    uhost_error* error = NULL;
    uhost_options* options = uhost_options_new();
    if (count != 2) return 2;
    uhost_options_set_state(options, arguments[1]);
    uhost_options_set_environment(options, "NAME", "ada");
    uhost_options_set_secret(options, "TOKEN", "very-secret-token");
    uhost_options_set_output(options, append, output);
    uhost_options_set_messages(options, append, messages);
    struct told told = {"", "", "", ""};
    uhost_options_set_observer(options, observe, &told);
    uhost_options_deny_all(options);
    check(uhost_options_allow(options, "env", "NAME") == 0 && uhost_options_allow(options, "fly", NULL) == -1,
          "accesses have names");
    uhost_host* host = uhost_new(options, &error);
    check(host != NULL, "a host is made");

    check(
        gives(uhost_evaluate(host, "local a, b = ... return { sum = a + b }", "sum", "[1, 2]", &error), "{\"sum\":3}"),
        "values go in and out");
    check(gives(uhost_evaluate(host, "return select('#', ...), ...", "nulls", "[null, 1, null]", &error), "3"),
          "null is nil");
    check(gives(uhost_evaluate(host, "return os.getenv('NAME')", "environment", NULL, &error), "\"ada\""),
          "it has its environment");
    uhost_evaluate(host, "print('a very-secret-token')", "print", NULL, NULL);
    check(strcmp(output, "a ***\n") == 0, "what is printed reaches the sink, masked");
    check(fails(host, "return fs.read('/etc/hostname')", NULL, "permission.denied"), "what is denied is an error");
    check(fails(host, "return 1 +", NULL, "script"), "code that does not compile is an error");
    check(fails(host, "error('no')", NULL, "lua"), "what is raised is an error");
    check(fails(host, "return 1", "{}", "json.arguments"), "arguments are a list");
    check(fails(host, "os.exit(3)", NULL, "exit"), "the process does not end when a script does");

    check(uhost_define(host, "tool", "compile", compile, &compiled, &error) == 0, "a function is defined");
    check(gives(uhost_evaluate(host, "return require('tool').compile('main.c', nil, 1).object", "rule", NULL, &error),
                "\"main.o\""),
          "scripts call the program");
    check(fails(host, "return require('tool').compile('broken.c')", NULL, "embedded"),
          "the program's errors are raised");
    check(compiled == 2, "the function was called twice");
    check(uhost_define(host, "string", "len", compile, &compiled, NULL) == -1, "Lua's own modules stay");

    check(gives(uhost_call_policy(host, "crash_tests", "issues_of", "[\"tests/crashes/12.rs\", \"\"]", &error), "[12]"),
          "policies are called");
    run_in_steps(host);
    keeps_functions(host);
    lends(host);
    uhost_host_free(host);
    uhost_options_set_dry_run(options, 1);
    uhost_options_allow(options, "write", NULL);
    host = uhost_new(options, &error);
    check(gives(uhost_evaluate(host, "fs.write('/uhost-never-written', 'x')", "write", NULL, &error), "null"),
          "it runs");
    char* plan = uhost_take_plan(host, &error);
    check(plan != NULL && strstr(plan, "uhost-never-written") != NULL, "a dry run plans");
    uhost_free(plan);
    check(strstr(told.plan, "\"state\":\"planned\"") != NULL, "what is planned is told at once");
    uhost_host_free(host);
    uhost_options_set_dry_run(options, 0);
    is_limited(options);
    uhost_options_free(options);
    is_told(arguments[1], &told);
    check(handled_signals() == handled, "no signal has a handler");
    return failures == 0 ? 0 : 1;
}
