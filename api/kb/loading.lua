-- Knowledge base files from the disk to checked data: from the cache, or each in a sandbox of its own.
local cache = require("uhost.kb.cache")
local files_of = require("uhost.kb.files")

local M = {}

-- Loading is the sandbox's work; the machine has only so many processors.
local at_a_time = 4

-- What an entry says when something was found; of readers, what only tests ask for.
local later_fields = {
    entries = {
        "title", "class", "severity", "priority", "cause", "fix", "commands", "docs", "fixed_in", "owner", "tags",
        "patch", "examples", "rank", "occurrence",
    },
    test_readers = { "examples" }, diagnostic_readers = { "examples", "gives" }, signals = { "examples" },
}
local is_later = {}
for kind, fields in pairs(later_fields) do
    is_later[kind] = {}
    for _, field in ipairs(fields) do is_later[kind][field] = true end
end

-- The content of rule files ----------------------------------------------------------------------------------------

-- What is in the layers of the rule files of these names. A file that is not there counts too: it could appear.
local function content_of(source, names)
    local parts = {}
    for _, name in ipairs(names) do
        for _, path in ipairs(files_of.candidates(source, name)) do
            local ok, content = pcall(policy.read, path)
            parts[#parts + 1] = ("%s\n%d\n"):format(path, ok and content and #content or -1)
            parts[#parts + 1] = ok and content or ""
        end
    end
    return table.concat(parts)
end

local function stamp_of(path)
    local ok, status = pcall(fs.stat, path)
    if not ok or not status then return path .. "\n-\n" end
    return ("%s\n%d %s\n"):format(path, status.size_bytes, status.modified)
end

local function stamps_of(source, names)
    local parts = {}
    for _, name in ipairs(names) do
        for _, path in ipairs(files_of.candidates(source, name)) do parts[#parts + 1] = stamp_of(path) end
    end
    return table.concat(parts)
end

-- What was asked for, so that a file that is added leaves the others as they are.
local function cache_key(list, options)
    local parts, seen = { fs.cwd(), table.concat(options.paths or {}, "\t") }, {}
    if options.paths and options.readers then parts[2] = "readers\t" .. parts[2] end
    for _, source in ipairs(list) do
        local folders = source.folder .. "\t" .. source.shipped
        if not seen[folders] then parts[#parts + 1] = folders end
        seen[folders] = true
    end
    return table.concat(parts, "\n")
end

-- Names are given once in a folder, but several folders may be named.
local function identity(source) return source.folder .. "\n" .. source.name end

-- The index -----------------------------------------------------------------------------------------------------------
--
-- A knowledge base as its patterns and whose each is: all that looking through a log needs. What else is known of an
-- item is read when it was found, and all items when somebody asks for them.

-- Most have it, so it is left out.
local usual_within = 20

local function without_later(loaded, file)
    local light = {
        name = loaded.name, about = loaded.about, items = {}, problems = loaded.problems, disable = loaded.disable,
    }
    for i, each in ipairs(loaded.items) do
        local item = {}
        for field, value in pairs(each.item) do
            local is_default = field == "within" and value == usual_within
            if not is_later[each.kind][field] and not is_default then item[field] = value end
        end
        light.items[i] = {
            kind = each.kind, position = each.position, functions = each.functions, item = item,
            file = each.file ~= file and each.file or nil,
        }
    end
    return light
end

-- Of the files as the cache holds them: the whole of one again, from there or from the sandbox.
local function whole_file(source, key, number)
    local kept = cache.file(key, identity(source), number)
    return kept and kept.content or files_of.read(source)
end

local function complete(item, kind, common, read_whole)
    -- Reading waits, and meanwhile another task may ask for the same item.
    local items = read_whole().items
    setmetatable(item, nil)
    for field, value in pairs(common) do
        if item[field] == nil then item[field] = value end
    end
    for _, each in ipairs(items) do
        if each.kind == kind and each.item.id == item.id then
            for field in pairs(is_later[kind]) do item[field] = each.item[field] end
            return
        end
    end
    -- It was edited away meanwhile: what there is has to do.
    item.examples = {}
    if kind ~= "entries" then return end
    item.title, item.class, item.severity, item.priority = item.id, "code bug", "error", 50
    item.cause, item.fix = "", ""
end

-- Gives the items of a light file their missing fields when one is asked for.
local function make_lazy(light, source, key, number)
    local whole
    local function read_whole()
        whole = whole or whole_file(source, key, number)
        return whole
    end
    local lazy = {}
    for kind, later in pairs(is_later) do
        -- What all items of a file have in common is not written into each: there are many, and few are looked at.
        local common = { kind = kind, name = source.name, file = source.file, within = usual_within }
        lazy[kind] = { __index = function(item, field)
            if not later[field] then return common[field] end
            complete(item, kind, common, read_whole)
            return rawget(item, field)
        end }
    end
    for _, each in ipairs(light.items) do
        each.item.file = each.file
        setmetatable(each.item, lazy[each.kind])
    end
    return light
end

local function names_of(list)
    local names = {}
    for i, source in ipairs(list) do names[i] = identity(source) end
    return names
end

local function same_names(names, others)
    if #names ~= #others then return false end
    for i, name in ipairs(names) do
        if name ~= others[i] then return false end
    end
    return true
end

-- What is in some files of a list, by their places in it. Each is read once: items are compared by identity.
local function file_reader(list, key, index)
    local files = {}
    return function(places)
        local numbers = {}
        for _, i in ipairs(places) do
            if not files[i] then numbers[#numbers + 1] = index.numbers[i] end
        end
        local lights = #numbers > 0 and cache.light(numbers) or {}
        for _, i in ipairs(places) do
            local number = index.numbers[i]
            -- Reading waits, and meanwhile another task may have read it too.
            if not files[i] then
                local light = lights[number]
                    or without_later(files_of.read(list[i]), list[i].file)
                files[i] = files[i] or make_lazy(light, list[i], key, number)
            end
        end
        return files
    end
end

local function from_index(list, key)
    local names = names_of(list)
    local function all(of)
        return function(inputs)
            local parts = {}
            for i, source in ipairs(list) do parts[i] = of(source, inputs[names[i]] or { source.name }) end
            return table.concat(parts)
        end
    end
    local index = cache.index(key, { stamps = all(stamps_of), sources = all(content_of) })
    if not index or not same_names(names, index.names) then return nil end
    index.read = file_reader(list, key, index)
    return index
end

---@class kb.Index
---@field names string[]  names that distinguish the files
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
function M.index_of(base, patterns, owners, places)
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
function M.all_files(index)
    local places = {}
    for i in ipairs(index.files) do places[i] = i end
    return index.read(places)
end

-- Loading -------------------------------------------------------------------------------------------------------------

local function kept_file(source, key)
    local kept = cache.file(key, identity(source))
    if not kept or kept.sources ~= content_of(source, kept.content.inputs) then return nil end
    return kept.content, kept.number
end

local function write(list, files, numbers, key, read)
    local kept = {}
    for i, source in ipairs(list) do
        -- What failed for the moment may not fail at the next start.
        if files[i].is_fleeting then return end
        kept[i] = {
            name = identity(source), sources = content_of(source, files[i].inputs), content = files[i],
            light = without_later(files[i], source.file), number = numbers[i],
        }
    end
    cache.write(key, read, kept, function(number_of)
        local index = require("uhost.kb.base").index(list, files)
        local inputs, parts, stamps = {}, {}, {}
        index.names, index.numbers = names_of(list), {}
        for i, source in ipairs(list) do
            local name = index.names[i]
            index.numbers[i] = number_of[name]
            inputs[name], parts[i] = files[i].inputs, kept[i].sources
            stamps[i] = stamps_of(source, files[i].inputs)
        end
        return index, inputs, table.concat(parts), table.concat(stamps)
    end)
end

--- Loads sources. `cached` of the result says that no file had to be read in a sandbox. In place of all files there may
--- be an index of them, which reads them when they are asked for.
---@param list kb.Source[]
---@param options { paths?: string[], cache?: boolean }
---@return kb.LoadedFile[]? files, boolean cached, kb.Index? index
function M.load(list, options)
    local key = cache_key(list, options)
    local use_cache = options.cache ~= false
    local indexed = use_cache and from_index(list, key)
    if indexed then return nil, true, indexed end
    local numbers, fresh, read = {}, 0, time.iso(os.time())
    local positions = {}
    for i in ipairs(list) do positions[i] = i end
    local files = task.map(positions, function(i)
        local kept
        if use_cache then kept, numbers[i] = kept_file(list[i], key) end
        if kept then return kept end
        fresh = fresh + 1
        return files_of.read(list[i])
    end, { concurrency = at_a_time })
    if use_cache then write(list, files, numbers, key, read) end
    return files, fresh == 0
end

return M
