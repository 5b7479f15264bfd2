-- Reads one knowledge base file in a sandbox, and checks what it holds.
local schema = require("uhost.kb.schema")
local sources = require("uhost.kb.sources")

local M = {}

---@class kb.LoadedFile
---@field name string
---@field about? string
---@field items { kind: string, position: integer, file: string, item: table, functions: table<string, string> }[]
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
        local name = sources.name_of(source, file)
        if name and not seen[name] then
            seen[name] = true
            inputs[#inputs + 1] = name
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
        if problem.code ~= "unknown" or problem.meant then return false end
    end
    for _, kind in ipairs(schema.kinds) do
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
    if is_helper(data) then return loaded end
    local position_of = {}
    local problems = schema.check(data, functions, function(kind, item, position, wrong)
        local file = item.id and files[kind .. "#" .. tostring(item.id)] or files[kind] or source.file
        position_of[("%s[%d]"):format(kind, position)] = { file = file, id = item.id }
        if #wrong == 0 and not pcall(json.encode, item) then
            wrong[1] = { path = ("%s[%d]"):format(kind, position), message = "holds text that is not UTF-8" }
        end
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
