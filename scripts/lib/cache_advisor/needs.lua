-- What the steps of a job fetch and build, and which caches they have for it.
local cache_layers = require("lib.cache_layers")

local M = {}

-- Commands that fetch or build: by tool, the language and the first words that do.
local commands = {
    cargo = { "rust", "build b test t check c clippy doc install run r nextest fetch bench llvm-cov tarpaulin miri" },
    npm = { "node", "ci install i" }, pnpm = { "node", "install i" }, yarn = { "node", "install add" },
    pip = { "python", "install wheel" }, pip3 = { "python", "install wheel" }, poetry = { "python", "install sync" },
    uv = { "python", "sync pip run" }, pipenv = { "python", "install sync" }, tox = { "python" }, nox = { "python" },
    go = { "go", "build test vet mod install run generate get" }, golangci_lint = { "go" },
    conan = { "cpp", "install" }, vcpkg = { "cpp", "install" },
}
for _, command in pairs(commands) do
    if command[2] then
        local set = {}
        for word in command[2]:gmatch("%S+") do set[word] = true end
        command[2] = set
    end
end

local function has_word(check, words)
    for _, word in ipairs(check.words) do
        for _, pattern in ipairs(words) do
            if word:find(pattern) then return true end
        end
    end
    return false
end

-- One program by itself is not what the project needs.
local function installs_a_program(check)
    local word = check.words[2]
    if check.tool:find("^pip3?$") then
        return not has_word(check, { "^%-r", "^%-%-requirement", "^%-e", "^%-%-editable", "^%.", "^%-%-group", "txt$" })
    elseif check.tool == "npm" or check.tool == "pnpm" or check.tool == "yarn" then
        return has_word(check, { "^%-g$", "^%-%-global$" })
    elseif check.tool == "cargo" then
        return word == "install" and not has_word(check, { "^%-%-path" })
    end
    return check.tool == "go" and word == "install" and has_word(check, { "@" })
end

-- `yarn` alone installs.
local function language_of(check)
    if check.action then return nil end
    local command = commands[(check.tool:gsub("%-", "_"))]
    if not command or installs_a_program(check) then return nil end
    local word = check.words[2]
    while word and word:find("^%+") do word = check.words[3] end
    if not command[2] or command[2][word or ""] or check.tool == "yarn" and not word then return command[1] end
end

--- The language that a step fetches or builds something of, and the tool.
---@param step table  of the model
---@return string? language
---@return string? tool
function M.of_step(step)
    for _, check in ipairs(step.checks or {}) do
        local language = language_of(check)
        if language then return language, check.tool end
    end
end

