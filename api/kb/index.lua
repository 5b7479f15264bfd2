-- A knowledge base as its patterns and whose each is: all that looking through a log needs. What else is known of an
-- item is read when it was found, and all items when somebody asks for them.
local M = {}

-- The engine's own.
local usual_within = 20

---@class kb.Index
---@field names string[]  what tells the files from each other
---@field numbers integer[]  theirs in the cache
---@field files { name: string, about?: string }[]
---@field problems kb.Problem[]
---@field patterns table[]  as the engine takes them
---@field owners string[]  of each pattern: the place of its file, the kind and the id of its item, and its role
---@field read fun(places: integer[]): table<integer, kb.LoadedFile>

--- What is kept of a base whose files were all read.
---@param base kb.Base
---@param patterns table[]
---@param owners { item: table, role?: string }[]
---@param places table<table, integer>  the place of each item's file
---@return table
function M.of(base, patterns, owners, places)
    local index = { files = {}, problems = base.problems, patterns = {}, owners = {} }
    for i, file in ipairs(base.files) do index.files[i] = { name = file.name, about = file.about } end
    for i, pattern in ipairs(patterns) do
        local within = pattern.within
        index.patterns[i] = {
            match = pattern.match, unless = pattern.unless, flags = pattern.flags, keep = pattern.keep,
            within = within ~= usual_within and within or nil,
        }
        local item = owners[i].item
        index.owners[i] = table.concat({ places[item], item.kind, item.id, owners[i].role }, "\t")
    end
    return index
end

local function parts_of(owner)
    local place, kind, id, role = owner:match("^(%d+)\t([^\t]*)\t([^\t]*)\t?(.*)$")
    return tonumber(place), kind, id, role ~= "" and role or nil
end

local function item_of(file, kind, id)
    for _, each in ipairs(file.items) do
        if each.kind == kind and each.item.id == id then return each end
    end
end

--- Reads the items of patterns: { item, role, place, functions } by the pattern's number. One that was edited away
--- meanwhile is not in it.
---@param index kb.Index
---@param numbers table<integer, any>  patterns
---@return table<integer, { item: table, role?: string, place: integer, functions?: table }>
function M.owners(index, numbers)
    local places, seen, owners = {}, {}, {}
    for number in pairs(numbers) do
        local place = parts_of(index.owners[number])
        if not seen[place] then places[#places + 1] = place end
        seen[place] = true
    end
    if #places == 0 then return owners end
    local files = index.read(places)
    for number in pairs(numbers) do
        local place, kind, id, role = parts_of(index.owners[number])
        local each = item_of(files[place], kind, id)
        if each then owners[number] = { item = each.item, role = role, place = place, functions = each.functions } end
    end
    return owners
end

--- All files.
---@param index kb.Index
---@return kb.LoadedFile[]
function M.all(index)
    local places = {}
    for i in ipairs(index.files) do places[i] = i end
    return index.read(places)
end

return M
