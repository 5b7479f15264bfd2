#define _POSIX_C_SOURCE 200809L
/* A C program that embeds uhost: a build tool whose users write rules in Lua. Built against an installed copy by
 * pkg-config. */
#include <poll.h>
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

int main(int count, char** arguments) {
    char output[4096] = "", messages[4096] = "";
    int compiled = 0;
    uhost_error* error = NULL;
    uhost_options* options = uhost_options_new();
    if (count == 2) uhost_options_set_state(options, arguments[1]);
    uhost_options_set_environment(options, "NAME", "ada");
    uhost_options_set_secret(options, "TOKEN", "very-secret-token");
    uhost_options_set_output(options, append, output);
    uhost_options_set_messages(options, append, messages);
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
    uhost_host_free(host);

    uhost_options_set_dry_run(options, 1);
    uhost_options_allow(options, "write", NULL);
    host = uhost_new(options, &error);
    check(gives(uhost_evaluate(host, "fs.write('/uhost-never-written', 'x')", "write", NULL, &error), "null"),
          "it runs");
    char* plan = uhost_take_plan(host, &error);
    check(plan != NULL && strstr(plan, "uhost-never-written") != NULL, "a dry run plans");
    uhost_free(plan);
    uhost_host_free(host);
    uhost_options_free(options);
    return failures == 0 ? 0 : 1;
}
