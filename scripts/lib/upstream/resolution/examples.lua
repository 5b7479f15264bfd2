-- The examples that rules of the policy `resolution_rules` carry, for `uhost test`.
local difference = require("lib.test.difference")
local resolution = require("lib.upstream.resolution")

local M = {}

---@param folder string  of policies
---@return { name: string, failure: fun(): string? }[]
function M.of(folder)
    local handle = policy.load("resolution_rules",
        { folder = folder, schema = require("lib.schemas.resolution_rules") })
    local data, list = handle:data(), {}
    for _, entry in ipairs(data.rules) do
        for position, example in ipairs(entry.examples) do
            list[#list + 1] = {
                name = ("%s › example %d"):format(entry.name, position),
                failure = function()
                    local one = resolution.new{ data = data, handle = handle, only = entry.name }
                    local gives, why = one:try(example, entry)
                    local differs = difference.describe(example.gives, gives)
                    return differs and (gives == false and differs .. "\n" .. why or differs) or nil
                end,
            }
        end
    end
    return list
end

return M
