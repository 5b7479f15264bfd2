-- Knowledge base files from the disk to checked data, each read in a sandbox of its own, or from the cache.
local cache = require("uhost.kb.cache")
local schema = require("uhost.kb.schema")
local sources = require("uhost.kb.sources")

local M = {}

local largest_bytes = 1024 * 1024
-- Loading is the sandbox's work; the machine has only so many processors.
local at_a_time = 4

---@class kb.LoadedFile
---@field name string
---@field about? string
---@field items { kind: string, position: integer, file: string, item: table, functions: table<string, string> }[]
---@field problems kb.Problem[]
---@field inputs { name: string, files: { path: string, content: string|false }[] }[]

---@class kb.Problem
---@field file string
---@field path string  "entries[3].match"; empty when the file as a whole is meant
---@field message string  continues path, or stands alone
---@field hint? string
---@field line? integer
---@field id? string  the item's

-- What is in the layers of a rule file; false where there is none.
local function read_layers(source, name)
    local files = {}
    for i, path in ipairs(sources.candidates(source, name)) do
        local ok, content = pcall(fs.read, path, { limit_bytes = largest_bytes })
        files[i] = { path = path, content = ok and content or false }
    end
    return files
end

local function are_same(inputs, source)
    for _, input in ipairs(inputs) do
        for i, file in ipairs(read_layers(source, input.name)) do
            local kept = input.files[i]
            if not kept or kept.path ~= file.path or kept.content ~= file.content then return false end
        end
    end
    return true
end

-- Everything that what was loaded depends on.
local function inputs_of(source, handle)
    local inputs, seen = { { name = source.name, files = read_layers(source, source.name) } }, { [source.name] = true }
    for _, file in ipairs(handle and handle:files() or {}) do
        local name = sources.name_of(source, file)
        if name and not seen[name] then
            seen[name] = true
            inputs[#inputs + 1] = { name = name, files = read_layers(source, name) }
        end
    end
    return inputs
end

local function functions_of_item(functions, kind, position)
    local own, prefix = nil, ("%s.%d."):format(kind, position)
    for path in pairs(functions) do
        if path:sub(1, #prefix) == prefix then
            own = own or {}
            own[path:sub(#prefix + 1)] = path
        end
    end
    return own
end

-- Which file each entry comes from: "entries#id" -> file.
local function files_of_items(handle)
    local files = {}
    for _, origin in ipairs(handle:explain()) do files[origin.key] = origin.file end
    return files
end

-- A file that only others need: it has none of what a knowledge base has, and nothing that was meant to be that.
local function is_helper(data)
    if data.about or next(data) == nil then return false end
    for _, problem in ipairs(schema.check(data)) do
        if not problem.message:find("^is not known") or (problem.hint or ""):find("^did you mean") then return false end
    end
    for _, kind in ipairs(schema.kinds) do
        if data[kind] then return false end
    end
    return true
end

local function take(source, handle)
    local data, functions, files = handle:data(), handle:functions(), files_of_items(handle)
    local loaded = {
        name = source.name, about = data.about, items = {}, problems = {}, inputs = inputs_of(source, handle),
    }
    if is_helper(data) then return loaded end
    local position_of = {}
    local problems = schema.check(data, functions, function(kind, item, position, wrong)
        local file = item.id and files[kind .. "#" .. tostring(item.id)] or files[kind] or source.file
        position_of[("%s[%d]"):format(kind, position)] = { file = file, id = item.id }
        if #wrong > 0 then return end
        loaded.items[#loaded.items + 1] = {
            kind = kind, position = position, file = file, item = item,
            functions = functions_of_item(functions, kind, position),
        }
    end)
    for i, problem in ipairs(problems) do
        local owner = position_of[problem.path:match("^[%w_]+%[%d+%]") or ""] or {}
        loaded.problems[i] = {
            file = owner.file or source.file, id = type(owner.id) == "string" and owner.id or nil, path = problem.path,
            message = problem.message, hint = problem.hint,
        }
    end
    return loaded
end

local function failed(source, raised)
    local details = raised.details or {}
    return {
        name = source.name, items = {}, inputs = inputs_of(source),
        problems = { {
            file = details.file or source.file, path = "", message = raised.message, hint = raised.hint,
            line = details.line,
        } },
        -- The next start may fare better.
        is_fleeting = raised.kind == "policy.worker" or raised.kind == "policy.timeout" or raised.kind == "policy.died",
    }
end

-- A file that does not load is told of like one with mistakes; that there is no sandbox at all is another matter.
local function load_in_sandbox(source)
    local handle
    local ok, result = pcall(function()
        handle = policy.load(source.name, { folder = source.folder, shipped = source.shipped, kb = true })
        return take(source, handle)
    end)
    if handle then handle:close() end
    if ok then return result end
    local known = uhost.is_error(result) and (result.kind:find("^policy%.") or result.kind:find("^f%l+%."))
    if not known or result.kind == "policy.worker" then error(result, 0) end
    return failed(source, result)
end

-- What was asked for, so that a file that is added leaves the others as they are.
local function cache_key(list, options)
    local parts, seen = { fs.cwd(), table.concat(options.paths or {}, "\t") }, {}
    for _, source in ipairs(list) do
        local folders = source.folder .. "\t" .. source.shipped
        if not seen[folders] then parts[#parts + 1] = folders end
        seen[folders] = true
    end
    return table.concat(parts, "\n")
end

local function identity(source) return source.folder .. "\n" .. source.name end

-- JSON has false for what is not there, and cannot tell an empty list from an empty table; both are fine here.
local function from_cache(list, key)
    local kept, fresh, found = cache.read(key), {}, 0
    for _, source in ipairs(list) do
        local one = kept and kept[identity(source)]
        if type(one) == "table" and type(one.inputs) == "table" and are_same(one.inputs, source) then
            fresh[identity(source)] = one
            found = found + 1
        end
    end
    return fresh, found
end

--- Loads sources. `cached` of the result says that no sandbox was started.
---@param list kb.Source[]
---@param options { paths?: string[], cache?: boolean }
---@return kb.LoadedFile[] files, boolean cached
function M.load(list, options)
    local key = cache_key(list, options)
    local known, found = {}, 0
    if options.cache ~= false then known, found = from_cache(list, key) end
    if found < #list then
        local missing = {}
        for _, source in ipairs(list) do
            if not known[identity(source)] then missing[#missing + 1] = source end
        end
        local loaded = task.map(missing, load_in_sandbox, { concurrency = at_a_time })
        local kept = {}
        for i, source in ipairs(missing) do known[identity(source)] = loaded[i] end
        for name, one in pairs(known) do
            if not one.is_fleeting then kept[name] = one end
        end
        if options.cache ~= false then cache.write(key, kept) end
    end
    local files = {}
    for i, source in ipairs(list) do files[i] = known[identity(source)] end
    return files, found == #list
end

return M
