-- Types that users add in files of their own, such as channels and sinks: policies/channels/NAME.lua.
local M = {}

--- The policy of a type. Raises `policy.KIND` where there is none.
---@param kind string  "channel": its files are in the folder "channels" of the policies
---@param name string
---@param folder string  another folder; "" where none is set
---@param known string[]  the types that there are besides
---@return policy.Policy
function M.load(kind, name, folder, known)
    local policies = folder == "" and policy.folder()
    if policies then folder = fs.join(policies, kind .. "s") end
    if folder == "" or not name:find("^[%l%d_]+$") or not fs.exists(fs.join(folder, name .. ".lua")) then
        uhost.fail("policy." .. kind, ("there is no type of %s '%s'"):format(kind, name:sub(1, 100)),
            { hint = uhost.suggest(name, known) })
    end
    return policy.load(name, { folder = folder })
end

return M
