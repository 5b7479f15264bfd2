/* uhost as a library, for C and whatever calls C.
 *
 * A host runs Lua scripts with git, GitHub, build and database primitives. Make options, make a host from them, give
 * it code or files to run, and free both. Values go in and out as JSON.
 *
 * Threads: a host, and what is made from it, belong to the thread that made the host, except uhost_interrupt(). Several
 * hosts may live on several threads. Functions that you give are called on the host's thread, inside of one of its calls,
 * and must not call the host again. Nothing here writes to the process's streams unless no sink is set, installs signal
 * handlers unless uhost_interrupt_signal_new() is called, or ends the process.
 *
 * Ownership: what a function returns as `char *` or `uhost_error *` is yours: free it with uhost_free() or
 * uhost_error_free(). Text that goes in is copied. Text is UTF-8 and ends with a zero byte. Runs, functions and policies
 * must be freed before their host. Each `…_free` takes null. A `context` is yours, and must outlive the host.
 *
 * Errors: functions that can fail take a `uhost_error **`, which may be null. They return null or a negative number
 * and set it; otherwise they set it to null.
 *
 * The ABI is stable within a major version of the library: functions are added, never changed. */
#ifndef UHOST_H
#define UHOST_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct uhost_options uhost_options;
typedef struct uhost_host uhost_host;
typedef struct uhost_run uhost_run;
typedef struct uhost_error uhost_error;

/* The version of the library: "0.1.0". */
const char *uhost_version(void);

/* Frees text that a function returned. Null is allowed. */
void uhost_free(char *text);

/* What happened, as a kind for programs ("git.shallow") and words for people; the hint may be "". Valid as long as
 * the error. */
const char *uhost_error_kind(const uhost_error *error);
const char *uhost_error_message(const uhost_error *error);
const char *uhost_error_hint(const uhost_error *error);
void uhost_error_free(uhost_error *error);

/* Options ---------------------------------------------------------------------------------------------------------- */

/* Options of a host that has no environment, reads no settings files, and may do everything. */
uhost_options *uhost_options_new(void);
void uhost_options_free(uhost_options *options);

/* A variable of the environment that scripts see. */
void uhost_options_set_environment(uhost_options *options, const char *name, const char *value);
/* A secret, such as GITHUB_TOKEN: used by primitives, never seen by scripts, masked in all output. */
void uhost_options_set_secret(uhost_options *options, const char *name, const char *value);
/* A setting, as `--set` takes it: "http.timeout_s=60". */
void uhost_options_add_setting(uhost_options *options, const char *assignment);
/* The folder for histories, caches and the audit trail. */
void uhost_options_set_state(uhost_options *options, const char *folder);
/* What Lua values may take together, in bytes; 0 for no limit. */
void uhost_options_set_memory_limit(uhost_options *options, unsigned long long bytes);
/* What each run may take, in seconds and in Lua instructions; 0 for no limit. It then fails with "limit.time" or
 * "limit.instructions". Code that computes without waiting is stopped at its time only if instructions are limited too,
 * or if there is a uhost_interrupt_signal. With a limit of instructions Lua is interpreted, never compiled. */
void uhost_options_set_time_limit(uhost_options *options, double seconds);
void uhost_options_set_instruction_limit(uhost_options *options, unsigned long long instructions);
/* What scripts take for now, as seconds since 1970. */
typedef double (*uhost_clock)(void *context);
void uhost_options_set_clock(uhost_options *options, uhost_clock clock, void *context);
/* Which messages of scripts there are: -1 warnings and errors, 0 (the default) information too, 1 details too. */
void uhost_options_set_verbosity(uhost_options *options, int verbosity);
/* Whether settings are read from uhost.lua beside the repository, and from ~/.config/uhost; the default is not. */
void uhost_options_set_settings_files(uhost_options *options, int read);
/* Plan changes, and make none: see uhost_take_plan(). */
void uhost_options_set_dry_run(uhost_options *options, int dry_run);

/* Denies everything that is not allowed afterwards. */
void uhost_options_deny_all(uhost_options *options);
/* Allows an access: "read", "write" (of a path), "net" (a host), "run" (a program), "env" (a variable), "git_write",
 * "github_write", "ffi". A null operand allows all of the kind. Returns -1 for an access that there is not. */
int uhost_options_allow(uhost_options *options, const char *access, const char *operand);

/* Limits scripts to the primitives that are allowed so, such as "git"; json and tables always are. Those that one uses in
 * turn have to be allowed too ("policy" uses "fs" and "log"). */
void uhost_options_allow_primitive(uhost_options *options, const char *primitive);

/* Gets what scripts print, or messages, as they come; on the host's thread. */
typedef void (*uhost_sink)(void *context, const char *text, unsigned long long size);
void uhost_options_set_output(uhost_options *options, uhost_sink sink, void *context);
void uhost_options_set_messages(uhost_options *options, uhost_sink sink, void *context);

/* Gets what happens as it happens, as a topic and JSON; on the host's thread. New topics may come; those of today:
 *   "log"    {"level", "message", "fields"} of the scripts' messages
 *   "plan"   {"state", "kind", "target", "summary", "times", "details"} of a change to the world: "planned" in a dry run;
 *            otherwise "started" with an "id", then {"state": "done" or "failed", "id", "result"}
 *   "event"  what workflows keep as events: {"kind", "key", "severity", "title", …}
 *   any other that a script gives uhost.publish(topic, value) */
