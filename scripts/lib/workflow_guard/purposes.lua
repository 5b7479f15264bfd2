-- What commands and actions are for: to check something, to prepare, to look around, to deliver.
local M = {}

--- The policy's lists, ready to be asked.
---@param rules table  policy data
function M.vocabulary(rules)
    -- `scripts` and `purposes_of` keep what was found out of scripts and commands.
    local made = { rules = rules, purposes = {}, same_kind = {}, scripts = {}, purposes_of = {} }
    for _, name in ipairs({ "preparing", "looking", "delivering", "preparing_words", "looking_words",
        "delivering_words" }) do
        made[name] = tables.set(rules[name])
    end
    for purpose, list in pairs(rules.purposes) do
        for _, word in ipairs(list) do made.purposes[word] = purpose end
    end
    for group, list in ipairs(rules.same_kind) do
        for _, word in ipairs(list) do
            made.same_kind[word] = made.same_kind[word] or {}
            made.same_kind[word][group] = true
        end
    end
    return made
end

-- Purposes ------------------------------------------------------------------------------------------------------------

-- "lint:js-fix" and "run_unit_tests.sh" as their words.
local function each_part(word, visit)
    word = word:lower():gsub("%${{.-}}", "")
    if visit(word) then return true end
    for part in word:gmatch("[%w]+") do
        if visit(part) then return true end
    end
end

local managers = tables.set({ "npm", "pnpm", "yarn", "bun", "composer", "cargo", "go", "dotnet", "bundle", "mix",
    "poetry", "uv",
    "docker", "podman", "dart", "flutter", "swift", "deno", "stack", "cabal", "gem", "cmake", "conan", "lerna", "nx",
    "turbo", "moon", "rake" })
local preparing_commands = tables.set({ "global", "export", "up", "down", "ci", "add", "i", "get", "mod", "sync",
    "lock", "pull",
    "use", "self-update", "tool",
    "network", "volume", "metadata", "locate-project", "pub" })

local before_subcommand = tables.set({ "run", "run-script", "workspace", "compose", "buildx" })

