-- Cargo: manifests, lock files and registries.
return {
    about = "Cargo: manifests, lock files and registries",
    entries = {
        {
            id = "cargo.lock_outdated", title = "Cargo.lock does not fit the manifests",
            match = [[error: (?:the lock file \S+ needs to be updated but|cannot (?:update|create) the ]]
                .. [[lock file \S+ because) (?<flag>--locked|--frozen) was passed]],
            class = "version mismatch", severity = "error", priority = 90,
            cause = "`Cargo.lock` does not fit the `Cargo.toml` files, and `{flag}` forbids to change it.",
            fix = "Run `cargo update --workspace` (it touches only what must change) on your machine with the "
                .. "toolchain that CI uses, and commit `Cargo.lock`. If a bot bumped a version in `Cargo.toml`, it "
                .. "has to commit the lock file too. A newer lock file format needs a newer cargo in CI.",
            commands = { "cargo update --workspace", "git add Cargo.lock" },
            docs = { "https://doc.rust-lang.org/cargo/faq.html#why-have-cargolock-in-version-control" },
            tags = { "rust", "cargo", "lock file" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Say early, and in words, that the lock file is stale",
                yaml = "- name: Lock file\n"
                    .. "  run: cargo metadata --locked --format-version 1 > /dev/null\n",
            },
            examples = {
                matches = {
                    "error: cannot update the lock file /home/runner/work/app/app/Cargo.lock because --locked was "
                        .. "passed to prevent this",
                    "error: the lock file /home/runner/work/app/app/Cargo.lock needs to be updated but --locked "
                        .. "was passed to prevent this",
                },
                rejects = { "warning: the lock file is ignored when publishing" },
            },
        },
        {
            id = "cargo.lock_version", title = "Cargo.lock was written by a newer cargo",
            match = [[lock file version (?:`?(?<version>\d+)`? )?(?:was found, but this version of Cargo ]]
                .. [[does not understand|requires `-Znext-lockfile-bump`)]],
            class = "version mismatch", severity = "error", priority = 90,
            cause = "`Cargo.lock` has a format (version {version}) that this cargo cannot read. Someone committed "
                .. "it with a newer toolchain.",
            fix = "Raise the toolchain of this job (version 4 needs Rust 1.78), or write the lock file with the "
                .. "oldest toolchain that must read it. A minimal-version job can use "
                .. "`CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS=fallback`.",
            commands = { "rustup update stable", "head -4 Cargo.lock" },
            docs = { "https://doc.rust-lang.org/cargo/reference/resolver.html" },
            tags = { "rust", "cargo", "lock file" },
            examples = {
                matches = {
                    "lock file version `4` was found, but this version of Cargo does not understand this lock "
                        .. "file, perhaps Cargo needs to be updated?",
                    "  lock file version 4 requires `-Znext-lockfile-bump`",
                },
                rejects = { "version = 4" },
            },
        },
        {
            id = "cargo.lock_unreadable", title = "Cargo.lock cannot be read",
            match = [[error: failed to parse lock file at: (?<file>\S+)]],
            class = "code bug", severity = "error", priority = 76,
            cause = "`{file}` is not a lock file that this cargo can read. The `Caused by` line says why.",
            fix = "A merge conflict left its markers, or a newer cargo wrote it. Take the file of the main branch "
                .. "and run `cargo update --workspace`.",
            commands = { "git checkout origin/main -- Cargo.lock", "cargo update --workspace" },
            tags = { "rust", "cargo", "lock file" },
            examples = {
                matches = { "error: failed to parse lock file at: /home/runner/work/app/app/Cargo.lock" },
                rejects = { "error: failed to parse manifest at `/home/runner/work/app/app/Cargo.toml`" },
            },
        },
        {
            id = "cargo.rust_version", title = "A package needs a newer Rust",
            match = [[error: (?:rustc (?<have>\S+) is not supported by the following package|package ]]
                .. [[`(?<package>[^`]+)` cannot be built because it requires rustc (?<need>\S+) or newer)]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "The toolchain of this job is older than the `rust-version` of a package in the tree.",
            fix = "Raise the toolchain (and `rust-version` of this package, as that is a change of the promise to "
                .. "users), or hold the dependency back: `cargo update -p NAME --precise OLDER`. `resolver = "
                .. "\"3\"` lets cargo choose versions that fit `rust-version` by itself.",
            commands = { "cargo update -p NAME --precise OLDER", "cargo tree --invert NAME" },
            docs = { "https://doc.rust-lang.org/cargo/reference/rust-version.html" },
            tags = { "rust", "cargo", "msrv" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Test with the Rust that the dependencies need",
                yaml = "- uses: dtolnay/rust-toolchain@master\n"
                    .. "  with:\n"
                    .. "    toolchain: \"1.85\"\n",
            },
            examples = {
                matches = {
                    "error: rustc 1.95.0 is not supported by the following package:",
                    "error: package `clap v4.5.4` cannot be built because it requires rustc 1.74 or newer, while "
                        .. "the currently active rustc version is 1.70.0",
                },
                rejects = { "warning: rustc 1.70.0 is fine" },
            },
        },
        {
            id = "cargo.edition", title = "The toolchain does not know this edition",
            match = [[(?:feature `edition(?<edition>20\d\d)` is required|this version of Cargo is older ]]
                .. [[than the `(?<edition2>20\d\d)` edition)]],
            class = "version mismatch", severity = "error", priority = 92,
            cause = "A package in the tree uses an edition that this toolchain is too old for.",
            fix = "Use a newer toolchain: 2021 came with Rust 1.56, 2024 with 1.85. If the package is a "
                .. "dependency, an update pulled it in: go back to the version in `Cargo.lock` and build with "
                .. "`--locked`.",
            commands = { "rustup update stable", "cargo build --locked" },
            docs = { "https://doc.rust-lang.org/edition-guide/" },
            tags = { "rust", "cargo", "edition" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A toolchain that knows the edition",
                yaml = "- uses: dtolnay/rust-toolchain@master\n"
                    .. "  with:\n"
                    .. "    toolchain: \"1.85\"\n",
            },
            examples = {
                matches = {
                    "  feature `edition2024` is required",
                    "  this version of Cargo is older than the `2024` edition, and only supports `2015`, `2018`, "
                        .. "and `2021` editions.",
                },
                rejects = { "edition = \"2024\"" },
            },
        },
        {
            id = "cargo.manifest", title = "A Cargo.toml cannot be read",
            match = [[error: failed to parse manifest at `(?<file>[^`]+)`]],
            class = "code bug", severity = "error", priority = 78,
            cause = "`{file}` is not a manifest that this cargo accepts. The `Caused by` lines say where and why.",
            fix = "Fix the line that is named. If the file is below `.cargo/registry`, the dependency uses "
                .. "something that this cargo is too old for: raise the toolchain or pin the dependency.",
            commands = { "cargo metadata --no-deps --format-version 1" },
            tags = { "rust", "cargo" },
            examples = {
                matches = { "error: failed to parse manifest at `/home/runner/work/app/app/Cargo.toml`" },
                rejects = { "warning: failed to parse manifest of a path dependency is not an error here" },
            },
        },
        {
            id = "cargo.manifest_place", title = "A line of a Cargo.toml is wrong",
            match = {
                [[^error: (?<what>.{5,300})]],
                [[^\s*--> (?<file>(?:\S*[/\\])?(?:Cargo|config)\.toml):(?<line>\d+):\d+]],
            },
            within = 1, class = "code bug", severity = "error", priority = 82,
            cause = "`{file}`, line {line}: {what}",
            fix = "Fix that line. An edition, resolver or key that is unknown may only be too new for this cargo: "
                .. "compare `cargo --version`.",
            commands = { "cargo metadata --no-deps --format-version 1" },
            tags = { "rust", "cargo" },
            examples = {
                matches = {
                    "error: unexpected end of input while parsing minor version number\n --> Cargo.toml:3:11",
                },
                rejects = { "error: mismatched types\n --> src/lib.rs:3:11" },
            },
        },
        {
            id = "cargo.no_manifest", title = "There is no Cargo.toml here",
            match = [[error: (?:could not find `Cargo\.toml` in `(?<folder>[^`]+)` or any parent ]]
                .. [[directory|manifest path `(?<path>[^`]+)` does not exist)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "Cargo runs in a folder outside of any package.",
            fix = "Set `working-directory:` of the step or pass `--manifest-path`. If the sources are missing "
                .. "altogether, the checkout step is missing or came after this one, or the package is in a "
                .. "submodule that was not fetched (`submodules: recursive`).",
            commands = { "ls -la" },
            tags = { "rust", "cargo" },
            examples = {
                matches = {
                    "error: could not find `Cargo.toml` in `/home/runner/work/app/app` or any parent directory",
                    "error: manifest path `crates/core/Cargo.toml` does not exist",
                },
                rejects = { "note: found Cargo.toml in the parent directory" },
            },
        },
        {
            id = "cargo.no_matching_package", title = "A dependency is not in the registry",
            match = [[error: no matching package (?:named `(?<package>[^`]+)` )?found]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "Cargo looked for a dependency where the manifest says and found none. The lines below name "
                .. "where it searched.",
            fix = "In offline or vendored builds: run `cargo fetch` or `cargo vendor` in an earlier step with "
                .. "network, and keep the result. Otherwise look for a typo, a renamed crate, a private registry "
                .. "that this job has no access to, or a path or git dependency whose checkout is missing.",
            commands = { "cargo fetch --locked", "cargo search NAME" },
            tags = { "rust", "cargo", "registry" },
            examples = {
                matches = {
                    "error: no matching package named `serde_json` found", "error: no matching package found",
                },
                rejects = { "warning: no matching package found for patch" },
            },
        },
        {
            id = "cargo.version_conflict", title = "No version satisfies every requirement",
            match = [[error: failed to select a version for (?:the requirement )?`(?<package>[^`]+)`]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "What the packages in the tree ask of `{package}` cannot be met at once, or the version asked "
                .. "for does not exist (yanked, not yet published).",
            fix = "The lines below name both sides. Align the requirements, or update the one that is behind: "
                .. "`cargo update -p NAME`. For `links = \"…\"` conflicts only one version of a native library may "
                .. "be in the tree.",
            commands = { "cargo tree --invert NAME", "cargo update -p NAME" },
            docs = { "https://doc.rust-lang.org/cargo/reference/resolver.html" },
            tags = { "rust", "cargo" },
            examples = {
                matches = {
                    "error: failed to select a version for `openssl-sys`.",
                    "error: failed to select a version for the requirement `rand = \"^0.99\"`",
                },
                rejects = { "error: failed to run custom build command for `openssl-sys v0.9.102`" },
            },
        },
        {
            id = "cargo.missing_feature", title = "A feature that does not exist is asked for",
            match = [[(?:the package `(?<package>[^`]+)` depends on `(?<dependency>[^`]+)`, with ]]
                .. [[features?: `(?<feature>[^`]+)` but|error: (?:none of the selected packages contains]]
                .. [[|the package '[^']+' does not contain) (?:these features|this feature): ]]
                .. [[(?<missing>\S.{0,80}))]],
            class = "version mismatch", severity = "error", priority = 84,
            cause = "A feature is turned on that the chosen version of the package has not got.",
            fix = "Features come and go with versions. Look into the dependency's changelog, or hold it at the "
                .. "locked version. On the command line, `--features` counts for the packages that are selected: "
                .. "name the package (`-p`).",
            commands = { "cargo metadata --no-deps --format-version 1" },
            tags = { "rust", "cargo", "features" },
            examples = {
                matches = {
                    "the package `app` depends on `tokio`, with features: `rt-core` but `tokio` does not have "
                        .. "these features.",
                    "error: none of the selected packages contains these features: simd",
                },
                rejects = { "warning: feature `simd` is unused" },
            },
        },
        {
            id = "cargo.fetch_failed", title = "Cargo cannot download from a registry",
            match = [[(?:error: failed to (?:download|get `[^`]+` as a dependency|fetch)|failed to ]]
                .. [[(?:download from|query replaced source|load source for dependency|update registry)) ]]
                .. [[?(?<what>`[^`]+`|registry `[^`]+`|.{0,60})]],
            unless = [[offline mode|--offline]],
            class = "infrastructure", severity = "error", priority = 62,
            cause = "A crate or the index could not be fetched. The innermost `Caused by` line is the reason.",
            fix = "If it is a time-out, reset or 5xx answer, run the job again and let cargo try more often "
                .. "(`CARGO_NET_RETRY=10`). If it is a 401 or 403, the job lacks the registry's token. A cache of "
                .. "`~/.cargo/registry` makes it rare.",
            commands = { "CARGO_NET_RETRY=10 cargo fetch --locked" },
            docs = { "https://doc.rust-lang.org/cargo/reference/config.html#net" },
            tags = { "rust", "cargo", "network" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "More tries, and a cache of the registry",
                yaml = "env:\n"
                    .. "  CARGO_NET_RETRY: 10\n"
                    .. "steps:\n"
                    .. "  - uses: Swatinem/rust-cache@v2\n",
            },
            examples = {
                matches = {
                    "error: failed to download from `https://static.crates.io/crates/libc/0.2.153/download`",
                    "error: failed to get `serde` as a dependency of package `app v0.1.0 (/home/runner/work/app/app)`",
                    "  failed to query replaced source registry `crates-io`",
                },
                rejects = { "error: failed to run custom build command for `ring v0.17.8`" },
            },
        },
        {
            id = "cargo.network_http", title = "A request to the registry failed",
            match = [[(?:warning: )?spurious network error \((?<tries>\d+) tr(?:y|ies) remaining\): ]]
                .. [[(?<reason>.{3,160})]],
            class = "flaky", severity = "warning", priority = 30,
            cause = "A request to the registry failed and is tried again: {reason}.",
            fix = "One of these does no harm. If they run out, see the error that follows; a mirror or a cached "
                .. "registry folder helps.",
            tags = { "rust", "cargo", "network" },
            examples = {
                matches = {
                    "warning: spurious network error (2 tries remaining): [28] Timeout was reached (failed to "
                        .. "download any data for `syn v2.0.60` within 30s)",
                },
                rejects = { "warning: network access is disabled" },
            },
        },
        {
            id = "cargo.git_dependency", title = "A git dependency cannot be fetched",
            match = [[(?:failed to (?:clone into|fetch into): (?<folder>\S*/git/(?:db|checkouts)/\S+)]]
                .. [[|error: Unable to update (?<url>https?://\S+|ssh://\S+)|revision ]]
                .. [[(?<revision>[0-9a-f]{7,40}) not found)]],
            class = "permission", severity = "error", priority = 78,
            cause = "A dependency comes from a git repository that this job cannot read, or whose branch or "
                .. "revision is gone.",
            fix = "For private repositories give the job a deploy key or a token and set `net.git-fetch-with-cli = "
                .. "true`, so that git's own credentials count. If the revision is gone (force-push), point the "
                .. "dependency at one that exists.",
            commands = { "CARGO_NET_GIT_FETCH_WITH_CLI=true cargo fetch" },
            docs = { "https://doc.rust-lang.org/cargo/appendix/git-authentication.html" },
            tags = { "rust", "cargo", "git" },
            examples = {
                matches = {
                    "  failed to clone into: /home/runner/.cargo/git/db/private-7a1b2c3d4e5f6789",
                    "error: Unable to update https://github.com/acme/private?branch=main#1a2b3c4d",
                },
                rejects = { "Updating git repository `https://github.com/acme/private`" },
            },
        },
        {
            id = "cargo.deny", title = "cargo-deny refuses a dependency",
            match = [[^(?:.*\b)?(?:advisories|bans|licenses|sources) FAILED\b]],
            class = "code bug", severity = "error", priority = 60,
            cause = "A dependency has an advisory, a license that is not allowed, a banned version, or comes from a "
                .. "source that is not allowed. The reports above say which, and what depends on it.",
            fix = "Upgrade the dependency. Where that is not possible yet, ignore the one advisory or allow the one "
                .. "license in `deny.toml`, with the reason. A new advisory also fails a commit that changed nothing.",
            commands = { "cargo deny check", "cargo update --package NAME" },
            docs = { "https://embarkstudios.github.io/cargo-deny/" },
            examples = {
                matches = { "advisories FAILED, bans ok, licenses ok, sources ok",
                    "advisories ok, bans ok, licenses FAILED, sources ok" },
                rejects = { "advisories ok, bans ok, licenses ok, sources ok", "3 FAILED" },
            },
        },
    },
}