typedef void (*uhost_observer)(void *context, const char *topic, const char *json);
void uhost_options_set_observer(uhost_options *options, uhost_observer observer, void *context);

/* Hosts ------------------------------------------------------------------------------------------------------------ */

/* Null when settings are wrong. The options may be freed or used again afterwards. */
uhost_host *uhost_new(const uhost_options *options, uhost_error **error);
void uhost_host_free(uhost_host *host);

/* Runs a script file with `count` arguments, as the program uhost does: what goes wrong is written to the messages.
 * Returns the exit code. */
int uhost_run_file(uhost_host *host, const char *path, int count, const char *const *arguments);

/* Runs code to its end. `arguments` is a JSON list, or null; the result is the code's first value as JSON. `name`
 * stands for the code in messages. */
char *uhost_evaluate(uhost_host *host, const char *code, const char *name, const char *arguments, uhost_error **error);

/* Loads a policy, calls one of its functions, and closes it: uhost_call_policy(host, "crash_tests", "issues_of",
 * "[\"tests/crashes/1.rs\"]", &error). For more than one call, load it: see below. */
char *uhost_call_policy(uhost_host *host, const char *policy, const char *function, const char *arguments,
                        uhost_error **error);

/* A function of the program: it gets its arguments as a JSON list and returns its result as JSON, allocated by
 * malloc(). To raise an error in the script it returns null and sets *message, also by malloc(). */
typedef char *(*uhost_function)(void *context, const char *arguments, char **message);

/* What scripts find as require("MODULE"): a function, called as .NAME(…); a value, given as JSON, as .NAME; or what Lua
 * code returns when it is first required. A module of uhost or of Lua cannot be replaced. Return 0, or -1. */
int uhost_define(uhost_host *host, const char *module, const char *name, uhost_function function, void *context,
                 uhost_error **error);
int uhost_define_value(uhost_host *host, const char *module, const char *name, const char *json, uhost_error **error);
int uhost_define_module(uhost_host *host, const char *module, const char *source, uhost_error **error);

/* Ends what runs, or the next run when nothing does: it fails with "interrupted". Code that computes is ended where it
 * next waits, or at once if there is a uhost_interrupt_signal. From any thread, as long as the host lives. */
void uhost_interrupt(uhost_host *host);

/* While it lives, `signal` (such as SIGURG) has a handler, by which interrupts and time limits reach code that computes.
 * One for all hosts of the process; the threads that run them must not block it. */
typedef struct uhost_interrupt_signal uhost_interrupt_signal;
uhost_interrupt_signal *uhost_interrupt_signal_new(int signal);
void uhost_interrupt_signal_free(uhost_interrupt_signal *signal);

/* What a dry run would have changed since the last call, as JSON. */
char *uhost_take_plan(uhost_host *host, uhost_error **error);

/* Many calls ------------------------------------------------------------------------------------------------------- */

/* A Lua function that is kept: `code` returns it. Arguments are a JSON list, or null; the result is JSON. */
typedef struct uhost_lua_function uhost_lua_function;
uhost_lua_function *uhost_lua_function_new(uhost_host *host, const char *code, const char *name, uhost_error **error);
char *uhost_lua_function_call(uhost_lua_function *function, const char *arguments, uhost_error **error);
void uhost_lua_function_free(uhost_lua_function *function);

/* A policy, in a worker process of its own where it can do no harm. `folder` may be null: the repository's policies and
 * the shipped ones. uhost_policy_map() calls a function once for each list of arguments, and gives a list of results:
 * [[1], [2]] to [2,4]; that is many times as fast as calls one by one. */
typedef struct uhost_policy uhost_policy;
uhost_policy *uhost_policy_load(uhost_host *host, const char *name, const char *folder, uhost_error **error);
char *uhost_policy_call(uhost_policy *policy, const char *function, const char *arguments, uhost_error **error);
char *uhost_policy_map(uhost_policy *policy, const char *function, const char *argument_lists, uhost_error **error);
void uhost_policy_free(uhost_policy *policy);

/* In steps --------------------------------------------------------------------------------------------------------- */

/* Begins a run, for programs with an event loop of their own. One run of a host at a time. */
uhost_run *uhost_run_begin(uhost_host *host, const char *code, const char *name, const char *arguments,
                           uhost_error **error);
/* Does what is due without waiting: 1 while the run goes on, 0 when it is over, -1 when it failed. */
int uhost_run_step(uhost_run *run, uhost_error **error);
/* When to call it next: when this descriptor is readable, or after so many milliseconds (-1: not by time). The
 * descriptor stays the same as long as the host lives, so that a loop with callbacks needs to watch it once. */
int uhost_run_descriptor(const uhost_run *run);
int uhost_run_timeout(const uhost_run *run);
/* The result, once the run is over. */
char *uhost_run_result(uhost_run *run, uhost_error **error);
/* Ends the run if it is not over. */
void uhost_run_free(uhost_run *run);

#ifdef __cplusplus
}
#endif

#endif
