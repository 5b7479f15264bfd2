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
        "patch", "rewrite", "examples", "rank", "occurrence",
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
        for layer, path in ipairs(files_of.candidates(source, name)) do
            local ok, content = pcall(policy.read, path)
            parts[#parts + 1] = ("%s %d\n%d\n"):format(name, layer, ok and content and #content or -1)
            parts[#parts + 1] = ok and content or ""
        end
    end
    return table.concat(parts)
end

-- All files of all layers that sources were read from, each once, as they are called in `folder`.
local function paths_of(list, inputs, folder)
    local paths, seen = {}, {}
    for i, source in ipairs(list) do
        for _, name in ipairs(inputs[i]) do
            for _, path in ipairs(files_of.candidates(source, name)) do
                if not seen[path] then paths[#paths + 1] = path:sub(#folder + 1) end
                seen[path] = true
            end
        end
    end
    return paths
end

local shipped_folder, shipped_key = fs.join(uhost.share, "kb"), "shipped"

local function is_shipped(source)
    return source.folder == shipped_folder and source.shipped == shipped_folder and not source.is_user
end

-- What was asked for, so that a file that is added leaves the others as they are. Of the shipped files alone there is
-- one set, wherever one is and wherever they are: it may have been made where uhost was built.
local function cache_key(list, options)
    local parts, seen, all_shipped = { fs.cwd(), table.concat(options.paths or {}, "\t") }, {}, true
    if options.paths and options.readers then parts[2] = "readers\t" .. parts[2] end
    for _, source in ipairs(list) do
        all_shipped = all_shipped and is_shipped(source)
        local folders = source.folder .. "\t" .. source.shipped
        if not seen[folders] then parts[#parts + 1] = folders end
        seen[folders] = true
    end
    return all_shipped and not options.paths and shipped_key or table.concat(parts, "\n")
end

-- The folder that all files of a set are in, if that may be another one the next time.
local function folder_of(key) return key == shipped_key and shipped_folder .. "/" or "" end

-- Names are given once in a folder, but several folders may be named.
local function identity(source) return (is_shipped(source) and "" or source.folder) .. "\n" .. source.name end

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

-- Gives an item of a light file the fields that it lacks.
local function complete(item, kind, common, whole)
    setmetatable(item, nil)
    for field, value in pairs(common) do
        if item[field] == nil then item[field] = value end
    end
    for _, each in ipairs(whole.items) do
        if each.kind == kind and each.item.id == item.id then
            for field in pairs(is_later[kind]) do item[field] = each.item[field] end
            return
        end
    end
end

-- Gives the items of a light file their missing fields when one is asked for.
local function make_lazy(light, source, read_whole)
    local whole
    local lazy = {}
    for kind, later in pairs(is_later) do
        -- What all items of a file have in common is not written into each: there are many, and few are looked at.
        local common = { kind = kind, name = source.name, file = source.file, within = usual_within }
        lazy[kind] = { __index = function(item, field)
            if not later[field] then return common[field] end
            whole = whole or read_whole()
            complete(item, kind, common, whole)
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

-- Reads file `i` of a set. Each is read once: items are compared by identity.
local function file_reader(list, set)
    local files = {}
    return function(i)
        files[i] = files[i] or make_lazy(set:light(i), list[i], function() return set:content(i) end)
        return files[i]
    end
end

local function has_same_sources(list, set)
    for i, source in ipairs(list) do
        if content_of(source, set.head.inputs[i]) ~= set:sources(i) then return false end
    end
    return true
end

local function from_set(list, key, set, read_s)
    if not same_names(names_of(list), set.head.names) then return nil end
    if not set:is_settled() then
        if not has_same_sources(list, set) then return nil end
        cache.confirm(key, set, read_s)
    end
    local index = set.head.index
    index.patterns, index.read = set:patterns(), file_reader(list, set)
    return index
end

---@class kb.Index
---@field files { name: string, about?: string }[]
---@field problems kb.Problem[]
---@field patterns string  as the engine takes them
---@field owners string[]  of each pattern: the place of its file, the kind and the id of its item, and its role
---@field read fun(place: integer): kb.LoadedFile  one of the files

-- Of a base whose files were all read, all but the patterns.
local function index_of(base, owners, places)
    local index = { files = {}, problems = base.problems, owners = {} }
    for i, file in ipairs(base.files) do index.files[i] = { name = file.name, about = file.about } end
    for i, owner in ipairs(owners) do
        local item = owner.item
        index.owners[i] = table.concat({ places[item], item.kind, item.id, owner.role }, "\t")
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

--- The items of patterns: { item, role, place, functions } by the pattern's number.
---@param index kb.Index
---@param numbers table<integer, any>  patterns
---@return table<integer, { item: table, role?: string, place: integer, functions?: table }>
function M.owners(index, numbers)
    local owners = {}
    for number in pairs(numbers) do
        local place, kind, id, role = parts_of(index.owners[number])
        local each = item_of(index.read(place), kind, id)
        owners[number] = { item = each.item, role = role, place = place, functions = each.functions }
    end
    return owners
end

--- All files.
---@param index kb.Index
---@return kb.LoadedFile[]
function M.all_files(index)
    local files = {}
    for i in ipairs(index.files) do files[i] = index.read(i) end
    return files
end

-- Loading -------------------------------------------------------------------------------------------------------------

-- What is kept of a source, if all that it was read from is the same.
local function kept_file(source, set)
    local i = set:position(identity(source))
    if not i or content_of(source, set.head.inputs[i]) ~= set:sources(i) then return nil end
    local loaded = set:content(i)
    -- It may have been made in another place.
    for _, each in ipairs(is_shipped(source) and loaded.items or {}) do
        each.file, each.item.file = source.file, source.file
    end
    return loaded
end

local function write(list, files, key, read_s)
    local kept, inputs = {}, {}
    for i, source in ipairs(list) do
        -- What failed for the moment may not fail at the next start.
        if files[i].is_fleeting then return end
        inputs[i] = files[i].inputs
        kept[i] = {
            sources = content_of(source, inputs[i]), content = files[i], light = without_later(files[i], source.file),
        }
    end
    local base, patterns, owners, places = require("uhost.kb.base").with_patterns(list, files)
    local folder = folder_of(key)
    cache.write(key, folder, {
        names = names_of(list), inputs = inputs, paths = paths_of(list, inputs, folder), read_s = read_s,
        index = index_of(base, owners, places),
    }, patterns, kept)
end

--- Loads sources. `cached` of the result says that no file had to be read in a sandbox. In place of all files there may
--- be an index of them, which reads them when they are asked for.
---@param list kb.Source[]
---@param options { paths?: string[], cache?: boolean }
---@return kb.LoadedFile[]? files, boolean cached, kb.Index? index
function M.load(list, options)
    local key, read_s = cache_key(list, options), os.time()
    local use_cache = options.cache ~= false
    local set = use_cache and cache.open(key, folder_of(key))
    local index = set and from_set(list, key, set, read_s)
    if index then return nil, true, index end
    local fresh = 0
    local files = task.map(list, function(source)
        local kept = set and kept_file(source, set)
        if kept then return kept end
        fresh = fresh + 1
        return files_of.read(source)
    end, { concurrency = at_a_time })
    if use_cache then write(list, files, key, read_s) end
    return files, fresh == 0
end

return M
