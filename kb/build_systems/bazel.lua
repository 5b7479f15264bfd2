-- Bazel: modules, targets, actions.

return {
    about = "Bazel: modules, targets, actions",
    entries = {
        {
            id = "bazel.module_missing", title = "No registry has the Bazel module {module}",
            match = [[module(?: not found in registries: (?<module>[\w.-]+@\S*)]]
                .. [[| (?<named>[\w.-]+@\S+) not found in registries)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "`MODULE.bazel`, or a module that it needs, asks for a version that none of the "
                .. "registries has: not published yet, a wrong name, or a lock file that remembers an "
                .. "older answer.",
            fix = "Take a version that the registry lists, or override the module (`git_override`, "
                .. "`archive_override`). If it is there, make `MODULE.bazel.lock` anew.",
            commands = {
                "bazel mod graph",
                "bazel mod deps --lockfile_mode=update",
            },
            docs = { "https://registry.bazel.build/" },
            examples = {
                matches = {
                    "ERROR: Error computing the main repository mapping: module not found in registries: "
                        .. "rules_proto@4.0.0",
                    "ERROR: Error computing the main repository mapping: in module dependency chain "
                        .. "<root> -> rules_js@2.3.8: module rules_js@2.3.8 not found in registries:",
                },
                rejects = {
                    "DEBUG: Rule rules_proto indicated that a canonical reproducible form can be obtained",
                },
            },
        },
        {
            id = "bazel.lockfile_outdated", title = "MODULE.bazel.lock is out of date",
            match = [[MODULE\.bazel\.lock is (?:no longer up-to-date|out of date)]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "CI builds with `--lockfile_mode=error`, and `MODULE.bazel` or the Bazel version "
                .. "changed without the lock file.",
            fix = "Update the lock file with the Bazel version of CI, and commit it.",
            commands = { "bazel mod deps --lockfile_mode=update" },
            docs = { "https://bazel.build/external/lockfile" },
            examples = {
                matches = {
                    "ERROR: Error computing the main repository mapping: MODULE.bazel.lock is no longer "
                        .. "up-to-date because: the root MODULE.bazel has been modified. Please run `bazel mod "
                        .. "deps --lockfile_mode=update` to update your lockfile.",
                },
                rejects = {
                    "MODULE.bazel.lock was written",
                },
            },
        },
        {
            id = "bazel.no_such_target", title = "Bazel knows no such package, target or repository",
            match = [[no such (?:package|target) '(?<target>.{1,200}?)': (?<why>.{3,300})]],
            class = "code bug", severity = "error", priority = 86,
            cause = "Something depends on {target}, which is not there: a BUILD file is missing or lacks "
                .. "it, or the repository rule that would make it is not declared or failed.",
            fix = "The rest of the message says which: add the BUILD file or target, declare the "
                .. "repository (`bazel_dep` and `use_repo`), or look at why fetching it failed.",
            commands = { "bazel query \"deps(TARGET)\"" },
            docs = { "https://bazel.build/concepts/build-files" },
            examples = {
                matches = {
                    "ERROR: /home/runner/work/shop/BUILD:3:11: no such package 'lib/price': BUILD file "
                        .. "not found in any of the following directories.",
                    "ERROR: no such target '//lib:prices': target 'prices' not declared in package 'lib'",
                    "ERROR: no such package '@@[unknown repo 'rules_foo' requested from @@]//': The "
                        .. "repository could not be resolved",
                },
                rejects = {
                    "no such package installed",
                },
            },
        },
        {
            id = "bazel.toolchain_missing", title = "Bazel finds no toolchain for {type}",
            match = [[No matching toolchains found for types:?\s*(?<type>\S*)]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "None of the registered toolchains of that type fits the platforms that are built on "
                .. "and for.",
            fix = "Register one for this platform; `--toolchain_resolution_debug` says why each was "
                .. "rejected.",
            commands = { "bazel build TARGET --toolchain_resolution_debug=.*" },
            docs = { "https://bazel.build/extending/toolchains#debugging-toolchains" },
            examples = {
                matches = {
                    "ERROR: /work/BUILD:1:1: While resolving toolchains for target //:a: No matching "
                        .. "toolchains found for types @bazel_tools//tools/cpp:toolchain_type.",
                },
                rejects = {
                    "Selected toolchain @local_config_cc//:cc-compiler-k8",
                },
            },
        },
    },
}
