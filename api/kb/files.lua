-- Knowledge base files: which there are, in which layers; and reading one of them in a sandbox, with checks of what it
-- holds.
local M = {}

-- Loaded when a file is read, which few starts do.
local function schema() return require("uhost.kb.schema") end

-- Which there are -----------------------------------------------------------------------------------------------------

---@class kb.Source
---@field name string  as `policy.load` takes it: "languages/rust"
---@field folder string  the user's own
---@field shipped string  what lies below it
---@field file string  of the highest layer
---@field is_user boolean
---@field readers_only? boolean  its entries are left out

local function bad_path(path, message, hint)
    uhost.fail("usage", ("'%s' %s"):format(path, message), { hint = hint })
end

local function add_folder(list, folder, shipped)
    local by_name, paths = {}, policy.paths({ folder = folder, shipped = shipped, kb = true })
    local has_own = false
    for _, found in ipairs(paths) do has_own = has_own or found.is_user end
    -- Without files of the user's own, there is one layer; both folders may also be the same.
    if not has_own then folder = shipped end
    for _, found in ipairs(paths) do
        if not by_name[found.name] then
            by_name[found.name] = true
            list[#list + 1] = {
                name = found.name, folder = folder, shipped = shipped, file = found.file, is_user = found.is_user,
            }
        end
    end
end

-- A file's folder and its name in it. The name counts from the folder called kb, if the file is in one.
local function split(path)
    local folder, name = path:match("^(.*%f[^/%z]kb)/([%l%d_/]+)%.lua$")
    if folder then return folder, name end
    return fs.dirname(path), fs.basename(path):match("^([%l%d_]+)%.lua$")
end

