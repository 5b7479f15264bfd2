-- What goes wrong around a Rust toolchain: crashes and stale caches of builds, missing targets and components, lints.
return {
    about = "Rust toolchains: missing parts, stale builds, lints and formatting",
    entries = {
        {
            id = "cargo.killed_compiler", title = "The compiler was killed",
            match = [[process didn't exit successfully: `(?<program>\S*(?:rustc|clippy-driver|rustdoc]]
                .. [[|sccache)\S*) .*?\(signal: (?<signal>9, SIGKILL)]],
            class = "infrastructure", severity = "error", priority = 92,
            cause = "The kernel ended rustc (SIGKILL), nearly always for lack of memory.",
            fix = "Build fewer crates at once (`CARGO_BUILD_JOBS=2`), with less debug information "
                .. "(`CARGO_PROFILE_DEV_DEBUG=0`), without LTO or with `codegen-units` above 1, with another "
                .. "linker (lld, mold), or on a larger runner.",
            commands = { "CARGO_BUILD_JOBS=1 cargo build" },
            tags = { "rust", "memory" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Less memory at once",
                yaml = "env:\n"
                    .. "  CARGO_BUILD_JOBS: 2\n"
                    .. "  CARGO_PROFILE_DEV_DEBUG: 0\n",
            },
            examples = {
                matches = {
                    "  process didn't exit successfully: "
                        .. "`/home/runner/.rustup/toolchains/stable-x86_64-unknown-linux-gnu/bin/rustc "
                        .. "--crate-name app --edition=2021 src/main.rs` (signal: 9, SIGKILL: kill)",
                },
                rejects = { "process didn't exit successfully: `target/debug/app` (exit status: 1)" },
            },
        },
        {
            id = "cargo.program_signal", title = "A program that cargo ran was ended by a signal",
            match = [[process didn't exit successfully: `(?<program>\S*target/\S+?)(?: [^`]{0,2000})?` ]]
                .. [[\(signal: (?<signal>\d+, SIG(?:SEGV|ABRT|ILL|BUS|FPE|KILL|TRAP))]],
            class = "code bug", severity = "error", priority = 64,
            cause = "`{program}` was ended by {signal}.",
            fix = "SIGABRT comes with an abort or a stack overflow whose words stand above. SIGSEGV points to "
                .. "`unsafe` code or a native library: run it with a debugger or Miri. SIGILL means that it was "
                .. "built for another processor (`target-cpu=native` and a cache from another runner). SIGKILL "
                .. "means too little memory or a time limit.",
            commands = { "cargo +nightly miri test" },
            tags = { "rust", "signal" },
            examples = {
                matches = {
                    "  process didn't exit successfully: "
                        .. "`/home/runner/work/deep/deep/target/debug/deps/deep-881da86e49402576` (signal: 6, "
                        .. "SIGABRT: process abort signal)",
                    "  process didn't exit successfully: `target/debug/app --port 80` (signal: 11, SIGSEGV: "
                        .. "invalid memory reference)",
                },
                rejects = { "  process didn't exit successfully: `target/debug/app` (exit status: 101)" },
            },
        },
        {
            id = "cargo.stale_incremental", title = "A cached build folder is broken",
            match = [[(?:error: (?:could not (?:write|copy|open|read) .{0,40}dep-graph|failed to (?:write]]
                .. [[|read) .{0,40}fingerprint|could not load (?:the )?metadata)|found possibly newer ]]
                .. [[version of crate `(?<crate>[^`]+)`|error\[E0460\]|error\[E0514\]: found crate ]]
                .. [[`(?<other>[^`]+)` compiled by an incompatible version of rustc)]],
            class = "cache corruption", severity = "error", priority = 86,
            cause = "The `target` folder holds what another compiler or another build left there.",
            fix = "Delete the cache and build again. Put `rustc --version` and the hash of `Cargo.lock` into the "
                .. "cache's key, and do not cache `target` across toolchains; `Swatinem/rust-cache` does both.",
            commands = { "cargo clean" },
            docs = { "https://doc.rust-lang.org/error_codes/E0514.html" },
            tags = { "rust", "cache" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "A cache whose key knows the compiler",
                yaml = "- uses: Swatinem/rust-cache@v2\n"
                    .. "  with:\n"
                    .. "    prefix-key: v2-rust\n",
            },
            examples = {
                matches = {
                    "error[E0514]: found crate `serde` compiled by an incompatible version of rustc",
                    "error[E0460]: found possibly newer version of crate `std` which `serde` depends on",
                },
                rejects = { "error[E0463]: can't find crate for `std`" },
            },
        },
        {
            id = "cargo.target_missing", title = "The target's standard library is not installed",
            match = [[error\[E0463\]: can't find crate for `(?<crate>std|core|alloc)`]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "The toolchain has no `{crate}` for the target that is built for.",
            fix = "Add it in this job: `rustup target add TARGET` (the `targets:` input of the toolchain action), "
                .. "or list it in `rust-toolchain.toml`. With a pinned toolchain it must be added to that one. "
                .. "Targets without a prebuilt one need `-Z build-std`.",
            commands = { "rustup target add TARGET", "rustup show" },
            docs = { "https://rust-lang.github.io/rustup/cross-compilation.html" },
            tags = { "rust", "rustup", "target" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The target, for the toolchain of this job",
                yaml = "- uses: dtolnay/rust-toolchain@stable\n"
                    .. "  with:\n"
                    .. "    targets: ${{ matrix.target }}\n",
            },
            examples = {
                matches = { "error[E0463]: can't find crate for `std`", "error[E0463]: can't find crate for `core`" },
                rejects = { "error[E0463]: can't find crate for `helper`" },
            },
        },
        {
            id = "cargo.crate_missing", title = "The compiler cannot find a crate",
            match = [[error\[E0463\]: can't find crate for `(?<crate>(?!std`|core`|alloc`)[^`]+)`]],
            class = "missing setup", severity = "error", priority = 80,
            cause = "rustc was asked for the crate `{crate}` and has no compiled one.",
            fix = "Add it to `Cargo.toml`. For `proc_macro`, `test` or `rustc_…` crates: the toolchain lacks the "
                .. "component (`rustc-dev`) or the target cannot have procedural macros. After a restored cache, "
                .. "clean first.",
            commands = { "cargo clean" },
            docs = { "https://doc.rust-lang.org/error_codes/E0463.html" },
            tags = { "rust", "compile" },
            examples = {
                matches = { "error[E0463]: can't find crate for `helper`" },
                rejects = { "error[E0463]: can't find crate for `std`" },
            },
        },
        {
            id = "cargo.nightly_feature", title = "A nightly feature on a stable toolchain",
            match = [[(?:error\[E0554\]: `#!\[feature\]` may not be used on the (?<channel>stable|beta) ]]
                .. [[release channel|error: the option `(?<option>[^`]+)` is only accepted on the ]]
                .. [[nightly compiler|the `-Z` flag is only accepted on the nightly channel|feature ]]
                .. [[`(?<feature>[^`]+)` is required\s*$)]],
            class = "version mismatch", severity = "error", priority = 90,
            cause = "Something needs the nightly toolchain, and this job uses another.",
            fix = "Use nightly in this job (`cargo +nightly`, pinned to a date), or turn off what needs it: a "
                .. "crate's `nightly` feature, `-Z` flags in `RUSTFLAGS` or `.cargo/config.toml`.",
            commands = { "cargo +nightly build", "rustup toolchain install nightly" },
            docs = { "https://doc.rust-lang.org/error_codes/E0554.html" },
            tags = { "rust", "rustup", "nightly" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "Nightly of a certain day",
                yaml = "- uses: dtolnay/rust-toolchain@master\n"
                    .. "  with:\n"
                    .. "    toolchain: nightly-2025-01-15\n",
            },
            examples = {
                matches = {
                    "error[E0554]: `#![feature]` may not be used on the stable release channel",
                    "error: the option `Z` is only accepted on the nightly compiler",
                },
                rejects = { "error[E0658]: use of unstable library feature `portable_simd`" },
            },
        },
        {
            id = "cargo.unstable", title = "An unstable feature or a stabilised one that is too new",
            match = [[error\[E0658\]: (?<what>.{5,200})]],
            class = "version mismatch", severity = "error", priority = 86,
            cause = "The toolchain holds this for unstable: {what}. Most often it is stable in a newer Rust than "
                .. "the one used here.",
            fix = "If it is stable by now, raise the toolchain and `rust-version`; otherwise avoid it or build "
                .. "with nightly. If the file is below `.cargo/registry`, the dependency needs a newer Rust: pin "
                .. "an older one of it.",
            commands = { "rustc --version" },
            docs = { "https://doc.rust-lang.org/error_codes/E0658.html" },
            tags = { "rust", "msrv" },
            examples = {
                matches = {
                    "error[E0658]: use of unstable library feature 'let_else'",
                    "error[E0658]: `let...else` statements are unstable",
                },
                rejects = { "error[E0554]: `#![feature]` may not be used on the stable release channel" },
            },
        },
        {
            id = "rustup.toolchain_missing", title = "The toolchain is not installed",
            match = [[error: toolchain '(?<toolchain>[^']+)' is not installed]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "A command, `rust-toolchain.toml` or `RUSTUP_TOOLCHAIN` asks for {toolchain}, and it is not "
                .. "there.",
            fix = "Install it in an earlier step (`rustup toolchain install {toolchain}`) with the components and "
                .. "targets that the job uses, or let the pinned version and the one the job installs agree.",
            commands = { "rustup toolchain install {toolchain} --profile minimal", "rustup show" },
            docs = { "https://rust-lang.github.io/rustup/overrides.html" },
            tags = { "rust", "rustup" },
            examples = {
                matches = { "error: toolchain '1.63.0-x86_64-unknown-linux-gnu' is not installed" },
                rejects = { "info: installing toolchain '1.63.0-x86_64-unknown-linux-gnu'" },
            },
        },
        {
            id = "rustup.component_missing", title = "A component of the toolchain is not there",
            match = [[error: (?:'(?<tool>[^']+)' is not installed for the (?:custom )?toolchain ]]
                .. [['(?<toolchain>[^']+)'|component '(?<component>[^']+)' (?:for target '[^']+' )?is ]]
                .. [[(?:unavailable for download for channel|not available)|toolchain '[^']+' does not ]]
                .. [[(?:contain|support) component '(?<component2>[^']+)')]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "The toolchain has not got a component that the step uses: clippy, rustfmt, miri, rust-src or "
                .. "llvm-tools.",
            fix = "`rustup component add NAME` for exactly this toolchain (the `components:` input of the "
                .. "toolchain action). A nightly may lack one for a day or two: pin a date that has it.",
            commands = { "rustup component add clippy rustfmt" },
            docs = { "https://rust-lang.github.io/rustup-components-history/" },
            tags = { "rust", "rustup" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The components that the job uses",
                yaml = "- uses: dtolnay/rust-toolchain@stable\n"
                    .. "  with:\n"
                    .. "    components: clippy, rustfmt\n",
            },
            examples = {
                matches = {
                    "error: 'cargo-clippy' is not installed for the toolchain 'stable-x86_64-unknown-linux-gnu'",
                    "error: 'cargo-fmt' is not installed for the custom toolchain 'local'.",
                    "error: component 'rustfmt' for target 'x86_64-unknown-linux-gnu' is unavailable for download "
                        .. "for channel 'nightly'",
                },
                rejects = { "info: downloading component 'clippy'" },
            },
        },
        {
            id = "cargo.no_such_command", title = "A cargo subcommand is not installed",
            match = [[error: no such (?:sub)?command: `(?<command>[^`]+)`]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "`cargo {command}` is a program of its own that this job did not install.",
            fix = "Install it before: `cargo install cargo-{command} --locked`, or faster as a prebuilt binary "
                .. "(`taiki-e/install-action`). If it should come from a cache, the cache missed.",
            commands = { "cargo install cargo-{command} --locked" },
            tags = { "rust", "cargo" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The subcommand as a prebuilt program",
                yaml = "- uses: taiki-e/install-action@v2\n"
                    .. "  with:\n"
                    .. "    tool: nextest\n",
            },
            examples = {
                matches = { "error: no such command: `nextest`", "error: no such subcommand: `audit`" },
                rejects = { "error: no such file or directory" },
            },
        },
        {
            id = "clippy.denied", title = "A clippy lint is denied",
            match = [[= note: `(?:-D |#\[deny\()(?<lint>clippy::[\w-]+)(?:\)\])?` (?:implied by ]]
                .. [[`(?<by>[^`]+)`|on by default|\(part of)]],
            class = "code bug", severity = "error", priority = 66,
            cause = "Clippy's lint `{lint}` fires, and this job turns it into an error. A new toolchain brings new "
                .. "lints, so code that did not change can fail.",
            fix = "Follow the `help` above, or allow it where it is meant: `#[allow({lint})]` with a reason. Pin "
                .. "the toolchain of the lint job so that new lints come when you choose.",
            commands = { "cargo clippy --fix --all-targets" },
            docs = { "https://rust-lang.github.io/rust-clippy/stable/index.html" },
            tags = { "rust", "lint" },
            examples = {
                matches = {
                    "  = note: `-D clippy::ptr-arg` implied by `-D warnings`",
                    "   = note: `#[deny(clippy::approx_constant)]` on by default",
                },
                rejects = { "  = note: `#[warn(clippy::needless_return)]` on by default" },
            },
        },
        {
            id = "rust.denied_warning", title = "A warning is turned into an error",
            match = [[= note: `(?:-D |#\[deny\()(?<lint>(?!clippy::)[\w-]+(?:::[\w-]+)?)(?:\)\])?` ]]
                .. [[(?:implied by `(?<by>[^`]+)`|on by default|\(part of)]],
            class = "code bug", severity = "error", priority = 64,
            cause = "The lint `{lint}` fires, and `-D warnings`, `deny` or the compiler's default makes it an error.",
            fix = "Fix the place above. If the code did not change, the toolchain did: pin it, or keep `-D "
                .. "warnings` to one job of the matrix.",
            commands = { "cargo fix --allow-dirty" },
            docs = { "https://doc.rust-lang.org/rustc/lints/index.html" },
            tags = { "rust", "lint" },
            examples = {
                matches = {
                    "  = note: `-D unused-variables` implied by `-D warnings`",
                    "  = note: `#[deny(overflowing_literals)]` on by default",
                    "  = note: `-D rustdoc::broken-intra-doc-links` implied by `-D warnings`",
                },
                rejects = { "  = note: `-D clippy::ptr-arg` implied by `-D warnings`" },
            },
        },
        {
            id = "rustfmt.difference", title = "The code is not formatted",
            match = [[^Diff in (?<file>\S+?\.rs)(?::(?<line>\d+):| at line (?<line2>\d+):)]],
            class = "code bug", severity = "error", priority = 70,
            cause = "`cargo fmt --check` would change `{file}`.",
            fix = "Run `cargo fmt --all` with the toolchain that CI uses and commit. Nightly-only options in "
                .. "`rustfmt.toml` are skipped by stable, so both must use the same one.",
            commands = { "cargo fmt --all" },
            docs = { "https://github.com/rust-lang/rustfmt#checking-style-on-a-ci-server" },
            tags = { "rust", "format" },
            examples = {
                matches = {
                    "Diff in /home/runner/work/tidy/tidy/src/lib.rs:1:",
                    "Diff in /home/runner/work/tidy/tidy/src/lib.rs at line 1:",
                },
                rejects = { "diff --git a/src/lib.rs b/src/lib.rs" },
            },
        },
    },
}
