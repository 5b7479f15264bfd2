-- Lists of entries with ids, `disable`, and examples: what every rule file may have, whatever its kind.
local places = require("lib.check.places")

local M = {}

local function is_list(value) return type(value) == "table" and #value > 0 end

-- Calls `visit(path, list)` for every list of tables in the data.
local function each_list(value, path, visit)
    if type(value) ~= "table" then return end
    if is_list(value) and type(value[1]) == "table" then visit(path, value) end
    for key, item in pairs(value) do
        if path ~= "" or key ~= "examples" then each_list(item, places.inner(path, key), visit) end
    end
end

--- Calls `visit(path, list)` for every list of tables in what a file returns, but for its examples.
---@param file check.RuleFile
---@param visit fun(path: string, list: table[])
function M.each(file, visit) each_list(file.data, "", visit) end

local function check_ids(file)
    M.each(file, function(path, list)
        local first = {}
        for i, entry in ipairs(list) do
            local id = type(entry) == "table" and entry.id
            if id and first[id] then
                local other = file:place_of(("%s[%d].id"):format(path, first[id]))
                file:report(file:place_of(("%s[%d].id"):format(path, i), "value"), "duplicate-id",
                    ("the id '%s' is taken by the entry in line %d"):format(tostring(id), other.line),
                    "entries are overridden and disabled by their id, so each needs its own")
            elseif id then
                first[id] = i
            end
        end
    end)
end

local function ids_in(data)
    local ids, list = {}, {}
    local function take(entries)
        for _, entry in ipairs(entries) do
            local id = type(entry) == "table" and entry.id
            if id and not ids[id] then
                ids[id] = true
                list[#list + 1] = tostring(id)
            end
        end
    end
    each_list(data, "", function(_, entries) take(entries) end)
    table.sort(list)
    return ids, list
end

local function check_disable(file, below)
    local disable = file.data.disable
    if disable == nil then return end
    local hint = 'disable = { "id", … } takes entries out of the shipped file of the same name'
    if type(disable) ~= "table" or (next(disable) ~= nil and #disable == 0) then
        return file:report(file:place_of("disable"), "disable", "'disable' is not a list of ids", hint)
    end
    local known, names = ids_in(below and below.data or {})
    for i, id in ipairs(disable) do
        local place = file:place_of(("disable[%d]"):format(i), "value")
        if type(id) ~= "string" then
            file:report(place, "disable", ("'disable[%d]' is a %s, expected an id"):format(i, type(id)), hint)
        elseif file.kb then
            break -- a knowledge base takes out what any shipped file has; see lib.check.kb
        elseif not below then
            file:report(place, "disable", ("nothing can be disabled here: no '%s' is shipped"):format(file.name), hint)
        elseif not known[id] then
            local meant = uhost.suggest(id, names)
            file:report(place, "disable", ("no entry below has the id '%s'"):format(id), meant or hint)
        end
    end
end

--- Ids that are given twice, and disabled ones that there are not.
---@param file check.RuleFile
---@param below? { data: table, functions: table }
function M.check(file, below)
    check_ids(file)
    check_disable(file, below)
end

return M
