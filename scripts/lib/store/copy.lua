-- `uhost store copy`, and what backup and restore do with it: stores go from one place to another, each as a whole.
local counted = require("lib.counted")
local stores = require("lib.stores")

local M = {}

local function is_same(a, b)
    if #a ~= #b then return false end
    local digests = {}
    for _, one in ipairs(a) do digests[one.name] = one.digest end
    for _, one in ipairs(b) do
        if digests[one.name] ~= one.digest then return false end
    end
    return true
end

local function with_open(place, name, options, body)
    local connection = place.open(name, options)
    return task.finally(function() return body(connection) end, function() connection:close() end)
end

local function tables_of(place, name)
    return with_open(place, name, { read_only = true }, function(connection)
        return connection:transaction(function() return connection:tables{ digests = true } end)
    end)
end

local function has(list, name)
    for _, each in ipairs(list) do
        if each == name then return true end
    end
    return false
end

-- What is to be done with each store: { name, tables, state = "new"|"same"|"other"|"kept" }.
local function compare(from, to, options)
    local list, there = {}, to.list()
    for i, name in ipairs(options.names) do
        local one = { name = name, tables = tables_of(from, name), state = "new" }
        if has(there, name) then
            local old = tables_of(to, name)
            one.state = #old == 0 and "new" or is_same(one.tables, old) and "same" or "other"
            -- A trail that has begun goes on; one that is not there yet is copied before it begins.
            local is_kept = name == "audit" and one.state == "other" and (to.is_ours or not options.force)
            if is_kept then one.state = "kept" end
        end
        list[i] = one
    end
    -- A trail grows while it is copied: elsewhere it comes last, so that a copy that was cut off can go on.
    table.sort(list, function(a, b)
        if (a.name == "audit") ~= (b.name == "audit") then return (a.name == "audit") == to.is_ours end
        return a.name < b.name
    end)
    return list
end

local function refuse_others(list, to)
    local others = {}
    for _, one in ipairs(list) do
        if one.state == "other" then others[#others + 1] = one.name end
    end
    if #others == 0 then return end
    uhost.fail("usage", ("%s already has other data in: %s"):format(to.name, table.concat(others, ", ")),
        { hint = "--force replaces what is in them" })
end

-- Logs ----------------------------------------------------------------------------------------------------------------

-- Logs are rewritten while they are copied only when somebody prunes them.
local max_attempts = 3

local function missing_segment(to)
    return with_open(to, "logs", { read_only = true }, function(connection)
        for row in connection:each("SELECT DISTINCT segment FROM log_jobs") do
            local path = fs.join(to.folder, "logs", ("%08d.segment"):format(row.segment))
            if not fs.exists(path) then return path end
        end
    end)
end

-- The lines are in files: they are copied after the store, which refers to those that are there by then.
local function copy_logs(from, to)
    local source, target = fs.join(from.folder, "logs"), fs.join(to.folder, "logs")
    if from.folder == to.folder or not fs.exists(source) then return end
    local fresh, old = target .. ".new", target .. ".old"
    fs.remove(fresh, { recursive = true })
    fs.copy(source, fresh, { recursive = true })
    if fs.exists(target) then fs.rename(target, old) end
    fs.rename(fresh, target)
    fs.remove(old, { recursive = true })
end

-- Copying -------------------------------------------------------------------------------------------------------------

local function copy_one(from, to, name)
    return with_open(from, name, { read_only = true }, function(source)
        return with_open(to, name, nil, function(target) return target:copy_from(source) end)
    end)
end

--- Copies a store. What it replaces is there until all of it has arrived.
---@param from stores.Place
---@param to stores.Place
---@param name string
---@return db.Table[]
function M.copy(from, to, name)
    for attempt = 1, max_attempts do
        local tables = copy_one(from, to, name)
        if name ~= "logs" then return tables end
        copy_logs(from, to)
        local missing = missing_segment(to)
        if not missing then return tables end
        if attempt == max_attempts then
            log.warn(("lines of the logs are missing: %s; uhost logs verify says which"):format(missing))
            return tables
        end
    end
end

-- What is not copied.
local outcomes = { same = "was there already", kept = "another trail goes on there" }

--- Copies stores, those that differ only with `options.force`, and those that are the same not at all.
---@param from stores.Place
---@param to stores.Place
---@param options { names: string[], force: boolean? }
---@return { place: string, stores: table[] }
function M.transfer(from, to, options)
    local list = compare(from, to, options)
    if not options.force then refuse_others(list, to) end
    to.prepare()
    for _, one in ipairs(list) do
        one.outcome = outcomes[one.state] or uhost.dry_run and "would be copied" or "copied"
        if not outcomes[one.state] then
            plan.perform({
                kind = "store.copy", target = ("%s in %s"):format(one.name, to.name),
                summary = ("%s %s from %s"):format(one.state == "new" and "copy" or "replace",
                    counted(#one.tables, "table"), from.name),
                audited = one.name ~= "audit" or not to.is_ours,
                apply = function() one.tables = M.copy(from, to, one.name) end,
            })
        end
        one.size_bytes = to.size(one.name)
    end
    return { place = to.name, stores = list }
end

--- `uhost store copy`.
---@param options table
function M.run(options)
    local from, to = stores.at(options.from), stores.at(options.to)
    if from.name == to.name then
        uhost.fail("usage", ("a store cannot be copied to where it is: %s"):format(to.name),
            { hint = "give another place with --from or --to" })
    end
    return M.transfer(from, to, { names = stores.names(from, options.names), force = options.force })
end

return M