--- The steps of a job that fetch or build something of a language, and the position of the first.
---@param job table
---@param language string
---@return table[]
---@return integer? first
function M.steps_of(job, language)
    local list, first = {}, nil
    for i, step in ipairs(job.steps) do
        if M.of_step(step) == language then
            list[#list + 1] = step
            first = first or i
        end
    end
    return list, first
end

-- Caches --------------------------------------------------------------------------------------------------------------

local function lines_of(text)
    local list = {}
    for line in tostring(text or ""):gmatch("[^\r\n]+") do
        line = line:match("^%s*(.-)%s*/?%s*$")
        if line ~= "" then list[#list + 1] = line end
    end
    return list
end
M.lines_of = lines_of

-- Whether a path of a step is one of a layer: the same, or a folder above or below. An expression names what it may be.
local function holds(own, wanted)
    if own:find("${{", 1, true) then return own:find(wanted, 1, true) ~= nil end
    local path = own:gsub("^%$HOME", "~"):gsub("^%${HOME}", "~"):gsub("/%*+$", "")
    return path == wanted or wanted:sub(1, #path + 1) == path .. "/" or path:sub(1, #wanted + 1) == wanted .. "/"
        or not wanted:find("^[~*]") and path:sub(-#wanted - 1) == "/" .. wanted
end

---@class cache_advisor.Layer
---@field language string
---@field layer lib.CacheLayer
---@field system string?  "Linux", "macOS", "Windows" where the path is one of that system only
---@field path string  as the step has it

--- What a path is of; nil for a path of something else.
---@param path string
---@return cache_advisor.Layer?
function M.of_path(path)
    for _, language in ipairs(tables.sorted_keys(cache_layers.layers)) do
        for _, layer in ipairs(cache_layers.layers[language]) do
            local systems, last = 0, nil
            for system, list in pairs(layer.paths) do
                for _, wanted in ipairs(list) do
                    if holds(path, wanted) then
                        systems, last = systems + 1, system
                        break
                    end
                end
            end
            if systems > 0 then
                local system = systems == 1 and last ~= "all" and not path:find("${{", 1, true) and last or nil
                return { language = language, layer = layer, system = system, path = path }
            end
        end
    end
end

-- Actions that cache: what they cover, by a pattern of their names, the input that switches it on or off, and the
-- version since which it is on by itself.
local actions = {
    { "^swatinem/rust%-cache@", { rust = true } }, { "^actions%-rust%-lang/setup%-rust%-toolchain@", { rust = true } },
    { "^moonrepo/setup%-rust@", { rust = true } }, { "^leafwing%-studios/cargo%-cache@", { rust = true } },
    { "^actions/setup%-node@", { node = true }, on = "cache" },
    { "^pnpm/action%-setup@", { node = true }, on = "cache" },
    { "^actions/setup%-python@", { python = true }, on = "cache" },
    { "^actions/setup%-go@", { go = true }, off = "cache", since = 4 },
    { "^astral%-sh/setup%-uv@", { python = true }, off = "enable-cache" },
    { "^bahmutov/npm%-install@", { node = true } }, { "^oven%-sh/setup%-bun@", { node = true } },
    { "^hendrikmuhs/ccache%-action@", { cpp = true } },
    { "^mozilla%-actions/sccache%-action@", { rust = true, cpp = true } },
}

local function is_off(value)
    return value == nil or value == json.null or value == "" or tostring(value) == "false"
end

local function add_action(covered, step)
    local name = step.uses:lower()
    for _, action in ipairs(actions) do
        local is_on = not (action.on and is_off(step.with[action.on]))
            and not (action.off and tostring(step.with[action.off]) == "false")
            and not (action.since and (tonumber(name:match("@v(%d+)")) or action.since) < action.since
                and is_off(step.with[action.off]))
        if name:find(action[1]) and is_on then
            for language in pairs(action[2]) do covered[language] = "all" end
        end
    end
end

local function add_paths(covered, step)
    for _, path in ipairs(lines_of(step.with.path)) do
        local of = M.of_path(path)
        if of and covered[of.language] ~= "all" then
            covered[of.language] = covered[of.language] or {}
            covered[of.language][of.layer.id] = true
        end
    end
end

--- Whether a step is one of actions/cache.
function M.is_cache(step) return step.uses ~= nil and step.uses:find("^actions/cache[@/]") ~= nil end

--- What caches of a job cover: by language "all", or a set of layers. `local_action(path)` gives the steps of an action
--- of the repository.
---@param steps table[]
---@param local_action fun(path: string): table[]?
---@param depth? integer
---@return table<string, "all"|table<string, boolean>>
function M.covered(steps, local_action, depth)
    local covered = {}
    for _, step in ipairs(steps) do
        local inner = step.uses and step.uses:find("^%./") and (depth or 0) < 4 and local_action(step.uses)
        for language, layers in pairs(inner and M.covered(inner, local_action, (depth or 0) + 1) or {}) do
            if layers == "all" or not covered[language] then covered[language] = layers end
        end
        if M.is_cache(step) then
            add_paths(covered, step)
        elseif step.uses then
            add_action(covered, step)
        end
    end
    return covered
end

return M
