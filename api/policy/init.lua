-- Loads policies and asks them. Their code runs in a sandbox of its own, from which only plain data comes back; see
-- host/sandbox.
local native = ...

local M = {}

local Policy = {}
Policy.__index = Policy
Policy.__metatable = "policy.Policy"
function Policy:__tostring() return ("policy.Policy (%s, %s)"):format(self.name, self.path) end

-- There is no such function: says which there are.
local function check_function(policy, name)
    if type(name) == "string" and policy.functions[name] then return end
    local known = {}
    for each in pairs(policy.functions) do known[#known + 1] = each end
    table.sort(known)
    uhost.fail("policy.no_function", ("%s has no function '%s'"):format(policy.path, tostring(name)), {
        hint = #known > 0 and "it has: " .. table.concat(known, ", ") or "it has no functions at all",
        details = { policy = policy.name, file = policy.path, ["function"] = tostring(name) },
    })
end

function Policy:call(name, ...)
    check_function(self, name)
    return (self.rules:call(name, ...))
end

function Policy:map(name, argument_lists)
    check_function(self, name)
    return self.rules:map(name, argument_lists)
end

local function copy(value)
    if type(value) ~= "table" then return value end
    local copied = {}
    for key, item in pairs(value) do copied[key] = copy(item) end
    return copied
end

function Policy:data() return copy(self.plain_fields) end

function Policy:explain(name, ...)
    check_function(self, name)
    local value, why, line = self.rules:call(name, ...)
    return {
        policy = self.name,
        file = self.path,
        users_own = self.users_own,
        ["function"] = name,
        line = line,
        value = value,
        why = why,
    }
end

function M.load(name, options)
    local opened = native.open(name, options)
    local data, functions = opened.rules:load()
    return setmetatable({
        name = name, path = opened.path, users_own = opened.users_own, rules = opened.rules,
        functions = functions, plain_fields = data,
    }, Policy)
end

M.sandbox = native.sandbox

return M
