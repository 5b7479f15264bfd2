-- Policies and knowledge bases by the names that people give them.
local M = {}

--- "kb/languages/rust" is the knowledge base `languages/rust`; other names are policies.
---@param name string
---@return string name, { kb?: boolean } options
function M.parse(name)
    local inner = name:gsub("%.lua$", ""):match("^kb/(.+)$")
    if inner then return inner, { kb = true } end
    return (name:gsub("%.lua$", ""):gsub("^policies/", "")), {}
end

---@param name string
---@return policy.Policy
function M.load(name)
    local policy_name, options = M.parse(name)
    return policy.load(policy_name, options)
end

--- Whether a rule file is the user's own.
---@param handle policy.Policy
---@return table<string, boolean> users_own  by file
function M.users_files(handle)
    local users = {}
    for _, each in ipairs(handle:explain()) do users[each.file] = users[each.file] or each.users_own end
    return users
end

return M
