-- Sets of characters as `re.parse` gives them: `true` at the codes 0 to 127 that are in it; `beyond` says of all others
-- together: nil none, "some", "all". `inexact` says that the set may hold more than the pattern's does.
local M = {}

---@alias regex.Charset re.CharacterSet

---@return regex.Charset
function M.everything()
    local set = { beyond = "all" }
    for code = 0, 127 do set[code] = true end
    return set
end

--- A set that nothing certain is known of.
---@return regex.Charset
function M.unknown()
    local set = M.everything()
    set.beyond, set.inexact = "some", true
    return set
end

-- What an escape stands for.
local function set_of(escape) return re.parse(escape).items[1].set end

M.newline, M.words = set_of("\\n"), set_of("\\w")

return M
