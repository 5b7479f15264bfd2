-- What calls that list give: to iterate over, or to take whole. Nothing is asked for before the first item is wanted.
local List = {}
List.__index = List

function List:__call()
    return self.following()
end

function List:all()
    local list = json.array()
    for item in self.following do list[#list + 1] = item end
    return list
end

local M = {}

-- The items of the iterator `following`, each turned by `convert`; those for which `keep` is false are passed over.
function M.of(following, convert, keep)
    local function converted()
        local item = following()
        while item ~= nil and keep and not keep(item) do item = following() end
        if item == nil then return nil end
        return convert(item)
    end
    return setmetatable({ following = converted }, List)
end

return M