local function add_file(list, path)
    local root, name = split(path)
    if not name then
        bad_path(path, "is not a name that a knowledge base can have",
            "knowledge bases are named in lower-case letters, digits and '_', and end in .lua")
    end
    list[#list + 1] = { name = name, folder = root, shipped = root, file = path, is_user = true }
end

local function add_named(list, path)
    local status = fs.stat(path)
    if not status then bad_path(path, "is not there", "name a knowledge base file, or a folder of them") end
    if status.type ~= "directory" then return add_file(list, path) end
    local before = #list
    add_folder(list, path, path)
    if #list == before then bad_path(path, "holds no knowledge base (*.lua)", "name a folder of knowledge bases") end
end

local function usual(options)
    local list = {}
    local folder = options.folder or policy.folder({ kb = true }) or "kb"
    add_folder(list, folder, options.shipped or fs.join(uhost.share, "kb"))
    table.sort(list, function(a, b) return a.name < b.name end)
    return list
end

--- The knowledge bases to load, by name: of the files and folders named, or those shipped and the user's own over them;
--- with `readers`, of the latter also what is no entry.
---@param options { paths?: string[], folder?: string, shipped?: string, readers?: boolean }
---@return kb.Source[]
function M.find(options)
    local list, unique, seen = options.paths and {} or usual(options), {}, {}
    for _, path in ipairs(options.paths or {}) do add_named(list, path) end
    for _, source in ipairs(options.paths and options.readers and usual(options) or {}) do
        source.readers_only = true
        list[#list + 1] = source
    end
    for _, source in ipairs(list) do
        local key = fs.absolute(source.folder) .. "\n" .. source.name
        if not seen[key] then unique[#unique + 1] = source end
        seen[key] = true
    end
    return unique
end

--- Where a rule file of this name would be found for a source: its layers.
---@param source kb.Source
---@param name string
---@return string[]
function M.candidates(source, name)
    local shipped = fs.join(source.shipped, name .. ".lua")
    local has_one = source.folder == source.shipped or fs.absolute(source.folder) == fs.absolute(source.shipped)
    if has_one then return { shipped } end
    return { shipped, fs.join(source.folder, name .. ".lua") }
end

--- The name of a rule file that a source requires; nil for one outside of its folders.
---@param source kb.Source
---@param file string
---@return string?
function M.name_of(source, file)
    file = fs.absolute(file)
    for _, folder in ipairs({ source.folder, source.shipped }) do
        local prefix = fs.absolute(folder) .. "/"
        if file:sub(1, #prefix) == prefix then return (file:sub(#prefix + 1):gsub("%.lua$", "")) end
    end
end

-- Reading one ---------------------------------------------------------------------------------------------------------

---@class kb.LoadedFile
---@field name string
---@field about? string
---@field items { kind: string, position: integer, file: string, item: table, functions: table<string, integer> }[]
---@field problems kb.Problem[]
---@field inputs string[]  names of the rule files that it depends on: its own, and those it requires
---@field is_fleeting? boolean  it failed for now, and may not fail again

---@class kb.Problem
---@field file string
---@field path string  "entries[3].match"; empty when the file as a whole is meant
---@field message string  continues path, or stands alone
---@field hint? string
---@field line? integer
---@field id? string  the item's

-- Everything that what was loaded depends on.
local function inputs_of(source, handle)
    local inputs, seen = { source.name }, { [source.name] = true }
    for _, file in ipairs(handle and handle:files() or {}) do
        local name = M.name_of(source, file)
        if name and not seen[name] then
            seen[name] = true
            inputs[#inputs + 1] = name
        end
    end
    return inputs
end

-- Which file each entry comes from: "entries#id" -> file.
local function files_of_items(handle)
    local files = {}
    for _, origin in ipairs(handle:explain()) do files[origin.key] = origin.file end
    return files
end

-- A file that only others need: it has none of what a knowledge base has, and nothing that was meant to be that.
local function is_part(data)
    if data.about or #data > 0 or next(data) == nil then return false end
    for _, problem in ipairs(schema().check(data)) do
        if problem.code ~= "unknown" or problem.meant then return false end
    end
    for _, kind in ipairs(schema().kinds) do
        if data[kind] then return false end
    end
    return true
end

-- Ids that a file of the user's takes out of shipped files. Where a shipped file has its name, that was done already.
local function disabled(source, data)
    if not source.is_user or type(data.disable) ~= "table" then return nil end
    local ids = {}
    for _, id in ipairs(data.disable) do ids[#ids + 1] = type(id) == "string" and id or nil end
    return ids
end

local function take(source, handle)
    local data, functions, files = handle:data(), handle:functions(), files_of_items(handle)
    local loaded = {
        name = source.name, about = data.about, items = {}, problems = {}, inputs = inputs_of(source, handle),
        disable = disabled(source, data),
    }
    if is_part(data) then return loaded end
    local position_of = {}
    local problems = schema().check(data, functions, function(kind, item, position, wrong, own)
        local file = item.id and files[kind .. "#" .. tostring(item.id)] or files[kind] or source.file
        position_of[("%s[%d]"):format(kind, position)] = { file = file, id = item.id }
        if #wrong == 0 and not pcall(json.encode, item) then
            wrong[1] = { path = ("%s[%d]"):format(kind, position), message = "holds text that is not UTF-8" }
        end
        if #wrong > 0 then return end
        if kind == "entries" then
            item.rank = item.rank or data.order == "listed" and position or nil
            item.occurrence = item.occurrence or data.occurrence
        end
        loaded.items[#loaded.items + 1] = {
            kind = kind, position = position, file = file, item = item,
            functions = next(own) ~= nil and own or nil,
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
            file = details.path or source.file, path = "", message = raised.message, hint = raised.hint,
            line = details.line,
        } },
        -- The next start may fare better.
        is_fleeting = raised.kind == "policy.worker" or raised.kind == "policy.timeout" or raised.kind == "policy.died",
    }
end

--- Reads a file. One that does not load is given as one with a problem; that there is no sandbox at all is raised.
---@param source kb.Source
---@return kb.LoadedFile
function M.read(source)
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

return M
