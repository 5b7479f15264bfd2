-- What is worth caching of each language in CI, layer by layer: where it lives on each system, and what it depends on.
local M = {}

---@class lib.CacheLayer
---@field id "dependencies"|"tools"|"runtime"|"build"
---@field says string
---@field paths table<string, string[]>  by `runner.os`, or "all"
---@field hash string[]  files of which the content decides
---@field sources? string[]  for build outputs: files of which a change makes a part of it useless
---@field saves number  a rule of thumb: the share of a step that fetches and builds which a hit saves

---@type table<string, lib.CacheLayer[]>
M.layers = {
    rust = {
        { id = "dependencies", saves = 0.1, says = "sources of crates",
            paths = { all = { "~/.cargo/registry/index", "~/.cargo/registry/cache", "~/.cargo/git/db" } },
            hash = { "**/Cargo.lock" } },
        { id = "tools", saves = 0.8, says = "programs that cargo installed",
            paths = { all = { "~/.cargo/.crates.toml", "~/.cargo/.crates2.json", "~/.cargo/bin/cargo-audit" } },
            hash = { ".github/workflows/*.yml" } },
        { id = "build", saves = 0.6, says = "what the compiler made of crates", paths = { all = { "target" } },
            hash = { "**/Cargo.lock", "rust-toolchain*" }, sources = { "**/*.rs", "**/Cargo.toml" } },
    },
    cpp = {
        { id = "dependencies", saves = 0.5, says = "packages of vcpkg, Conan and CPM",
            paths = { all = { "~/.cache/CPM", "~/.cache/vcpkg/archives", "~/.conan2/p" } },
            hash = { "**/vcpkg.json", "**/conanfile.*", "**/conan.lock", "**/CMakeLists.txt", "**/*.cmake" } },
        { id = "build", saves = 0.7, says = "what ccache keeps",
            paths = { Linux = { "~/.cache/ccache" }, macOS = { "~/Library/Caches/ccache" },
                Windows = { "~/AppData/Local/ccache" } },
            hash = { "**/CMakeLists.txt", "**/*.cmake" },
            sources = { "**/*.c", "**/*.cc", "**/*.cpp", "**/*.h", "**/*.hpp" } },
    },
    python = {
        { id = "dependencies", saves = 0.6, says = "wheels that pip fetched",
            paths = { Linux = { "~/.cache/pip" }, macOS = { "~/Library/Caches/pip" },
                Windows = { "~/AppData/Local/pip/Cache" } },
            hash = { "**/pyproject.toml", "**/requirements*.txt", "**/uv.lock", "**/poetry.lock" } },
        { id = "build", saves = 0.3, says = "what mypy and ruff know",
            paths = { all = { ".mypy_cache", ".ruff_cache" } },
            hash = { "**/pyproject.toml", "**/mypy.ini", "**/ruff.toml" }, sources = { "**/*.py" } },
    },
    node = {
        { id = "dependencies", saves = 0.6, says = "packages that npm, pnpm or Yarn fetched",
            paths = {
                Linux = { "~/.npm", "~/.local/share/pnpm/store", "~/.yarn/berry/cache" },
                macOS = { "~/.npm", "~/Library/pnpm/store", "~/.yarn/berry/cache" },
                Windows = { "~/AppData/Local/npm-cache", "~/AppData/Local/pnpm/store",
                    "~/AppData/Local/Yarn/Berry/cache" },
            },
            hash = { "**/package-lock.json", "**/pnpm-lock.yaml", "**/yarn.lock" } },
        { id = "runtime", saves = 0.3, says = "browsers and Electron, which packages fetch besides",
            paths = {
                Linux = { "~/.cache/ms-playwright", "~/.cache/Cypress", "~/.cache/electron" },
                macOS = { "~/Library/Caches/ms-playwright", "~/Library/Caches/Cypress", "~/Library/Caches/electron" },
                Windows = { "~/AppData/Local/ms-playwright", "~/AppData/Local/Cypress/Cache",
                    "~/AppData/Local/electron/Cache" },
            },
            hash = { "**/package-lock.json", "**/pnpm-lock.yaml", "**/yarn.lock" } },
        { id = "build", saves = 0.3, says = "what compilers and bundlers keep",
            paths = { all = { ".next/cache", ".turbo", "node_modules/.cache", "**/*.tsbuildinfo" } },
            hash = { "**/package-lock.json", "**/pnpm-lock.yaml", "**/yarn.lock" },
            sources = { "**/*.js", "**/*.jsx", "**/*.mjs", "**/*.ts", "**/*.tsx" } },
    },
    go = {
        { id = "dependencies", saves = 0.2, says = "modules", paths = { all = { "~/go/pkg/mod" } },
            hash = { "**/go.sum" } },
        { id = "build", saves = 0.5, says = "what the compiler keeps",
            paths = { Linux = { "~/.cache/go-build" }, macOS = { "~/Library/Caches/go-build" },
                Windows = { "~/AppData/Local/go-build" } },
            hash = { "**/go.sum" }, sources = { "**/*.go" } },
    },
}

--- What stands at `path` of actions/cache, a line each. Where a place differs by system, an expression chooses.
---@param layer lib.CacheLayer
---@param system? string  the only one it is for
---@return string[]
function M.paths(layer, system)
    if layer.paths.all then return layer.paths.all end
    if system then return layer.paths[system] end
    local lines = {}
    for i in ipairs(layer.paths.Linux) do lines[i] = M.path(layer, i) end
    return lines
end

--- One of these paths, on whatever system.
---@param layer lib.CacheLayer
---@param i integer
---@return string
function M.path(layer, i)
    local linux, macos, windows = layer.paths.Linux[i], layer.paths.macOS[i], layer.paths.Windows[i]
    if macos == linux then return ("${{ runner.os == 'Windows' && '%s' || '%s' }}"):format(windows, linux) end
    return ("${{ runner.os == 'Windows' && '%s' || runner.os == 'macOS' && '%s' || '%s' }}"):format(windows, macos,
        linux)
end

return M
