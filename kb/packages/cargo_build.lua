-- Build scripts of Cargo packages and the native libraries that they look for; the last words of cargo.
return {
    about = "Cargo: build scripts and native libraries",
    entries = {
        {
            id = "cargo.build_script", title = "A build script failed",
            match = [[error: failed to run custom build command for `(?<package>[^`]+)`]],
            class = "missing setup", severity = "error", priority = 58,
            cause = "The `build.rs` of `{package}` ended with an error. Its own words are below, under `--- stderr`.",
            fix = "Read `--- stderr` to its end: mostly a native library, `pkg-config`, `cmake`, `protoc`, `clang` "
                .. "or a header is not installed in this image. Install it before this step, or turn on the "
                .. "crate's `vendored`/`bundled` feature.",
            commands = { "sudo apt-get install -y pkg-config libssl-dev cmake clang protobuf-compiler" },
            tags = { "rust", "cargo", "native library" },
            examples = {
                matches = { "error: failed to run custom build command for `openssl-sys v0.9.102`" },
                rejects = { "warning: build script of `openssl-sys` printed nothing" },
            },
        },
        {
            id = "cargo.openssl_missing", title = "OpenSSL's development files are missing",
            match = [[Could not find (?:directory of OpenSSL installation|openssl via pkg-config)]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "`openssl-sys` finds neither headers nor library of OpenSSL for this target.",
            fix = "Install them (`libssl-dev` and `pkg-config` on Debian, `openssl-devel` on Fedora, `openssl-dev` "
                .. "on Alpine, `brew install openssl@3` on macOS), set `OPENSSL_DIR`, or use `openssl = { features "
                .. "= [\"vendored\"] }`. When cross compiling they must be the target's; `rustls` avoids all of it.",
            commands = { "sudo apt-get install -y pkg-config libssl-dev" },
            docs = { "https://docs.rs/openssl/latest/openssl/#building" },
            tags = { "rust", "native library", "openssl" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "OpenSSL's headers before the build",
                yaml = "- name: Install what the build needs\n"
                    .. "  run: sudo apt-get update && sudo apt-get install -y pkg-config libssl-dev\n",
            },
            examples = {
                matches = {
                    "  Could not find directory of OpenSSL installation, and this `-sys` crate cannot",
                    "  Could not find openssl via pkg-config:",
                },
                rejects = { "note: openssl was found by pkg-config" },
            },
        },
        {
            id = "cargo.pkg_config_missing", title = "A library is not known to pkg-config",
            match = [[(?:The system library `(?<library>[^`]+)` required by crate `(?<crate>[^`]+)` was ]]
                .. [[not found|The pkg-config command could not be found)]],
            class = "missing setup", severity = "error", priority = 92,
            cause = "A `-sys` crate looks for a native library through pkg-config and does not find it.",
            fix = "Install the library's development package and `pkg-config` in this job: for `NAME.pc` on Debian "
                .. "`apt-file search NAME.pc` gives the package. If it is in a place of its own, set "
                .. "`PKG_CONFIG_PATH`.",
            commands = { "sudo apt-get install -y pkg-config", "pkg-config --libs NAME" },
            tags = { "rust", "native library", "pkg-config" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "pkg-config, and the library it looks for",
                yaml = "- name: Install what the build needs\n"
                    .. "  run: sudo apt-get update && sudo apt-get install -y pkg-config\n",
            },
            examples = {
                matches = {
                    "  The system library `alsa` required by crate `alsa-sys` was not found.",
                    "  The pkg-config command could not be found.",
                },
                rejects = { "checking for pkg-config... yes" },
            },
        },
        {
            id = "cargo.protoc_missing", title = "protoc is not installed",
            match = [[Could not find `protoc`(?:\.| installation)]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "A build script (prost, tonic) needs the Protocol Buffers compiler, and it is not there.",
            fix = "Install it before the build: `protobuf-compiler` on Debian, `brew install protobuf` on macOS, "
                .. "`choco install protoc` on Windows, or a setup action. `PROTOC` may name it.",
            commands = { "sudo apt-get install -y protobuf-compiler" },
            docs = { "https://docs.rs/prost-build/latest/prost_build/#sourcing-protoc" },
            tags = { "rust", "protobuf" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "The Protocol Buffers compiler before the build",
                yaml = "- name: Install what the build needs\n"
                    .. "  run: sudo apt-get update && sudo apt-get install -y protobuf-compiler\n",
            },
            examples = {
                matches = {
                    "Error: Custom { kind: NotFound, error: \"Could not find `protoc`. If `protoc` is installed, "
                        .. "try setting the `PROTOC` environment variable to the path of the `protoc` binary.\" }",
                    "  Could not find `protoc` installation and this build crate cannot proceed without",
                },
                rejects = { "protoc found at /usr/bin/protoc" },
            },
        },
        {
            id = "cargo.libclang_missing", title = "libclang is not installed",
            match = [[Unable to find libclang: "(?<reason>[^"]{5,200})]],
            class = "missing setup", severity = "error", priority = 93,
            cause = "`bindgen` in a build script loads libclang, and there is none: {reason}",
            fix = "Install `libclang-dev` (Debian), `clang-devel` (Fedora), `llvm` (Homebrew, Chocolatey) and, "
                .. "where it is in a place of its own, set `LIBCLANG_PATH`.",
            commands = { "sudo apt-get install -y libclang-dev" },
            docs = { "https://rust-lang.github.io/rust-bindgen/requirements.html" },
            tags = { "rust", "bindgen", "clang" },
            patch = {
                file = ".github/workflows/ci.yml",
                description = "libclang before the build",
                yaml = "- name: Install what the build needs\n"
                    .. "  run: sudo apt-get update && sudo apt-get install -y libclang-dev\n",
            },
            examples = {
                matches = {
                    "  Unable to find libclang: \"couldn't find any valid shared libraries matching: "
                        .. "['libclang.so', 'libclang-*.so'], set the `LIBCLANG_PATH` environment variable to a "
                        .. "path where one of these files can be found\"",
                },
                rejects = { "found libclang at /usr/lib/llvm-14/lib/libclang.so.1" },
            },
        },
        {
            id = "cargo.test_failed", title = "A test binary failed",
            match = [[^error: (?:test|doctest) failed, to rerun pass `(?<arguments>[^`]+)`]],
            class = "code bug", severity = "error", priority = 12,
            cause = "One of the test binaries did not end well; what failed in it stands above.",
            fix = "Run it alone: `cargo test {arguments}`. `--no-fail-fast` shows the others too.",
            commands = { "cargo test {arguments}" },
            tags = { "rust", "cargo", "test" },
            examples = {
                matches = {
                    "error: test failed, to rerun pass `--lib`", "error: doctest failed, to rerun pass `--doc`",
                },
                rejects = { "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out" },
            },
        },
        {
            id = "cargo.could_not_compile", title = "A crate did not compile",
            match = [[^error: (?:could not compile `(?<crate>[^`]+)`|aborting due to (?<count>\d+]]
                .. [[|previous|one|two) (?:previous )?error)]],
            class = "code bug", severity = "error", priority = 8,
            cause = "A summary: the errors stand above.",
            fix = "Look at the first `error` above this line.",
            tags = { "rust", "cargo", "summary" },
            examples = {
                matches = {
                    "error: could not compile `ledger` (bin \"ledger\") due to 3 previous errors; 1 warning emitted",
                    "error: aborting due to 2 previous errors", "error: aborting due to previous error",
                },
                rejects = { "error[E0308]: mismatched types" },
            },
        },
    },
}
