-- What calls that list give: to iterate over, or to take whole. Nothing is asked for before the first item is wanted.
-- `cut` becomes true when GitHub gives no more of a longer list.
local List, new_list = uhost.class("github.List", {
    optional = { "cut" },
    call = function(self) return self.following() end,
})

function List:all()
    local list = json.array()
    for item in self.following do list[#list + 1] = item end
    return list
end

local M = {}

-- The list, with a warning and `list.cut` when it reaches the `most` items that GitHub gives of `what`.
function M.limited(list, most, what)
    local following, count = list.following, 0
    function list.following()
        local item = following()
        if item == nil then return nil end
        count = count + 1
        if count == most then
            list.cut = true
            log.warn(("GitHub gives at most %d %s; there may be more"):format(most, what))
        end
        return item
    end
    return list
end

-- The items of the iterator `following`, each turned by `convert`; those for which `keep` is false are passed over.
function M.of(following, convert, keep)
    local function converted()
        local item = following()
        while item ~= nil and keep and not keep(item) do item = following() end
        if item == nil then return nil end
        return convert(item)
    end
    return new_list({ following = converted })
end

return M
