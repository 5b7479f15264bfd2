-- What makes a check that is still there check less: options, variables, inputs.
local M = {}

local function is_true(value)
    local text = tostring(value):lower()
    return text == "true" or text == "1" or text == "yes" or text == "on"
end

local function is_false(value)
    local text = tostring(value):lower()
    return text == "false" or text == "0" or text == "no" or text == "off"
end

local function matches_any(text, patterns)
    for _, pattern in ipairs(patterns) do
        if text:find(pattern) then return true end
    end
    return false
end

local function tokens(text)
    local set, list = {}, {}
    for token in tostring(text):gmatch("[^%s,|;]+") do
        if not set[token] then set[token], list[#list + 1] = true, token end
    end
    return set, list
end

local function added_tokens(before, after)
    local known, added = tokens(before or ""), {}
    local _, list = tokens(after)
    for _, token in ipairs(list) do
        if not known[token] then added[#added + 1] = token end
    end
    return added
end

local function grew(before, after)
    local _, old = tokens(before or "")
    local _, new = tokens(after)
    return #new > #old and #added_tokens(before, after) > 0
end

-- Options -------------------------------------------------------------------------------------------------------------

local function leaves_out(word, rules)
    if not word:find("^%-%-?%a") then return word:find("^[~!]%w") ~= nil and not word:find("^!%-") end
    local name = word:lower():match("^%-+([%w%-_]+)")
    if not name or matches_any(name, rules.harmless) then return false end
    for _, start in ipairs(rules.leaving_out) do
        if name:find("^" .. start) or name:find("%-" .. start) then return true end
    end
    return word == "-k" or matches_any(word:lower(), rules.switching_off)
end

-- Arguments that are no option and no option's value.
local function operands(words)
    local list = {}
    for i = 2, #words do
        if not words[i]:find("^%-") and not words[i - 1]:find("^%-") and not words[i]:find("[%${}=>]") then
            list[#list + 1] = words[i]
        end
    end
    return list
end

local function set_of(list)
    local set = {}
    for _, item in ipairs(list) do set[item] = (set[item] or 0) + 1 end
    return set
end

-- Behind an option that leaves out: how many values it has.
local function left_out_values(words, rules)
    local list = {}
    for i, word in ipairs(words) do
        local excludes_task = word == "-x" and words[1]:find("gradle") ~= nil
        if leaves_out(word, rules) or excludes_task then
            local value = word:match("=(.+)$") or words[i + 1] or ""
            list[#list + 1] = { option = word:match("^[^=]+"), value = value }
        end
    end
    return list
end

--- Why the options of a command check less than before; nil when they do not.
---@param base workflow_guard.Check
---@param head workflow_guard.Check
---@return string? why
---@return string? rule
function M.options(base, head, rules)
    if base.tool ~= head.tool or base.action then return nil end
    local before, after = left_out_values(base.words, rules), left_out_values(head.words, rules)
    local known = {}
    for _, item in ipairs(before) do known[item.option] = (known[item.option] or "") .. " " .. item.value end
    for _, item in ipairs(after) do
        if known[item.option] == nil then return ("%s is new"):format(item.option), "options_weakened" end
        if #after > #before or grew(known[item.option], item.value) then
            local added = added_tokens(known[item.option], item.value)
            if #added > 0 then
                return ("%s leaves out %s as well"):format(item.option, added[1]), "options_weakened"
            end
        end
    end
    local kept = set_of(head.words)
    for _, word in ipairs(base.words) do
        if matches_any(word, rules.strict) and not kept[word] then
            local name, replaced = word:match("^[^=]+"), false
            for _, other in ipairs(head.words) do
                if other:sub(1, #name) == name or matches_any(other, rules.strict) then replaced = true end
            end
            if not replaced then return ("%s is gone"):format(word), "options_weakened" end
        end
    end
    if base.purpose == "test" or base.purpose == "lint" or base.purpose == "security" then
        local old, new = operands(base.words), operands(head.words)
        local now = set_of(new)
        if #new < #old and #new > 0 then
            for _, word in ipairs(old) do
                if not now[word] then return ("%s is not given any more"):format(word), "options_weakened" end
            end
        end
    end
end

-- Variables -----------------------------------------------------------------------------------------------------------

local skipping = { "^SKIP$", "^SKIP_", "_SKIP$", "_SKIP_", "^DISABLE_.*TEST", "^DISABLE_.*CHECK", "^NO_.*TEST",
    "^NO_.*CHECK",
    "^NO_.*LINT", "^EXCLUDE", "^IGNORE_", "SKIP_TESTS" }
local harmless_variables = { "DOWNLOAD", "INSTALL", "CACHE", "PUBLISH", "UPLOAD", "DEPLOY", "HUSKY", "PUSH$",
    "POSTINSTALL",
    "ENVCHECK" }
local failing = { "FAIL_ON", "FAIL_FAST_ON", "STRICT", "ERROR_ON", "WERROR", "EXIT_CODE", "FAIL_CI" }
local denying = { "deny", "%-D%s*warnings", "%-Werror", "forbid", "error::", "fatal" }

local function is_skipping(name)
    return matches_any(name:upper(), skipping) and not matches_any(name:upper(), harmless_variables)
end

--- Why a variable lets less be checked; nil when it does not.
---@param name string
---@param before any
---@param after any
function M.variable(name, before, after)
    if after ~= nil and after ~= "" and is_skipping(name) and not is_false(after) then
        if before == nil or is_false(before) or before == "" then
            return ("%s is set"):format(name), "variable_skips"
        end
        if not is_true(after) and grew(before, after) then
            return ("%s names more than before"):format(name), "variable_skips"
        end
    end
    if matches_any(name:upper(), failing) then
        if after ~= nil and is_false(after) and not (before ~= nil and is_false(before)) then
            return ("%s is off"):format(name), "variable_skips"
        elseif before ~= nil and is_true(before) and after == nil then
            return ("%s is gone"):format(name), "strictness_removed"
        end
    end
    if type(before) == "string" and matches_any(before, denying) and not matches_any(tostring(after or ""),
        denying) then
        return ("%s=%s denied what now passes"):format(name, before), "strictness_removed"
    end
end

-- Inputs --------------------------------------------------------------------------------------------------------------

local enabling = { "enable", "check", "scan", "test", "lint", "strict", "fail", "verify", "audit", "validate", "error" }
local excluding = { "skip", "exclu", "ignor", "allow%-", "allowlist", "deselect" }
local harmless_inputs = { "cache", "install", "setup", "upload", "token", "comment", "checkout", "unauthor", "push",
    "latest" }

--- Why an input of an action that checks lets less be checked.
function M.input(name, before, after)
    local lower = name:lower()
    if matches_any(lower, harmless_inputs) then return nil end
    if matches_any(lower, excluding) and after ~= nil then
        if is_true(after) and not (before ~= nil and is_true(before)) then return ("%s is on"):format(name) end
        if not is_true(after) and not is_false(after) and grew(before, after) then
            return ("%s names more than before"):format(name)
        end
    elseif matches_any(lower, enabling) and before ~= nil then
        if is_true(before) and (after == nil or is_false(after)) then return ("%s is off"):format(name) end
    end
end

--- Values of a matrix may be arguments: what is new in them may leave something out.
function M.matrix_value(name, before, after, rules)
    local lower = name:lower():gsub("^.*%.", "")
    if type(after) ~= "string" or not (lower:find("flag") or lower:find("arg") or lower:find("opt")
        or lower:find("param")
        or lower:find("filter") or lower:find("test") or lower:find("skip")) then
        return nil
    end
    local known = tokens(before or "")
    for token in after:gmatch("%S+") do
        if not known[token] and leaves_out(token, rules) then return ("%s leaves out %s"):format(name, token) end
    end
end

return M
