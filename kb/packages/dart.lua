-- Dart and Flutter: pub, SDK versions, code generation.

return {
    about = "Dart and Flutter: pub, SDK versions, code generation",
    entries = {
        {
            id = "pub.version_solving", title = "pub finds no versions that fit together",
            match = [[^(?:\[ *\d+ ms\] )?(?:Because|So, because|And because]]
                .. [[|Thus) .{5,400}version solving failed\.]],
            unless = [=[SDK version|requires the Flutter SDK|\([<>=^~!*\d]]=],
            class = "version mismatch", severity = "error", priority = 88,
            cause = "The constraints of the dependencies contradict each other; the sentence says which.",
            fix = "Loosen one of the constraints in pubspec.yaml, upgrade the package that is behind, "
                .. "or override one version for a while.",
            commands = {
                "dart pub outdated",
                "dart pub upgrade --major-versions",
            },
            docs = { "https://dart.dev/tools/pub/versioning" },
            examples = {
                matches = {
                    "Because shop depends on http ^1.0.0 and prices >=2.0.0 depends on http ^0.13.0, "
                        .. "prices >=2.0.0 is forbidden, version solving failed.",
                },
                rejects = {
                    "Because shop requires SDK version >=3.0.0 <4.0.0, version solving failed.",
                    "Because shop depends on numpy (>=2), version solving failed.",
                },
            },
        },
        {
            id = "pub.sdk_version", title = "The Dart or Flutter SDK does not fit a package",
            match = [[requires (?:the )?(?:Flutter |Dart )?SDK(?: version)? (?<wanted>[^,]{1,60}),]]
                .. [[ version solving failed]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "A package asks for an SDK of {wanted}; the one that was set up is another.",
            fix = "Set up that SDK in the workflow (the lines above say which one is there), or take a "
                .. "version of the package for the present one.",
            commands = { "flutter --version" },
            docs = { "https://dart.dev/tools/pub/pubspec#sdk-constraints" },
            examples = {
                matches = {
                    "Because shop requires SDK version >=3.0.0 <4.0.0, version solving failed.",
                    "Because zulip requires Flutter SDK version >=3.47.0-1.0.pre-91, version solving "
                        .. "failed.",
                },
                rejects = {
                    "The current Dart SDK version is 2.7.0.",
                },
            },
        },
        {
            id = "pub.package_missing", title = "pub cannot find a package",
            match = [[(?:Because .{1,200}depends on (?<package>\S+) any which doesn't exist]]
                .. [[|which doesn't exist \(could not find package (?<named>\S+) at)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "The registry has no package of that name: a misspelt name, a private package "
                .. "without its source, or one that was withdrawn.",
            fix = "Correct the name in pubspec.yaml, or say where the package is (`hosted`, `git`, "
                .. "`path`); private registries need `dart pub token add`.",
            docs = { "https://dart.dev/tools/pub/dependencies" },
            examples = {
                matches = {
                    "Because shop depends on pricess any which doesn't exist (could not find package "
                        .. "pricess at https://pub.dev), version solving failed.",
                },
                rejects = {
                    "A file which doesn't exist was skipped",
                },
            },
        },
        {
            id = "flutter.lockfile", title = "pubspec.lock does not fit pubspec.yaml",
            match = [[Unable to satisfy `pubspec\.yaml` using `pubspec\.lock`]],
            class = "version mismatch", severity = "error", priority = 94,
            cause = "pub was run with `--enforce-lockfile`, and the lock file is older than "
                .. "pubspec.yaml, or was made by another SDK.",
            fix = "Run `dart pub get` (or `flutter pub get`) with the SDK of CI, and commit "
                .. "pubspec.lock.",
            commands = { "dart pub get" },
            docs = { "https://dart.dev/tools/pub/cmd/pub-get" },
            examples = {
                matches = {
                    "Unable to satisfy `pubspec.yaml` using `pubspec.lock`.",
                },
                rejects = {
                    "pubspec.lock was updated",
                },
            },
        },
    },
}
