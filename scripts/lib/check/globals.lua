-- Names that nobody defines, and globals that are assigned. What the sandbox lends is asked of the sandbox.
local names = require("lib.check.names")

local M = {}

--- Someone who knows what rules are lent.
---@return fun(name: string, field?: string): string?
function M.lender()
    local handle = policy.load("lent", { folder = fs.join(uhost.share, "scripts/lib/check/rules") })
    local known = {}
    return function(name, field)
        local key = field and name .. "." .. field or name
        if known[key] == nil then known[key] = handle:call("refusal", name, field) or false end
        return known[key] or nil
    end
end

-- "a rule has no 'print': return a reason …" is a message and a hint.
local function message_and_hint(refusal)
    local message, hint = refusal:match("^(.-): (.+)$")
    if message then return message, hint end
    message, hint = refusal:match("^(.-); (.+)$")
    return message or refusal, hint
end

--- Reports each such name once, where it is used first.
---@param file check.RuleFile
---@param refusal fun(name: string, field?: string): string?
function M.check(file, refusal)
    local seen, order = {}, {}
    local function note(node, rule, key, why)
        local entry = seen[rule .. key]
        if not entry then
            entry = { node = node, rule = rule, why = why, count = 0 }
            seen[rule .. key] = entry
            order[#order + 1] = entry
        end
        entry.count = entry.count + 1
    end
    names.read(file.source.tree, function(node, field)
        local why = refusal(node[1], field and field[1])
        if why then note(field and not refusal(node[1]) and field or node, "undefined-name", node[1], why) end
    end, function(node)
        note(node, "global", node[1],
            ("'%s' is assigned as a global; write `local %s`"):format(node[1], node[1]))
    end)
    for _, entry in ipairs(order) do
        local message, hint = message_and_hint(entry.why)
        if entry.count > 1 then message = ("%s (%d times)"):format(message, entry.count) end
        file:report(file.source:place(entry.node), entry.rule, message, hint)
    end
end

return M
