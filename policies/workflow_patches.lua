-- policies/workflow_patches.lua: which change of a workflow removes a cause that `uhost diagnose` has found
local M = {}

-- Proposals -----------------------------------------------------------------------------------------------------------

-- `for` is an entry of a knowledge base, or a class of them for those that are not named. `{word}` stands for what the
-- entry has captured, or for what `find` captures in the line or in those after it.
M.proposals = {
    { id = "rust target", ["for"] = "cargo.target_missing", edit = "rust_target", target = "{target}",
        find = [[the `(?<target>[\w.-]+)` target may not be installed]] },
    { id = "rust component", ["for"] = "rustup.component_missing", edit = "rust_component", component = "{component}",
        find = [[(?:'cargo-(?<component>\w+)'|component '(?<component2>[\w-]+)')]] },

    { id = "library", ["for"] = "ld.cannot_find_library", edit = "packages", kind = "libraries", name = "{library}" },
    { id = "shared library", ["for"] = "loader.missing_library", edit = "packages", kind = "libraries",
        find = [[lib(?<library>[\w+-]+)\.so]], name = "{library}" },
    { id = "header", ["for"] = "c.missing_header", edit = "packages", kind = "headers", name = "{header}" },
    { id = "command", ["for"] = "shell.command_not_found", edit = "packages", kind = "commands", name = "{command}" },
    { id = "openssl", ["for"] = "cargo.openssl_missing", edit = "packages", kind = "libraries", name = "ssl" },
    { id = "pkg-config module", ["for"] = "pkgconfig.no_package", edit = "packages", kind = "modules",
        name = "{package}" },
    { id = "crate's module", ["for"] = "cargo.pkg_config_missing", edit = "packages", kind = "modules",
        name = "{library}" },
    { id = "protoc", ["for"] = "cargo.protoc_missing", edit = "packages", kind = "commands", name = "protoc" },
    { id = "libclang", ["for"] = "cargo.libclang_missing", edit = "packages", kind = "libraries", name = "clang" },
    { id = "pg_config", ["for"] = "pip.pg_config", edit = "packages", kind = "libraries", name = "pq" },
    { id = "linker", ["for"] = "rust.linker_not_found", edit = "packages", kind = "commands", name = "{linker}" },

    { id = "cache", ["for"] = "cache corruption", edit = "new_cache_key" },

    { id = "python", ["for"] = "pip.requires_python", edit = "version", action = "actions/setup-python",
        input = "python-version", version = "{wanted}" },
    { id = "python image", ["for"] = "setup.python_version", edit = "available_version",
        action = "actions/setup-python", input = "python-version" },
    { id = "tool image", ["for"] = "setup.version_not_found", edit = "available_version" },
    { id = "rust", ["for"] = "cargo.rust_version", edit = "rust_version", version = "{need}" },
    { id = "node", ["for"] = "yarn.bad_engine", edit = "version", action = "actions/setup-node",
        input = "node-version", version = "{wanted}" },
    { id = "node of npm", ["for"] = "npm.bad_engine", edit = "version", action = "actions/setup-node",
        input = "node-version", version = "{wanted}", find = [["node":\s*"(?<wanted>[^"]+)"]] },
    { id = "go", ["for"] = "go.version_too_old", edit = "version", action = "actions/setup-go",
        input = "go-version", version = "{wanted}", find = [[requires go >= (?<wanted>[\d.]+)]] },
    { id = "image", ["for"] = "actions.image_retired", edit = "next_image" },
    { id = "action", ["for"] = "actions.deprecated_action", edit = "next_action", action = "{action}" },

    { id = "permission", ["for"] = "actions.permissions_integration", edit = "permission" },
    { id = "identity", ["for"] = "github.oidc_permission", edit = "permission",
        permissions = { ["id-token"] = "write" } },
    { id = "gh token", ["for"] = "github.cli_token", edit = "environment", name = "GH_TOKEN",
        value = "${{ github.token }}" },

    { id = "history", ["for"] = "git.shallow_history", edit = "input", action = "actions/checkout",
        input = "fetch-depth", value = 0 },
    { id = "submodules", ["for"] = "git.submodule_empty", edit = "input", action = "actions/checkout",
        input = "submodules", value = "recursive" },
    { id = "large files", ["for"] = "git.lfs_pointer", edit = "input", action = "actions/checkout", input = "lfs",
        value = true },
    { id = "browsers", ["for"] = "playwright.browser_missing", edit = "step_before", name = "Install browsers",
        run = "npx playwright install --with-deps" },

    { id = "flaky", ["for"] = "flaky", edit = "retry" },
}

-- Packages ------------------------------------------------------------------------------------------------------------

-- What provides a library (-lNAME), header, command or pkg-config module, by package manager.
M.packages = {
    { id = "openssl", libraries = { "ssl", "crypto" }, headers = { "openssl/" }, modules = { "openssl", "libssl" },
        apt = "libssl-dev", brew = "openssl@3", choco = "openssl" },
    { id = "zlib", libraries = { "z" }, headers = { "zlib.h" }, modules = { "zlib" }, apt = "zlib1g-dev",
        brew = "zlib" },
    { id = "sqlite", libraries = { "sqlite3" }, headers = { "sqlite3.h" }, modules = { "sqlite3" },
        apt = "libsqlite3-dev", brew = "sqlite", choco = "sqlite" },
    { id = "postgresql", libraries = { "pq" }, headers = { "libpq-fe.h" }, modules = { "libpq" },
        commands = { "pg_config" }, apt = "libpq-dev", brew = "libpq" },
    { id = "mysql", libraries = { "mysqlclient" }, headers = { "mysql.h", "mysql/" }, modules = { "mysqlclient" },
        commands = { "mysql_config" }, apt = "default-libmysqlclient-dev", brew = "mysql-client" },
    { id = "curl", libraries = { "curl" }, headers = { "curl/" }, modules = { "libcurl" },
        apt = "libcurl4-openssl-dev", brew = "curl" },
    { id = "libxml2", libraries = { "xml2" }, headers = { "libxml/" }, modules = { "libxml-2.0" }, apt = "libxml2-dev",
        brew = "libxml2" },
    { id = "libxslt", libraries = { "xslt" }, headers = { "libxslt/" }, modules = { "libxslt" }, apt = "libxslt1-dev",
        brew = "libxslt" },
    { id = "ffi", libraries = { "ffi" }, headers = { "ffi.h" }, modules = { "libffi" }, apt = "libffi-dev",
        brew = "libffi" },
    { id = "clang", libraries = { "clang" }, headers = { "clang-c/" }, apt = "libclang-dev", brew = "llvm",
        choco = "llvm" },
    { id = "udev", libraries = { "udev" }, headers = { "libudev.h" }, modules = { "libudev" }, apt = "libudev-dev" },
    { id = "alsa", libraries = { "asound" }, headers = { "alsa/" }, modules = { "alsa" }, apt = "libasound2-dev" },
    { id = "dbus", libraries = { "dbus-1" }, headers = { "dbus/" }, modules = { "dbus-1" }, apt = "libdbus-1-dev",
        brew = "dbus" },
    { id = "gtk", libraries = { "gtk-3" }, headers = { "gtk/" }, modules = { "gtk+-3.0", "gdk-3.0" },
        apt = "libgtk-3-dev", brew = "gtk+3" },
    { id = "glib", libraries = { "glib-2.0" }, headers = { "glib.h" }, modules = { "glib-2.0", "gobject-2.0" },
        apt = "libglib2.0-dev", brew = "glib" },
    { id = "x11", libraries = { "X11" }, headers = { "X11/" }, modules = { "x11" }, apt = "libx11-dev" },
    { id = "fontconfig", libraries = { "fontconfig" }, headers = { "fontconfig/" }, modules = { "fontconfig" },
        apt = "libfontconfig1-dev", brew = "fontconfig" },
    { id = "usb", libraries = { "usb-1.0" }, headers = { "libusb-1.0/" }, modules = { "libusb-1.0" },
        apt = "libusb-1.0-0-dev", brew = "libusb" },
    { id = "gmp", libraries = { "gmp" }, headers = { "gmp.h" }, modules = { "gmp" }, apt = "libgmp-dev", brew = "gmp" },
    { id = "ncurses", libraries = { "ncurses", "tinfo", "curses" }, headers = { "ncurses.h", "curses.h" },
        modules = { "ncurses" }, apt = "libncurses-dev", brew = "ncurses" },
    { id = "readline", libraries = { "readline" }, headers = { "readline/" }, modules = { "readline" },
        apt = "libreadline-dev", brew = "readline" },
    { id = "boost", libraries = { "boost_system", "boost_filesystem", "boost_thread" }, headers = { "boost/" },
        apt = "libboost-all-dev", brew = "boost" },
    { id = "protobuf", commands = { "protoc" }, apt = "protobuf-compiler", brew = "protobuf", choco = "protoc" },
    { id = "cmake", commands = { "cmake" }, apt = "cmake", brew = "cmake", choco = "cmake" },
    { id = "ninja", commands = { "ninja" }, apt = "ninja-build", brew = "ninja", choco = "ninja" },
    { id = "meson", commands = { "meson" }, apt = "meson", brew = "meson" },
    { id = "autotools", commands = { "autoconf", "autoreconf", "automake", "aclocal" }, apt = "autoconf automake",
        brew = "autoconf automake" },
    { id = "libtool", commands = { "libtool", "libtoolize", "glibtoolize" }, apt = "libtool", brew = "libtool" },
    { id = "pkg-config", commands = { "pkg-config" }, apt = "pkg-config", brew = "pkgconf" },
    { id = "nasm", commands = { "nasm" }, apt = "nasm", brew = "nasm", choco = "nasm" },
    { id = "flex", commands = { "flex" }, apt = "flex", brew = "flex" },
    { id = "bison", commands = { "bison" }, apt = "bison", brew = "bison" },
    { id = "ccache", commands = { "ccache" }, apt = "ccache", brew = "ccache", choco = "ccache" },
    { id = "shellcheck", commands = { "shellcheck" }, apt = "shellcheck", brew = "shellcheck", choco = "shellcheck" },
    { id = "jq", commands = { "jq" }, apt = "jq", brew = "jq", choco = "jq" },
    { id = "doxygen", commands = { "doxygen" }, apt = "doxygen", brew = "doxygen", choco = "doxygen.install" },
    { id = "graphviz", commands = { "dot" }, apt = "graphviz", brew = "graphviz", choco = "graphviz" },
    { id = "valgrind", commands = { "valgrind" }, apt = "valgrind" },
    { id = "xvfb", commands = { "xvfb-run", "Xvfb" }, apt = "xvfb" },
    { id = "ffmpeg", commands = { "ffmpeg", "ffprobe" }, apt = "ffmpeg", brew = "ffmpeg", choco = "ffmpeg" },
    { id = "lld", commands = { "ld.lld", "lld" }, apt = "lld", brew = "lld" },
    { id = "mold", commands = { "mold" }, apt = "mold", brew = "mold" },
    { id = "arm64 compiler", commands = { "aarch64-linux-gnu-gcc" }, apt = "gcc-aarch64-linux-gnu" },
    { id = "arm compiler", commands = { "arm-linux-gnueabihf-gcc" }, apt = "gcc-arm-linux-gnueabihf" },
    { id = "musl compiler", commands = { "musl-gcc", "x86_64-linux-musl-gcc" }, apt = "musl-tools" },
    { id = "windows compiler", commands = { "x86_64-w64-mingw32-gcc" }, apt = "gcc-mingw-w64-x86-64" },
}

-- Permissions ---------------------------------------------------------------------------------------------------------

-- What a step needs, by an action that it uses or a command that it runs: Lua patterns.
M.permissions = {
    { id = "releases", match = { "action%-gh%-release", "gh release ", "actions/create%-release", "release%-please",
        "ncipollo/release%-action" }, needs = { contents = "write" } },
    { id = "pull requests", match = { "create%-pull%-request" },
        needs = { contents = "write", ["pull-requests"] = "write" } },
    { id = "labels", match = { "actions/labeler", "gh pr ", "sticky%-pull%-request%-comment" },
        needs = { ["pull-requests"] = "write" } },
    { id = "issues", match = { "gh issue ", "actions/stale", "first%-interaction" }, needs = { issues = "write" } },
    { id = "pages", match = { "actions/deploy%-pages" }, needs = { pages = "write", ["id-token"] = "write" } },
    { id = "branch", match = { "git push", "actions%-gh%-pages", "git%-auto%-commit%-action" },
        needs = { contents = "write" } },
    { id = "code scanning", match = { "codeql%-action" }, needs = { ["security-events"] = "write" } },
    { id = "containers", match = { "docker push ghcr", "ghcr%.io" }, needs = { packages = "write" } },
    { id = "checks", match = { "action%-junit%-report", "test%-reporter", "reviewdog" }, needs = { checks = "write" } },
    { id = "attestations", match = { "attest%-build%-provenance", "actions/attest" },
        needs = { attestations = "write", ["id-token"] = "write" } },
}

-- Versions ------------------------------------------------------------------------------------------------------------

-- The image that takes the place of a retired one, and the oldest that still has a version which newer ones lack.
M.next_images = {
    ["ubuntu-18.04"] = "ubuntu-22.04", ["ubuntu-20.04"] = "ubuntu-22.04", ["macos-11"] = "macos-14",
    ["macos-12"] = "macos-14", ["macos-13"] = "macos-14", ["windows-2019"] = "windows-2022",
}
M.older_images = { ["ubuntu-latest"] = "ubuntu-22.04", ["ubuntu-24.04"] = "ubuntu-22.04", ["macos-latest"] = "macos-13",
    ["macos-14"] = "macos-13" }
M.next_actions = {
    ["actions/upload-artifact"] = "v4", ["actions/download-artifact"] = "v4", ["actions/cache"] = "v4",
    ["actions/upload-pages-artifact"] = "v3", ["actions/deploy-pages"] = "v4",
}

-- How often a flaky command is tried in all, and how long to wait in between.
M.retry = { attempts = 3, wait_s = 10 }

return M
