-- What makes a check that is still there check less: variables and inputs.
local options = require("lib.workflow_guard.options")
local values = require("lib.workflow_guard.values")

local M = {}

local is_true, is_false, matches_any, grew = values.is_true, values.is_false, values.matches_any, values.grew

-- Variables -----------------------------------------------------------------------------------------------------------

local skipping = { "^SKIP$", "^SKIP_", "_SKIP$", "_SKIP_", "^DISABLE_.*TEST", "^DISABLE_.*CHECK", "^NO_.*TEST",
    "^NO_.*CHECK",
    "^NO_.*LINT", "^EXCLUDE", "^IGNORE_", "SKIP_TESTS" }
local harmless_variables = { "DOWNLOAD", "INSTALL", "CACHE", "PUBLISH", "UPLOAD", "DEPLOY", "HUSKY", "PUSH$",
    "POSTINSTALL",
    "ENVCHECK" }
-- What a variable switches on: with CI=false, builds let warnings pass.
local running = { "^CI$", "^RUN_.*TEST", "^RUN_.*E2E", "^RUN_.*CHECK", "^RUN_.*LINT", "^ENABLE_.*TEST",
    "^ENABLE_.*CHECK", "^ENABLE_.*LINT", "^WITH_.*TEST", "^BUILD_TESTING$", "_BUILD_TESTS?$", "^BUILD_TESTS?$",
    "^ENABLE_.*SAN" }
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
    local is_run = matches_any(name:upper(), running) and not matches_any(name:upper(), harmless_variables)
    if is_run and after ~= nil and is_false(after) and not (before ~= nil and is_false(before)) then
        return ("%s is off"):format(name), "variable_skips"
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

-- What `cmake -D` and `./configure` switch on, by the words of all commands of a job.
local function switches_of(checks)
    local map = {}
    for _, check in ipairs(checks) do
        for _, word in ipairs(check.words) do
            local name, value = word:match("^%-D([%w_]+)[:%a]*=(.+)$")
            local way, feature = word:match("^%-%-(%a+)%-([%w%-]+)$")
            if way == "enable" or way == "disable" then
                name, value = "ENABLE_" .. feature:upper():gsub("%-", "_"), way == "enable" and "on" or "off"
            end
            if name then map[name] = (map[name] == nil or map[name] == value) and value or "mixed" end
        end
    end
    return map
end

--- Why what a job's builds are configured with lets less be checked; nil when it does not.
---@param base workflow_guard.Check[]
---@param head workflow_guard.Check[]
---@return string? why
---@return string? rule
function M.switches(base, head)
    local before, after = switches_of(base), switches_of(head)
    for _, name in ipairs(tables.sorted_keys(after)) do
        local why, rule = M.variable(name, before[name], after[name])
        if why then return why, rule end
    end
end

-- Inputs --------------------------------------------------------------------------------------------------------------

local enabling = { "enable", "check", "scan", "test", "lint", "strict", "fail", "verify", "audit", "validate", "error",
    "e2e", "integration", "coverage", "sanit", "fuzz" }
local excluding = { "skip", "exclu", "ignor", "allow%-", "allowlist", "deselect", "only%-new", "only_new", "new%-only",
    "soft.?fail", "continue.on.error", "warning.only", "dry.run", "disable" }
local harmless_inputs = { "cache", "install", "setup", "upload", "token", "comment", "checkout", "unauthor", "push",
    "latest", "deploy", "publish", "release", "fail.?fast" }
local listing = { "queries", "scanners", "ruleset", "^rules$", "^linters$", "^checks$" }
local arguments = { "^args$", "args$", "arguments$", "flags$", "options$", "^opts$" }

local function split(tool, text)
    local words = { tool }
    for word in tostring(text or ""):gmatch("%S+") do words[#words + 1] = word end
    return words
end

--- Why an input of an action that checks lets less be checked.
---@param name string
---@param before any
---@param after any
---@param rules table  data of the policy
---@return string?
function M.input(name, before, after, rules)
    local lower = name:lower()
    if matches_any(lower, harmless_inputs) then return nil end
    if matches_any(lower, arguments) then
        local why = options.compare(split(name, before), split(name, after), rules)
        return why and ("%s: %s"):format(name, why)
    end
    if matches_any(lower, excluding) then
        if after == nil then return nil end
        if is_true(after) and not (before ~= nil and is_true(before)) then return ("%s is on"):format(name) end
        if not is_true(after) and not is_false(after) and grew(before, after) then
            return ("%s names more than before"):format(name)
        end
        return nil
    end
    if matches_any(lower, listing) and type(before) == "string" and #values.added(before, after or "") == 0
        and before ~= (after or "") then
        return after and ("%s: only '%s' now"):format(name, tostring(after)) or ("%s is gone"):format(name)
    end
    local why = values.weaker(lower, before, after)
    if why then return ("%s: %s"):format(name, why) end
    if matches_any(lower, enabling) and before ~= nil and is_true(before) and (after == nil or is_false(after)) then
        return ("%s is off"):format(name)
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
    local known = values.tokens(before or "")
    for token in after:gmatch("%S+") do
        if not known[token] and options.leaves_out(token, rules) then
            return ("%s leaves out %s"):format(name, token)
        end
    end
end

return M
