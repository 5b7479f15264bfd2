-- What is wrong with the key, the prefixes and the paths of a cache, and how they should be.
local cache_layers = require("lib.cache_layers")
local needs = require("lib.cache_advisor.needs")

local M = {}

---@class cache_advisor.Problem
---@field rule string
---@field message string
---@field loses "all"|"lock"|"part"|"none"  what is done again: all in every run, all in runs with another lock file, a
---  part in every run, nothing

-- What is another one in every run, or in every commit.
local unique = { "github%.sha", "github%.run_id", "github%.run_number", "github%.run_attempt", "github%.event%.after" }

local function first_unique(text)
    local at
    for _, pattern in ipairs(unique) do
        local from = text:find("%${{[^}]*" .. pattern)
        if from and (not at or from < at) then at = from end
    end
    return at
end

local function patterns_of(key)
    local list = {}
    for arguments in key:gmatch("hashFiles%(([^)]*)%)") do
        for pattern in arguments:gmatch("'([^']*)'") do list[#list + 1] = pattern end
    end
    return list
end

local function hash_of(patterns)
    local quoted = {}
    for i, pattern in ipairs(patterns) do quoted[i] = ("'%s'"):format(pattern) end
    return ("${{ hashFiles(%s) }}"):format(table.concat(quoted, ", "))
end
M.hash_of = hash_of

-- A version that somebody may change to begin anew: v1, or a variable of whatever name.
local function has_version(key)
    return key:find("%f[%w]v%d+%f[^%w]") ~= nil or key:find("%${{%s*env%.") ~= nil or key:find("%${{%s*vars%.") ~= nil
        or key:find("%${{%s*inputs%.") ~= nil or key:find("%${{%s*secrets%.") ~= nil
end

local function names_system(key, combination_keys)
    for _, pattern in ipairs({ "runner%.os", "matrix%.[%w_]*os[%w_]*", "matrix%.[%w_]*platform", "matrix%.target" }) do
        if key:find(pattern) then return true end
    end
    for _, name in ipairs(combination_keys) do
        if key:find("matrix%." .. name:gsub("%p", "%%%0")) then return true end
    end
    return false
end

-- The same patterns are asked for in every job.
local answers = setmetatable({}, { __mode = "k" })

local function is_like_any(files, pattern)
    answers[files] = answers[files] or {}
    local known = answers[files]
    if known[pattern] == nil then
        known[pattern] = false
        for _, file in ipairs(files) do
            if fs.matches(file, pattern) then
                known[pattern] = true
                break
            end
        end
    end
    return known[pattern]
end

-- Other repositories are checked out into folders of their own, whose files are not known here.
local function is_matched(patterns, files, foreign)
    for _, pattern in ipairs(patterns) do
        if pattern:find("^!") or pattern:find("${{", 1, true) then return true end
        if foreign and foreign[pattern:gsub("^%./", ""):match("^[^/]+")] then return true end
        if is_like_any(files, (pattern:gsub("^%./", ""))) then return true end
    end
    return #patterns == 0
end

--- The patterns of a layer that fit some file of the repository; all when none does.
---@param patterns string[]
---@param files string[]
function M.present(patterns, files)
    local list = {}
    for _, pattern in ipairs(patterns) do
        if is_matched({ pattern }, files) then list[#list + 1] = pattern end
    end
    return #list > 0 and list or patterns, #list > 0
end

---@class cache_advisor.Subject
---@field step table  of the model, of actions/cache
---@field of cache_advisor.Layer?  what it caches
---@field systems string[]  on which the job runs, sorted
---@field system_keys string[]  keys of the matrix that decide about the system
---@field files string[]  of the repository
---@field foreign table<string, boolean>  folders of other repositories
---@field is_handed_on boolean  jobs of one run pass it on
---@field is_only_saved boolean

-- The rules, in the order in which the key is repaired. Each gives a problem, and changes `fixed`.
local rules = {}

rules[#rules + 1] = function(subject, fixed)
    local patterns = patterns_of(fixed.key)
    if is_matched(patterns, subject.files, subject.foreign) then return nil end
    local of = subject.of
    if of then
        local wanted, is_there = M.present(of.layer.hash, subject.files)
        if is_there then
            local replacement = hash_of(wanted):match("hashFiles%b()"):gsub("%%", "%%%%")
            fixed.key = fixed.key:gsub("hashFiles%b()", replacement, 1)
        end
    end
    return { rule = "hash_of_nothing", loses = "part",
        message = ("no file is like %s, so that the hash is always empty"):format(patterns[1]) }
end

rules[#rules + 1] = function(subject, fixed)
    local of = subject.of
    if not of or fixed.key:find("hashFiles", 1, true) or first_unique(fixed.key) then return nil end
    if of.layer.id ~= "dependencies" and of.layer.id ~= "build" then return nil end
    local wanted, is_there = M.present(of.layer.hash, subject.files)
    if not is_there then return nil end
    fixed.key = fixed.key .. "-" .. hash_of(wanted)
    return { rule = "key_without_lockfile", loses = "part",
        message = "the key never changes: what was saved first is restored for ever, however old" }
end

rules[#rules + 1] = function(subject, fixed)
    local of = subject.of
    if not of or of.layer.id ~= "build" or first_unique(fixed.key) then return nil end
    local sources = of.layer.sources
    for _, pattern in ipairs(patterns_of(fixed.key)) do
        for _, source in ipairs(sources) do
            if pattern:match("%.([%w]+)$") == source:match("%.([%w]+)$") then return nil end
        end
    end
    fixed.key = fixed.key .. "-" .. hash_of((M.present(sources, subject.files)))
    return { rule = "build_without_content", loses = "part",
        message = "a cache that was hit is not saved again: what was built first stays, while the sources go on" }
end

rules[#rules + 1] = function(subject, fixed)
    if #subject.systems < 2 or names_system(fixed.key, subject.system_keys) then return nil end
    fixed.key = "${{ runner.os }}-" .. fixed.key
    return { rule = "key_without_system", loses = "part",
        message = ("%s share one key: the first one's files are restored on the others"):format(
            table.concat(subject.systems, " and ")) }
end

rules[#rules + 1] = function(_, fixed)
    if has_version(fixed.key) then return nil end
    fixed.key = "v1-" .. fixed.key
    return { rule = "key_without_version", loses = "none",
        message = "no version in the key: a cache that has gone bad cannot be left behind" }
end

-- The prefixes that go on from the newest of what was saved before.
local function prefixes_of(key)
    local list, at = {}, #key
    for _ = 1, 4 do
        local from
        for position in key:sub(1, at):gmatch("()%${{[^}]*}}") do
            local expression = key:match("^%${{[^}]*}}", position)
            if expression:find("hashFiles", 1, true) or first_unique(expression) then from = position end
        end
        if not from or from <= 1 then break end
        list[#list + 1], at = key:sub(1, from - 1), from - 1
    end
    return list
end

-- The prefixes that there are, for the key that it became.
local function follow(own, before, after)
    local at = after:find(before, 1, true)
    if not at then return prefixes_of(after) end
    local list = {}
    for i, prefix in ipairs(own) do list[i] = after:sub(1, at - 1) .. prefix end
    return list
end

rules[#rules + 1] = function(subject, fixed)
    local prefixes = prefixes_of(fixed.key)
    local own = needs.lines_of(subject.step.with["restore-keys"])
    -- What one job of a run saves for the next has to be of this run.
    local is_of_run = subject.is_handed_on and first_unique(subject.step.with.key)
    if #prefixes == 0 or is_of_run or subject.is_only_saved then return nil end
    if #own > 0 then
        local before = subject.step.with.key
        if fixed.key ~= before then fixed.restore_keys = follow(own, before, fixed.key) end
        return nil
    end
    fixed.restore_keys = prefixes
    if first_unique(subject.step.with.key) then
        return { rule = "key_never_hits", loses = "all",
            message = "every run has a key of its own and no restore-keys: nothing is ever restored" }
    end
    return { rule = "no_restore_keys", loses = "lock",
        message = "without restore-keys, a change of one dependency fetches all of them again" }
end

rules[#rules + 1] = function(subject, fixed)
    local of = subject.of
    if not of or not of.system then return nil end
    local is_own, is_other = false, nil
    for _, system in ipairs(subject.systems) do
        if system == of.system then is_own = true else is_other = system end
    end
    if not is_other then return nil end
    local lists, at = of.layer.paths, nil
    for i, path in ipairs(lists[of.system]) do
        if path == of.path then at = i end
    end
    local lines = needs.lines_of(subject.step.with.path)
    for i, line in ipairs(lines) do
        if at and line == of.path then
            lines[i] = #subject.systems == 1 and lists[is_other][at] or cache_layers.path(of.layer, at)
            fixed.paths = lines
        end
    end
    return { rule = "path_of_other_system", loses = is_own and "part" or "all",
        message = ("on %s nothing is at %s"):format(is_other, of.path) }
end

--- The problems of a cache, and the key, prefixes and paths without them.
---@param subject cache_advisor.Subject
---@return cache_advisor.Problem[]
---@return { key: string, restore_keys: string[]?, paths: string[]? } fixed
function M.judge(subject)
    local problems, fixed = {}, { key = subject.step.with.key }
    for _, rule in ipairs(rules) do
        problems[#problems + 1] = rule(subject, fixed)
    end
    return problems, fixed
end

return M