local function purpose_of_words(words, vocabulary, from)
    local found
    for i = from, math.min(#words, from + 5) do
        local word = words[i]
        if not word:find("^%-") or #word > 2 then
            each_part(word, function(part)
                local purpose = vocabulary.purposes[part]
                -- `make lint` builds nothing.
                if purpose and (not found or found == "build") then found = purpose end
                return found and found ~= "build"
            end)
            if found and found ~= "build" then return found end
        end
    end
    return found
end

local function has_word(words, from, to, set)
    for i = from, math.min(#words, to) do
        local hit = each_part(words[i], function(part) return set[part] end)
        if hit then return true end
    end
end

local function first_operand(words)
    for i = 2, #words do
        if not words[i]:find("^[%-+]") then return words[i] end
    end
    return ""
end

--- What a command is for.
---@param words string[]
---@param vocabulary table
---@return string
function M.of_command(words, vocabulary)
    local tool = fs.basename(words[1]):lower():gsub("%.exe$", "")
    if words[1]:find("^%$") and #words == 1 then return "preparing" end
    if tool == "git" and words[2] == "diff" and has_word(words, 3, #words, { ["--exit-code"] = true,
        ["--quiet"] = true })
    then
        return "test"
    end
    if table.concat(words, " "):find("--fail-under", 1, true) then return "test" end
    local together = vocabulary.rules.command_purposes[tool .. " " .. first_operand(words)]
    if together then return together end
    if vocabulary.preparing[tool] then return "preparing" end
    if vocabulary.looking[tool] or has_word(words, 2, 8, { ["--version"] = true }) then return "looking" end
    if vocabulary.delivering[tool] then return "delivering" end
    if has_word(words, 1, 6, { print = true, dump = true }) then return "looking" end
    if managers[tool] then
        local sub, is_script = words[2], words[2] == "run" or words[2] == "run-script"
        for i = 2, #words do
            if not words[i]:find("^[%-+]") and not before_subcommand[words[i]] then sub = words[i] break end
        end
        sub = (sub or "install"):lower()
        if tool == "cmake" then return words[2] == "--build" and "build" or "preparing" end
        if preparing_commands[sub] and not is_script or has_word({ sub }, 1, 1, vocabulary.preparing_words) then
            return "preparing"
        end
        if has_word({ sub }, 1, 1, vocabulary.delivering_words) then return "delivering" end
        if #words == 1 then return "preparing" end
    end
    local known = vocabulary.purposes[tool] or (tool:find("lint$") or tool:find("fmt$")) and "lint"
    if known and has_word({ first_operand(words) }, 1, 1, { install = true, init = true }) then return "preparing" end
    if known and known ~= "build" then return known end
    if has_word(words, 1, 3, vocabulary.delivering_words) then return "delivering" end
    local found = purpose_of_words(words, vocabulary, 1)
    if found == "build" and has_word(words, 2, 3, { install = true, clean = true, configure = true }) then
        return "preparing"
    end
    if found then return found end
    if has_word(words, 1, 3, vocabulary.preparing_words) then return "preparing" end
    if has_word(words, 1, 3, vocabulary.looking_words) then return "looking" end
    return "task"
end

-- Actions and names
-- ----------------------------------------------------------------------------------------------------

-- "owner/name/path" without its version.
function M.action_words(uses)
    local name = uses:gsub("@.*$", ""):gsub("^docker://", ""):lower()
    local last = name:match("([^/]+/[^/]+)$") or name
    return name, { last }
end

--- What an action is for.
function M.of_action(name, words, step, vocabulary)
    local purposes, found = vocabulary.purposes, nil
    if name:find("^actions/") or name:find("codecov") or name:find("coveralls") then
        return name:find("dependency%-review") and "security" or "preparing"
    end
    if name:find("codeql%-action") then
        return (name:find("/analyze$") or name:find("/init$")) and "security" or "preparing"
    end
    local own = name:match("([^/]+)$") or name
    local function has(set) return has_word({ own }, 1, 1, set) end
    if own:find("set%-up") or has({ setup = true, install = true, cache = true, checkout = true, login = true }) then
        return "preparing"
    end
    if has(vocabulary.delivering_words) or has({ pages = true, stale = true, slack = true, labeler = true, pr = true,
        pull = true, release = true, merge = true, assign = true,
        artifact = true, artifacts = true, save = true, restore = true, commit = true, reporter = true,
            discord = true }) then
        return "delivering"
    end
    for _, word in ipairs(words) do
        each_part(word, function(part)
            local purpose_found = purposes[part]
            if purpose_found and purpose_found ~= "build" then found = purpose_found end
            return found
        end)
    end
    if found then return found end
    if has(vocabulary.preparing_words) or has({ toolchain = true, ["free"] = true, filter = true, files = true,
        space = true, tmate = true, ["set"] = true, msys2 = true, ["changed"] = true, get = true, add = true,
        cancel = true, ccache = true, sccache = true, msvc = true, shell = true, vcpkg = true, agent = true,
        maximize = true, runner = true, harden = true, credentials = true, auth = true, xcode = true, conda = true,
        homebrew = true, wait = true, sleep = true, metadata = true, qemu = true, buildx = true, emulator = true,
            token = true }) then
        return "preparing"
    end
    if step.name and has_word({ step.name }, 1, 1, purposes) then return "task" end
    return has_word({ own }, 1, 1, purposes) and "build" or "task"
end

--- What a step is for by its name; nil when the name does not say.
function M.of_name(step, vocabulary)
    local named
    for part in (step.name or ""):lower():gmatch("%w+") do
        local found = vocabulary.purposes[part]
        if vocabulary.preparing_words[part] or vocabulary.looking_words[part] then return nil end
        if found == "test" or found == "lint" or found == "security" then named = named or found end
    end
    return named
end

return M
