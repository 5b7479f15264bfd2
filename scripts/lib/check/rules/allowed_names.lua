-- Which names rules may use: asked inside the sandbox.
local M = {}

--- Why a rule cannot use a name; nil if it can. `field` is one of the name's, or nil.
function M.refusal(name, field)
    local ok, value = pcall(function() return _G[name] end)
    if not ok then return (value:gsub("^.-:%d+: ", "")) end
    if field and type(value) == "table" and value ~= _G and rawget(value, field) == nil then
        return ("a rule has no '%s.%s'"):format(name, field)
    end
    return nil
end

M.examples = {
    { call = "refusal", with = { "ipairs" }, gives = nil },
    { call = "refusal", with = { "string", "format" }, gives = nil },
    { call = "refusal", with = { "string", "dump" }, gives = "a rule has no 'string.dump'" },
}

return M
