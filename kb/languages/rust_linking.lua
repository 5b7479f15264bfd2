-- Linking of Rust programs, and what macros read while they compile.
return {
    about = "Linking, macros and included files in Rust",
    entries = {
        {
            id = "rust.linker_not_found", title = "The linker is not installed",
            match = [[error: linker `(?<linker>[^`]+)` not found]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "rustc calls `{linker}` to link, and there is no such program.",
            fix = "Install it: `build-essential` for `cc`, `gcc-aarch64-linux-gnu` and the like for cross builds "
                .. "(and `CARGO_TARGET_…_LINKER`), the Visual Studio build tools for `link.exe`, `lld`, `mold` or "
                .. "`clang` if the configuration asks for them.",
            commands = { "sudo apt-get install -y build-essential", "grep -rn linker .cargo/config.toml" },
            docs = { "https://doc.rust-lang.org/cargo/reference/config.html#targettriplelinker" },
            tags = { "rust", "linker" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The linker of the target",
                yaml = "- name: Install what the build needs\n"
                    .. "  run: sudo apt-get update && sudo apt-get install -y build-essential gcc-aarch64-linux-gnu\n",
            },
            examples = {
                matches = { "error: linker `aarch64-linux-gnu-gcc` not found", "error: linker `link.exe` not found" },
                rejects = { "error: linking with `cc` failed: exit status: 1" },
            },
        },
        {
            id = "rust.undefined_symbol", title = "A symbol is undefined when linking Rust",
            match = [[rust-lld: error: undefined (?:hidden )?symbol: (?<symbol>\S.{0,200})]],
            class = "missing setup", severity = "error", priority = 84,
            cause = "Nothing that is linked defines `{symbol}`.",
            fix = "It belongs to a native library that is not linked (`cargo:rustc-link-lib=`), is older than the "
                .. "headers, or was built for another target. For a name of a `#[no_mangle]` function: the crate "
                .. "that has it is not used anywhere, so it is left out.",
            commands = { "nm -D --defined-only LIBRARY" },
            tags = { "rust", "linker" },
            examples = {
                matches = { "rust-lld: error: undefined symbol: SSL_library_init" },
                rejects = { "rust-lld: error: unable to find library -lssl" },
            },
        },
        {
            id = "rust.linking_failed", title = "Linking failed",
            match = [[error: linking with `(?<linker>[^`]+)` failed: exit (?:status|code): (?<code>-?\d+)]],
            class = "missing setup", severity = "error", priority = 52,
            cause = "The linker `{linker}` ended with {code}. What it said stands in the last `= note:` below, "
                .. "after the very long command.",
            fix = "Look there for `cannot find -l…`, `undefined reference` or `LNK….` A `127` means that the "
                .. "linker is missing, a signal 9 or 7 that memory or disk ran out. `1181` is a library that is "
                .. "not there on Windows.",
            commands = { "cargo build --verbose" },
            tags = { "rust", "linker" },
            examples = {
                matches = {
                    "error: linking with `cc` failed: exit status: 1",
                    "error: linking with `link.exe` failed: exit code: 1120",
                },
                rejects = { "error: linker `cc` not found" },
            },
        },
        {
            id = "rust.proc_macro_panicked", title = "A procedural macro or derive panicked",
            match = [[error: (?:proc-macro derive panicked|custom attribute panicked|proc macro panicked]]
                .. [[|proc-macro derive produced unparsable tokens)]],
            class = "code bug", severity = "error", priority = 72,
            cause = "A macro broke off while it expanded this code. `= help: message:` below says why.",
            fix = "For macros that read files or the environment at build time (sqlx, askama, include_…): the "
                .. "file, `DATABASE_URL` or the prepared metadata is missing in CI. Otherwise update the crate "
                .. "that has the macro.",
            commands = { "cargo expand" },
            tags = { "rust", "macro" },
            examples = {
                matches = { "error: proc-macro derive panicked", "error: proc macro panicked" },
                rejects = { "error: cannot find derive macro `Serialize` in this scope" },
            },
        },
        {
            id = "rust.sqlx_offline", title = "sqlx cannot check queries without a database",
            match = [[error: (?:`DATABASE_URL` must be set, or `cargo sqlx prepare` must have been run]]
                .. [[|set `DATABASE_URL` to use query macros online|`SQLX_OFFLINE=true` but there is no ]]
                .. [[cached data for this query)]],
            class = "missing setup", severity = "error", priority = 90,
            cause = "sqlx's macros need a database or the prepared query data when they compile.",
            fix = "Run `cargo sqlx prepare --workspace` and commit `.sqlx`, with `SQLX_OFFLINE=true` in CI, or "
                .. "start the database as a service and set `DATABASE_URL` before the build.",
            commands = { "cargo sqlx prepare --workspace" },
            docs = { "https://docs.rs/sqlx/latest/sqlx/macro.query.html#offline-mode" },
            tags = { "rust", "sqlx", "database" },
            examples = {
                matches = {
                    "error: `SQLX_OFFLINE=true` but there is no cached data for this query, run `cargo sqlx "
                        .. "prepare` to update the query cache or unset `SQLX_OFFLINE`",
                    "error: set `DATABASE_URL` to use query macros online, or run `cargo sqlx prepare` to update "
                        .. "the query cache",
                },
                rejects = { "warning: DATABASE_URL is unused" },
            },
        },
        {
            id = "rust.env_at_compile_time", title = "An environment variable is missing at compile time",
            match = [[error: environment variable `(?<variable>[^`]+)` not defined at compile time]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "`env!(\"{variable}\")` reads it when compiling, and it is not set in this job.",
            fix = "Set it in the step's `env:`, or use `option_env!`. Variables that begin with `CARGO_` and "
                .. "`OUT_DIR` are only there in cargo builds of a package with such a thing (`OUT_DIR` needs a "
                .. "build.rs).",
            tags = { "rust", "environment" },
            examples = {
                matches = { "error: environment variable `API_URL` not defined at compile time" },
                rejects = { "warning: environment variable `API_URL` is empty" },
            },
        },
        {
            id = "rust.include_missing", title = "A file that is included at compile time is missing",
            match = [[error: couldn't read `?(?<file>[^`:]+)`?: (?<reason>No such file or directory|The ]]
                .. [[system cannot find the (?:file|path) specified\.|stream did not contain valid ]]
                .. [[UTF-8).{0,20}]],
            class = "missing setup", severity = "error", priority = 88,
            cause = "`{file}` is read by `include!`, `include_str!` or `mod`, and cannot be: {reason}.",
            fix = "If it is generated, run the generator before; if it is in a submodule or in LFS, fetch that; if "
                .. "it is git-ignored, commit it. On Linux, names differ by case.",
            commands = { "git ls-files --error-unmatch {file}" },
            tags = { "rust", "file" },
            examples = {
                matches = {
                    "error: couldn't read `src/../assets/logo.svg`: No such file or directory (os error 2)",
                    "error: couldn't read src/schema.sql: No such file or directory (os error 2)",
                },
                rejects = { "warning: unused file assets/logo.svg" },
            },
        },
        {
            id = "rust.module_file_missing", title = "The file of a module is missing",
            match = [[error\[E0583\]: file not found for module `(?<module>[^`]+)`]],
            class = "code bug", severity = "error", priority = 84,
            cause = "There is a `mod {module};`, but neither `{module}.rs` nor `{module}/mod.rs`.",
            fix = "Add the file to the commit (look into `.gitignore`), or fix upper and lower case of its name. "
                .. "If a build script or generator makes it, it must run first.",
            commands = { "git status --ignored" },
            docs = { "https://doc.rust-lang.org/error_codes/E0583.html" },
            tags = { "rust", "file" },
            examples = {
                matches = { "error[E0583]: file not found for module `generated`" },
                rejects = { "error[E0432]: unresolved import `generated`" },
            },
        },
        {
            id = "rust.recursion_limit", title = "The recursion limit of macros or types is reached",
            match = [[error(?:\[E0(?:275|055)\])?: (?:recursion limit reached while .{3,80}|overflow ]]
                .. [[evaluating the requirement `(?<requirement>[^`]+)`|reached the recursion limit ]]
                .. [[while .{3,80}|queries overflow the depth limit!)]],
            class = "code bug", severity = "error", priority = 74,
            cause = "A macro or a type expands deeper than the limit (128), often without end.",
            fix = "If it is endless, break the cycle in the bounds or the macro. If it is only deep: "
                .. "`#![recursion_limit = \"256\"]` in the crate's root. When the code did not change, a "
                .. "dependency's types grew: compare `Cargo.lock`.",
            docs = { "https://doc.rust-lang.org/reference/attributes/limits.html" },
            tags = { "rust", "compile" },
            examples = {
                matches = {
                    "error: recursion limit reached while expanding `json!`",
                    "error[E0275]: overflow evaluating the requirement `Wrapper<_>: Send`",
                    "error: queries overflow the depth limit!",
                },
                rejects = { "warning: recursion limit is 256" },
            },
        },
        {
            id = "rust.doc_link", title = "A link in the documentation leads nowhere",
            match = [[error: unresolved link to `(?<target>[^`]+)`]],
            class = "code bug", severity = "error", priority = 67,
            cause = "A documentation comment links to `{target}`, which rustdoc does not find.",
            fix = "Write the full path (`[name](crate::path::Name)`), or escape the brackets. If the item is "
                .. "behind a feature, build the documentation with `--all-features`.",
            commands = { "RUSTDOCFLAGS=\"-D warnings\" cargo doc --no-deps --all-features" },
            docs = { "https://doc.rust-lang.org/rustdoc/write-documentation/linking-to-items-by-name.html" },
            tags = { "rust", "rustdoc" },
            examples = {
                matches = { "error: unresolved link to `Missing`" },
                rejects = { "error[E0432]: unresolved import `Missing`" },
            },
        },
    },
}
