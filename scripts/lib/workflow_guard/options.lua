-- What the options and operands of a command choose: less of what was checked, or that a failure is none.
local values = require("lib.workflow_guard.values")

local M = {}

local matches_any = values.matches_any

--- Whether a word of a command leaves something out: `--skip`, `-k`, `!slow`.
---@param word string
---@param rules table  data of the policy
function M.leaves_out(word, rules)
    if not word:find("^%-%-?%a") then return (word:find("^[~!]%w") or word:find("^%-//")) ~= nil end
    local name = word:lower():match("^%-+([%w%-_]+)")
    if not name or matches_any(name, rules.harmless) then return false end
    for _, start in ipairs(rules.leaving_out) do
        if name:find("^" .. start) or name:find("%-" .. start) then return true end
    end
    return word == "-k" or matches_any(word:lower(), rules.switching_off)
end

-- Reading -------------------------------------------------------------------------------------------------------------

-- The options of a command with their values: what stands behind `=`, or the next word, which may be an operand.
local function options_of(words)
    local map, list = {}, {}
    for i = 2, #words do
        local word = words[i]
        if word:find("^%-%-?%a") then
            local name, value = word:match("^([^=]+)=(.*)$")
            name = name or word
            if not value and words[i + 1] and not words[i + 1]:find("^%-") then value = words[i + 1] end
            if not map[name] then map[name], list[#list + 1] = {}, name end
            if value then table.insert(map[name], value) end
        end
    end
    return map, list
end

-- Words that are no option, and which of them are surely no value of one.
local function operands(words)
    local list, sure = {}, {}
    for i = 2, #words do
        if not words[i]:find("^%-%-?%a") and not words[i]:find("^%+") and not words[i]:find("[%${}=>]")
            and words[i] ~= "--" then
            list[#list + 1] = words[i]
            sure[words[i]] = not words[i - 1]:find("^%-%-?%a") or words[i - 1]:find("=") ~= nil or i == 2
        end
    end
    return list, sure
end

local keeping_going = tables.set({ "make", "gmake", "ninja", "curl" })

-- Behind an option that leaves out: how many values it has.
local function left_out_values(words, rules)
    local list = {}
    for i, word in ipairs(words) do
        local excludes_task = word == "-x" and words[1]:find("gradle") ~= nil
        local is_harmless = word == "-k" and keeping_going[fs.basename(words[1])]
            or values.is_false(word:match("=(.+)$"))
        if M.leaves_out(word, rules) and not is_harmless or excludes_task then
            local value = word:match("=(.+)$") or words[i + 1] or ""
            list[#list + 1] = { option = word:match("^[^=]+"), value = value }
        end
    end
    return list
end

-- Rules: each says why, or nothing ------------------------------------------------------------------------------------

local function leaves_more_out(base, head, rules)
    local before, after = left_out_values(base, rules), left_out_values(head, rules)
    local known = {}
    for _, item in ipairs(before) do known[item.option] = (known[item.option] or "") .. " " .. item.value end
    for _, item in ipairs(after) do
        if known[item.option] == nil then return ("%s is new"):format(item.option) end
        if #after > #before or values.grew(known[item.option], item.value) then
            local added = values.added(known[item.option], item.value)
            if #added > 0 then return ("%s leaves out %s as well"):format(item.option, added[1]) end
        end
    end
end

local function loses_strictness(base, head, rules)
    local had, kept = tables.set(base), tables.set(head)
    local own = tables.set(rules.strict_of[fs.basename(base[1])] or {})
    for _, word in ipairs(base) do
        if (matches_any(word, rules.strict) or own[word:match("^[^=]+")]) and not kept[word] then
            local name, replaced = word:match("^[^=]+"), false
            for _, other in ipairs(head) do
                if other:sub(1, #name) == name or not had[other] and matches_any(other, rules.strict) then
                    replaced = true
                end
            end
            if not replaced then return ("%s is gone"):format(word) end
        end
    end
end

local function loses_teeth(base, head, rules)
    local known = tables.set(base)
    for _, word in ipairs(head) do
        if not known[word] and matches_any(word:lower(), rules.toothless) then return ("%s is new"):format(word) end
    end
end

-- Whether an option chooses what is run, of any tool or of this one.
local function selects(name, tool, rules)
    for _, own in ipairs(rules.selecting_of[tool] or {}) do
        if name == own then return true end
    end
    local plain = name:lower():match("^%-%-([%w%-_]+)")
    return plain and not matches_any(plain, rules.harmless) and matches_any(plain, rules.selecting)
end

local function selects_less(base, head, rules)
    local before, _, names = options_of(base), options_of(head)
    for _, name in ipairs(names) do
        if not before[name] and selects(name, fs.basename(head[1]), rules) then return ("%s is new"):format(name) end
    end
    local known, choosing = tables.set(base), tables.set(rules.selecting_commands)
    for i = 2, #head do
        if not known[head[i]] and choosing[head[i]:lower():match("^%a*")] then return ("%s is new"):format(head[i]) end
    end
end

local presenting = { "report", "format", "output", "log", "verbos", "color", "cov$", "plugin", "require", "config",
    "cache", "env%-file" }

-- The same option with fewer values, or with a limit that lets more pass.
local function lowers_values(base, head)
    local before, after, names = options_of(base), options_of(head)
    for _, name in ipairs(names) do
        local lower = name:lower()
        local old, new = before[name] and table.concat(before[name], ","), table.concat(after[name], ",")
        local why = values.weaker(lower, old, new)
        if why then return ("%s: %s"):format(name, why) end
        local is_list = old and old:find(",", 1, true) and not matches_any(lower, presenting)
        if is_list and not old:find("[%s%${}]") and #values.added(old, new) == 0 and #values.added(new, old) > 0 then
            return ("%s no longer names %s"):format(name, values.added(new, old)[1])
        end
    end
end

-- "./tests/..." and "//tests/..." as "tests"; "" is everything.
local function folder_of(operand)
    return (operand:gsub("^%./", ""):gsub("^//", ""):gsub("%*.*$", ""):gsub("%.%.%.$", ""):gsub("/+$", "")
        :gsub("^%.$", ""))
end

local function looks_like_path(operand)
    return operand:find("^[%w%._%-/*@]+$") ~= nil and folder_of(operand):find("%w/%w") ~= nil
end

local function narrows_paths(base, head)
    local old, new, sure = operands(base), operands(head)
    local had, has = tables.set(old), tables.set(new)
    for _, word in ipairs(old) do
        local below, folder = {}, folder_of(word)
        local is_whole = folder == "" and (word:find("^[%./]") or word:find("*", 1, true))
        for _, other in ipairs(has[word] and {} or new) do
            local inner = folder_of(other)
            local is_below = folder ~= "" and inner:sub(1, #folder + 1) == folder .. "/"
                or is_whole and inner ~= "" and (other:find("[/%.]") or inner:find("^%w+$")) and sure[other]
            if is_below and not had[other] then below[#below + 1] = other end
        end
        if #below == 1 then return ("%s instead of %s"):format(below[1], word) end
    end
    local has_paths = false
    for _, word in ipairs(old) do has_paths = has_paths or word:find("[/%.*]") ~= nil end
    local added = {}
    for _, word in ipairs(new) do
        if not had[word] and sure[word] and looks_like_path(word) then added[#added + 1] = word end
    end
    if not has_paths and #added == 1 and #new > #old then return ("only %s is looked at"):format(added[1]) end
end

local function loses_operands(base, head)
    local function surely_given(words)
        local list, sure = operands(words)
        return seq(list):filter(function(word) return sure[word] end):list()
    end
    local old, new = surely_given(base), surely_given(head)
    local now = tables.set((operands(head)))
    for _, word in ipairs(#new < #old and #new > 0 and old or {}) do
        if not now[word] then return ("%s is not given any more"):format(word) end
    end
end

-- `make test` and `make test-unit`, `npm test` and `npm run test:fast`.
local function narrows_target(base, head, rules)
    local old, new = operands(base), operands(head)
    local target, other = old[#old], new[#new]
    if not target or not other then return nil end
    local is_of_module = other:find("^:.+:") and other:match("[^:]*$") == target
    if is_of_module then return ("%s instead of %s"):format(other, target) end
    if other:sub(1, #target) ~= target then return nil end
    local suffix = other:sub(#target + 1):match("^[:%-_%.](%w+)$")
    if suffix and tables.set(rules.narrow_targets)[suffix:lower()] then
        return ("%s instead of %s"):format(other, target)
    end
end

-- Who names hooks or checks leaves the others out.
local function names_parts(base, head, rules)
    local old, new, sure = operands(base), operands(head)
    local name = ("%s %s"):format(fs.basename(base[1]), old[1] or "")
    if #new <= #old or not tables.set(rules.parts_by_name)[name] then return nil end
    local had, has = tables.set(old), tables.set(new)
    for _, word in ipairs(old) do
        if not has[word] then return nil end
    end
    for _, word in ipairs(new) do
        if not had[word] and sure[word] then return ("only %s runs"):format(word) end
    end
end

local checking = tables.set({ "test", "lint", "security" })

--- Why the words of a command ask for less than those before; nil when they do not.
---@param base string[]
---@param head string[]
---@param rules table  data of the policy
---@param purpose? string  of the command
---@return string? why
---@return boolean? may_be_split  another new command may run the rest
function M.compare(base, head, rules, purpose)
    local why = leaves_more_out(base, head, rules)
    if why then return why, true end
    why = loses_strictness(base, head, rules)
    if why or not checking[purpose or "test"] then return why end
    why = loses_teeth(base, head, rules) or lowers_values(base, head)
    if why then return why end
    why = selects_less(base, head, rules) or narrows_paths(base, head) or narrows_target(base, head, rules)
        or names_parts(base, head, rules) or loses_operands(base, head)
    return why, why ~= nil
end

return M
