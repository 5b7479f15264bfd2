-- Calls of `github` in the real binary, and what they give, for the specs of these calls.
local assert = require("luassert")
local support = require("support.github")

local M = { with = support.with, token = support.token, assert_fails = support.assert_fails }

local before = [[
local repo = github.repository("o/n")
local function given(...)
    local list = json.array()
    for i = 1, select("#", ...) do
        local value = select(i, ...)
        list[i] = value == nil and json.null or value
    end
    print(json.encode(list))
end
given((function()
]]

-- What the values that `body` returns are, as JSON has them; `repo` is the repository o/n. The last is the result of
-- the process.
function M.results(stand_in, body, options)
    local result = stand_in.run(before .. body .. "\nend)())", options)
    assert.equal(0, result.code, result.stderr)
    local list = json.decode(result.stdout, { omit_null = true })
    local values = {}
    for i = 1, #list do
        if list[i] ~= json.null then values[i] = list[i] end
    end
    values[#list + 1] = result
    return unpack(values, 1, #list + 1)
end

-- The requests since the last call that changed something: { "POST /repos/o/n/issues" }, and their bodies.
function M.changes(stand_in)
    local lines, bodies = {}, {}
    for _, request in ipairs(stand_in.requests()) do
        if request.method ~= "GET" and request.path ~= "/graphql" then
            lines[#lines + 1] = ("%s %s"):format(request.method, request.path)
            local has_body = request.body ~= json.null and request.body ~= ""
            bodies[#bodies + 1] = has_body and json.decode(request.body) or false
        end
    end
    stand_in.control({ forget = true })
    return lines, bodies
end

return M
