-- The arguments of `uhost policy try`: JSON, given or in a file.
local M = {}

local largest_bytes = 16 * 1024 * 1024

local function read_text(given)
    local path = given:match("^@(.+)$")
    if not path then return given end
    local text = fs.read(path, { limit_bytes = largest_bytes })
    if not text then
        uhost.fail("usage", ("there is no file '%s'"):format(path), { hint = "@FILE names a file with JSON" })
    end
    return text
end

-- Rules know nil, which takes no place in a list.
local function plain(value)
    if type(value) ~= "table" then return value end
    local copied = {}
    for key, item in pairs(value) do
        if item == json.null then
            if type(key) == "number" then
                uhost.fail("usage", "a list inside the arguments has null in it, which rules have no value for",
                    { hint = "leave it out, or use false" })
            end
        else
            copied[key] = plain(item)
        end
    end
    return copied
end

--- The arguments, as a list with its length in `n`.
---@param given? string
---@return table
function M.read(given)
    if not given then return { n = 0 } end
    local ok, value = pcall(json.decode, read_text(given))
    if not ok then
        if not uhost.is_error(value) or not value.kind:find("^json%.") then error(value, 0) end
        uhost.fail("usage", "the arguments are not JSON: " .. value.message, {
            hint = [[quote texts twice: '["a", 1]' for two arguments, '"a"' for one; or name a file: @arguments.json]],
        })
    end
    local list = json.is_array(value) and value or { value }
    local arguments = { n = #list }
    for i = 1, #list do
        if list[i] ~= json.null then arguments[i] = plain(list[i]) end
    end
    return arguments
end

return M
