-- How projects of each language are set up, checked and built. Steps are YAML as a job has them; commands are those of
-- a script of bash with -e and pipefail.
local template = require("lib.scaffold.template")

local M = {}

---@class scaffold.Language
---@field title string
---@field ecosystem? string  Dependabot's name
---@field matrix string|fun(project: scaffold.Project): string  below `matrix:`
---@field toolchain string  of a job without a matrix
---@field setup fun(project: scaffold.Project, version: string): string  steps
---@field install? fun(project: scaffold.Project): string  a command that fetches what the project needs
---@field format fun(project: scaffold.Project): string
---@field lint fun(project: scaffold.Project): string
---@field check fun(project: scaffold.Project): string
---@field test fun(project: scaffold.Project): string
---@field security fun(project: scaffold.Project): string
---@field release fun(project: scaffold.Project): string  puts what a target gets into "$stage"
---@field files? fun(project: scaffold.Project): table<string, string>  that its commands need

local function always(text)
    local filled = template.fill(text .. "\n"):sub(1, -2)
    return function() return filled end
end

-- Rust ----------------------------------------------------------------------------------------------------------------

local function locked(project) return project.has("Cargo.lock") and " --locked" or "" end

local function cargo(command)
    return function(project) return (command:gsub("LOCKED", function() return locked(project) end)) end
end

-- rustup takes the toolchain of such a file, whatever its default is.
local function pins_toolchain(project) return project.has("rust-toolchain.toml") or project.has("rust-toolchain") end

M.rust = {
    title = "Rust", ecosystem = "cargo", toolchain = "stable",
    matrix = function(project)
        local matrix = "os: [<<runner:linux>>, <<runner:macos>>, <<runner:windows>>]\n"
        if pins_toolchain(project) then return matrix .. "toolchain: [pinned]\n" end
        return matrix .. "toolchain: [stable]\ninclude:\n  - os: <<runner:linux>>\n    toolchain: beta\n"
    end,
    setup = function(project, version)
        if pins_toolchain(project) then
            return "- name: Install the Rust of rust-toolchain\n  run: rustup toolchain install --no-self-update\n"
        end
        return template.fill([[
- name: Install Rust
  env:
    TOOLCHAIN: <<version>>
  run: |
    rustup toolchain install "$TOOLCHAIN" --profile minimal --component clippy,rustfmt --no-self-update
    rustup default "$TOOLCHAIN"
]], { version = version })
    end,
    format = always("cargo fmt --all --check"),
    lint = cargo("cargo clippy --workspace --all-targetsLOCKED -- -D warnings"),
    check = cargo("cargo check --workspace --all-targetsLOCKED"),
    test = cargo("cargo test --workspaceLOCKED"),
    -- The job's cache of crates has those of the project, whichever job saves it first.
    security = function(project)
        return template.fill([[
cargo fetch<<locked>>
cargo install cargo-audit --version <<tool:cargo-audit>> --locked
cargo audit
]], { locked = locked(project) }):sub(1, -2)
    end,
    release = function(project)
        return ([[
cargo build --release%s --target "$TARGET"
cargo metadata --no-deps --format-version 1 |
  jq -r '.packages[].targets[] | select(.kind | index("bin")) | .name' | tr -d '\r' |
  while read -r program; do
    if [ -f "target/$TARGET/release/$program.exe" ]; then program=$program.exe; fi
    cp "target/$TARGET/release/$program" "$stage/"
  done]]):format(locked(project))
    end,
}

-- C++ -----------------------------------------------------------------------------------------------------------------

local cpp_sources = "'*.c' '*.cc' '*.cpp' '*.cxx' '*.h' '*.hh' '*.hpp'"

