-- Whether something may be sent to a host, by a list of hosts.
local M = {}

local function is_host(host, allowed)
    local suffix = allowed:match("^%*(%..+)$")
    if suffix then return #host > #suffix and host:sub(-#suffix) == suffix end
    return host == allowed:lower()
end

--- Whether a host is one of a list; "*.example.org" is any host below it.
---@param host string  in lower case
---@param hosts string[]
---@param more? string  others, separated by commas or blanks, as a setting has them
---@return boolean
function M.has(host, hosts, more)
    for _, allowed in ipairs(hosts) do
        if is_host(host, allowed) then return true end
    end
    for allowed in (more or ""):gmatch("[^,%s]+") do
        if is_host(host, allowed) then return true end
    end
    return false
end

return M
