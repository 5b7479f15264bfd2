-- The checks of the policy `preflight`: which concern a job, and what they find.
local kinds = require("lib.preflight.kinds")

local M = {}

---@class preflight.Result
---@field id string
---@field ok boolean
---@field problem? string
---@field fix? string

---@return policy.Policy
function M.load() return policy.load("preflight", { schema = require("lib.schemas.preflight") }) end

--- The checks, if each has an id of its own and a known kind. Raises `policy.preflight`.
---@param checks table[]
---@return table[]
function M.check(checks)
    local seen = {}
    for _, check in ipairs(checks) do
        local known = {}
        for name, handler in pairs(kinds) do
            if type(handler) == "function" then known[#known + 1] = name end
        end
        if type(check.id) ~= "string" or seen[check.id] then
            uhost.fail("policy.preflight", "every check of policies/preflight.lua needs an id of its own")
        end
        seen[check.id] = true
        if type(kinds[check.kind]) ~= "function" then
            table.sort(known)
            uhost.fail("policy.preflight", ("the check '%s' is of an unknown kind: %s"):format(check.id,
                tostring(check.kind)),
                { hint = "kinds are " .. table.concat(known, ", ") })
        end
    end
    return checks
end

--- Those that concern a profile.
---@param checks table[]
---@param rules policy.Policy
---@param options { profile: string, without_network?: boolean, named?: boolean }  named: without those that belong to
---    every profile
---@return table[]
function M.chosen(checks, rules, options)
    local list = {}
    for _, check in ipairs(checks) do
        local profiles = check.profiles or {}
        local concerned = (#profiles > 0 or not options.named) and rules:call("concerns", profiles, options.profile)
        if concerned and not (options.without_network and kinds.of_network[check.kind]) then list[#list + 1] = check end
    end
    return list
end

-- One look. A check that cannot be made is a failure, with what went wrong.
local function look(check)
    local ok, problem = pcall(kinds[check.kind], check)
    if not ok and uhost.is_error(problem) and problem.kind == "interrupted" then error(problem, 0) end
    if not ok then
        problem = uhost.is_error(problem) and problem.message or ("the check is wrong: %s"):format(problem)
    end
    return { id = check.id, ok = problem == nil, problem = problem, fix = check.fix }
end

--- Makes them all, side by side.
---@param checks table[]
---@return preflight.Result[]
function M.look(checks) return task.map(checks, look, { concurrency = 16 }) end

return M