M.cpp = {
    title = "C++", toolchain = "gcc",
    matrix = [[
os: [<<runner:linux>>, <<runner:macos>>, <<runner:windows>>]
build_type: [Debug, Release]
]],
    setup = function()
        return [[
- name: Install tools
  run: |
    case "$RUNNER_OS" in
      Linux)
        sudo apt-get update -q
        sudo apt-get install -y -q --no-install-recommends ccache clang-format clang-tidy cppcheck
        ;;
      macOS) brew install --quiet ccache ;;
    esac
]]
    end,
    format = always("git ls-files -z " .. cpp_sources
        .. " |\n  xargs -0 --no-run-if-empty clang-format --dry-run --Werror"),
    lint = always([[
cmake -B build -D CMAKE_EXPORT_COMPILE_COMMANDS=ON
run-clang-tidy -p build -quiet
cppcheck --project=build/compile_commands.json --enable=warning,portability --error-exitcode=1 --quiet]]),
    check = always([[
cmake -B build-warnings -D CMAKE_CXX_COMPILER_LAUNCHER=ccache \
  -D CMAKE_COMPILE_WARNING_AS_ERROR=ON -D CMAKE_CXX_FLAGS="-Wall -Wextra"
cmake --build build-warnings --parallel]]),
    test = always([[
cmake -B build -D CMAKE_BUILD_TYPE="$BUILD_TYPE" \
  -D CMAKE_C_COMPILER_LAUNCHER=ccache -D CMAKE_CXX_COMPILER_LAUNCHER=ccache
cmake --build build --config "$BUILD_TYPE" --parallel
ctest --test-dir build --build-config "$BUILD_TYPE" --output-on-failure --no-tests=error]]),
    security = always([[
cmake -B build -D CMAKE_BUILD_TYPE=Debug -D CMAKE_CXX_COMPILER_LAUNCHER=ccache \
  -D CMAKE_CXX_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=all"
cmake --build build --parallel
ctest --test-dir build --output-on-failure --no-tests=error]]),
    release = always([[
cmake -B build -D CMAKE_BUILD_TYPE=Release
cmake --build build --config Release --parallel
ctest --test-dir build --build-config Release --output-on-failure
cmake --install build --config Release --prefix "$stage"]]),
}

-- Python --------------------------------------------------------------------------------------------------------------

local function python_project(project)
    if project.has("pyproject.toml") or project.has("setup.py") then return "--editable ." end
    return "--requirement requirements.txt"
end

M.python = {
    title = "Python", ecosystem = "pip", toolchain = "3.14",
    matrix = [[
os: [<<runner:linux>>, <<runner:macos>>, <<runner:windows>>]
python: ["3.11", "3.14"]
]],
    setup = function(_, version)
        return template.fill([[
- name: Install Python
  uses: <<uses:actions/setup-python>>
  with:
    python-version: <<version>>
]], { version = version:find("^%$") and version or ('"%s"'):format(version) })
    end,
    install = function(project)
        return template.fill("python -m pip install " .. python_project(project) .. " mypy==<<tool:mypy>> "
            .. "pip-audit==<<tool:pip-audit>> pytest==<<tool:pytest>> ruff==<<tool:ruff>>\n"):sub(1, -2)
    end,
    format = always("ruff format --check ."), lint = always("ruff check ."), check = always("mypy ."),
    test = always("python -m pytest"), security = always("pip-audit --skip-editable"),
    release = function(project)
        local what = python_project(project):find("editable") and "." or "--requirement requirements.txt"
        return "python -m pip wheel --wheel-dir \"$stage\" " .. what
    end,
}

-- Node.js -------------------------------------------------------------------------------------------------------------

local function manager(project)
    if project.has("pnpm-lock.yaml") then return "pnpm", "corepack enable\npnpm install --frozen-lockfile" end
    if project.has("yarn.lock") then return "yarn", "corepack enable\nyarn install --immutable" end
    return "npm", project.has("package-lock.json") and "npm ci" or "npm install"
end

-- A script of package.json if it has one of these names, else the command.
local function script(names, command)
    return function(project)
        for _, name in ipairs(names) do
            if project.scripts[name] then return ("%s run %s"):format((manager(project)), name) end
        end
        return type(command) == "function" and command(project) or command
    end
end

local audits = {
    npm = "npm audit --audit-level=high", pnpm = "pnpm audit --audit-level=high",
    yarn = "yarn npm audit --severity high --recursive",
}
local production = { npm = "npm ci --omit=dev", pnpm = "pnpm install --frozen-lockfile --prod",
    yarn = "yarn workspaces focus --production" }

