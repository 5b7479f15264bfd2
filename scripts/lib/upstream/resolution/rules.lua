-- The rules in the order in which they are asked: the project's own, then those that know nothing of it, as the policy
-- `resolution_rules` lists them.
local actions = require("lib.upstream.resolution.actions")
local generic = require("lib.upstream.resolution.generic")
local safety = require("lib.upstream.resolution.safety")
local schema = require("lib.schemas.resolution_rules")

local M = {}

---@class upstream.Rule
---@field name string
---@field own boolean  the project's
---@field safe boolean  the policy lets it be used with nobody looking
---@field drops? boolean  it gives up what a side added
---@field lines? boolean  whole lines of both sides stay
---@field declared table  as the policy has it
---@field position? integer  in the policy's list, for its functions

-- Generic rules that settle for one side, and those that take lines of both as they are.
local drops = {
    spacing_only = true, equal_but_for_spaces = true, contained = true, superset = true, similar_insertions = true,
    deletion = true, larger_change = true,
}
local whole_lines = { adjacent_edits = true, both_insertions = true, sorted_insertion = true }

local function generic_rule(entry)
    local propose, is_safe = generic.hunk_rules[entry.id], safety[entry.id]
    return {
        name = entry.id, own = false, safe = entry.safe, drops = drops[entry.id], lines = whole_lines[entry.id],
        declared = entry, propose = function(_, hunk) return propose(hunk) end,
        is_safe = function(conflict, hunk, lines) return is_safe ~= nil and is_safe(hunk, conflict, lines) end,
    }
end

---@param data table  of the policy
---@param handle policy.Policy
---@return upstream.Rule[]  raises `policy.schema` where an action lacks something
function M.list(data, handle)
    local list, functions = {}, handle:functions()
    local problem = schema.check(data, functions)[1]
    if problem then
        uhost.fail("policy.schema", ("resolution_rules: %s %s"):format(problem.path, problem.message),
            { hint = problem.hint })
    end
    for position, entry in ipairs(data.rules) do
        list[#list + 1] = actions.rule(entry, handle, ("rules.%d"):format(position), functions)
    end
    for _, entry in ipairs(data.generic) do list[#list + 1] = generic_rule(entry) end
    return list
end

return M