-- ESLint does nothing without one. It imports no package, so that it works in every project.
local eslint_config = [==[
// Rules that find mistakes; style is Prettier's.
export default [
  {
    ignores: ["dist/**", "build/**", "coverage/**"],
  },
  {
    rules: {
      "constructor-super": "error",
      "for-direction": "error",
      "getter-return": "error",
      "no-async-promise-executor": "error",
      "no-compare-neg-zero": "error",
      "no-cond-assign": "error",
      "no-const-assign": "error",
      "no-dupe-args": "error",
      "no-dupe-class-members": "error",
      "no-dupe-else-if": "error",
      "no-dupe-keys": "error",
      "no-duplicate-case": "error",
      "no-fallthrough": "error",
      "no-func-assign": "error",
      "no-import-assign": "error",
      "no-invalid-regexp": "error",
      "no-self-assign": "error",
      "no-this-before-super": "error",
      "no-unreachable": "error",
      "no-unsafe-finally": "error",
      "no-unused-vars": "error",
      "use-isnan": "error",
      "valid-typeof": "error",
    },
  },
];
]==]

local function has_eslint_config(project)
    if project.scripts.lint then return true end
    for _, ending in ipairs({ "js", "mjs", "cjs", "ts", "mts", "cts" }) do
        if project.has("eslint.config." .. ending) then return true end
    end
    return false
end

M.node = {
    files = function(project)
        return has_eslint_config(project) and {} or { ["eslint.config.mjs"] = eslint_config }
    end,
    title = "Node.js", ecosystem = "npm", toolchain = "24",
    matrix = [[
os: [<<runner:linux>>, <<runner:macos>>, <<runner:windows>>]
node: ["22", "24"]
]],
    setup = function(_, version)
        return template.fill([[
- name: Install Node.js
  uses: <<uses:actions/setup-node>>
  with:
    node-version: <<version>>
    package-manager-cache: false
]], { version = version:find("^%$") and version or ('"%s"'):format(version) })
    end,
    install = function(project) return select(2, manager(project)) end,
    format = script({ "format:check", "check-format", "fmt:check" },
        always("npx --yes prettier@<<tool:prettier>> --check .")()),
    lint = script({ "lint" }, always("npx --yes eslint@<<tool:eslint>> .")()),
    check = script({ "typecheck", "type-check", "check-types" }, function(project)
        return project.has("tsconfig.json") and "npx --no-install tsc --noEmit"
            or "git ls-files -z '*.js' '*.mjs' '*.cjs' | xargs -0 -n 1 --no-run-if-empty node --check"
    end),
    test = script({ "test" }, "node --test"),
    security = function(project) return audits[manager(project)] end,
    release = function(project)
        local name, install = manager(project)
        local build = project.scripts.build and ("%s\n%s run build\n"):format(install, name) or ""
        local from = project.has("package-lock.json") and production.npm or "npm install --omit=dev"
        return build .. (name == "npm" and from or "corepack enable\n" .. production[name])
            .. '\ngit archive HEAD | tar -x -C "$stage"\nfor folder in node_modules dist build; do\n'
            .. '  if [ -d "$folder" ]; then cp -R "$folder" "$stage/"; fi\ndone'
    end,
}

-- Go ------------------------------------------------------------------------------------------------------------------

M.go = {
    title = "Go", ecosystem = "gomod", toolchain = "stable",
    matrix = [[
os: [<<runner:linux>>, <<runner:macos>>, <<runner:windows>>]
go: [oldstable, stable]
]],
    setup = function(_, version)
        return template.fill([[
- name: Install Go
  uses: <<uses:actions/setup-go>>
  with:
    go-version: <<version>>
    cache: false
]], { version = version })
    end,
    format = always([[
unformatted=$(gofmt -l .)
if [ -n "$unformatted" ]; then
  printf 'not formatted by gofmt:\n%s\n' "$unformatted"
  exit 1
fi]]),
    lint = always("go vet ./...\ngo run honnef.co/go/tools/cmd/staticcheck@<<tool:staticcheck>> ./..."),
    check = always("go mod verify\ngo mod tidy -diff\ngo build ./..."), test = always("go test -race ./..."),
    security = always("go run golang.org/x/vuln/cmd/govulncheck@<<tool:govulncheck>> ./..."),
    release = always([[
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$stage/" ./...]]),
}

--- What stands below `matrix:`, and the name of what it names besides the system: "toolchain".
---@param project scaffold.Project
---@return string matrix
---@return string axis
function M.matrix(project)
    local matrix = M[project.language].matrix
    if type(matrix) == "function" then matrix = matrix(project) end
    local text = template.fill(matrix):gsub("\n$", "")
    return text, matrix:match("\n([%w_]+): ")
end

return M
