-- Loads a rule file by itself, in the sandbox, and says what happened in the words of the file.
--
-- A file of the user's that overrides a shipped one is looked at alone, so that what is said is about it: a file made
-- for the purpose requires it, and hands on what it returns.
local M = {}

local wrapper = "uhost_check/%d"

--- A place for what checking needs, until the end of the run.
function M.scratch()
    local folder = fs.temp_dir()
    local scratch = { folder = folder, count = 0, copies = {} }
    return scratch
end

-- The shipped rule files, beside those made here: rules may require them.
local function shipped_copy(scratch, kind)
    if not scratch.copies[kind] then
        local path = fs.join(scratch.folder:path(), kind)
        local original = fs.join(uhost.share, kind)
        if fs.exists(original) then fs.copy(original, path, { recursive = true }) end
        fs.mkdir(fs.join(path, "uhost_check"))
        scratch.copies[kind] = { path = path, original = original }
    end
    return scratch.copies[kind]
end

local function plain_replace(text, from, to)
    local first, last = text:find(from, 1, true)
    if not first then return text end
    return text:sub(1, first - 1) .. to .. plain_replace(text:sub(last + 1), from, to)
end

--- Why a policy failed, without its place and what was being done.
---@param raised uhost.Error
---@return string
function M.cause(raised)
    return raised.details.reason or raised.message
end

-- Where in what the file returns a value is that cannot leave the sandbox; nil when that is not what failed.
local function field_of(raised)
    local field = raised.details.field
    return field and field:gsub("^it%.?", "")
end

local function cause_of(raised, copy)
    local field = field_of(raised)
    if not field then return plain_replace(M.cause(raised), copy.path, copy.original) end
    return ("%s %s, which is not plain data"):format(field == "" and "what it returns" or field, raised.details.problem)
end

local function without_prefix(functions)
    local own = {}
    for path, line in pairs(functions) do
        local inner = path:match("^it%.(.+)$")
        if inner then own[inner] = line end
    end
    return own
end

---@class check.LoadFailure
---@field kind string  as of `policy.load`
---@field message string
---@field hint? string
---@field field? string  where in what it returns a value is that is not plain data
---@field remedy? string  what the sandbox itself advises
---@field file? string
---@field line? integer

--- Loads a file. Gives what its table holds and where its functions begin, or why it does not load. Raises when there
--- is no sandbox.
---@param scratch table
---@param file check.RuleFile
---@return any data, table<string, integer>|check.LoadFailure functions  no data: why
function M.load(scratch, file)
    local copy = shipped_copy(scratch, file.kb and "kb" or "policies")
    scratch.count = scratch.count + 1
    local name = wrapper:format(scratch.count)
    local path = fs.join(copy.path, name .. ".lua")
    fs.write(path, ("return { it = require(%q) }"):format(file.name))
    local ok, handle = pcall(policy.load, name, { folder = file.folder, shipped = copy.path, kb = file.kb })
    if not ok then
        if not uhost.is_error(handle) or not handle.kind:find("^policy%.") or handle.kind == "policy.worker" then
            error(handle, 0)
        end
        return nil, {
            kind = handle.kind, message = cause_of(handle, copy), hint = handle.hint, remedy = handle.details.remedy,
            field = field_of(handle), file = handle.details.path, line = handle.details.line,
            is_here = handle.details.path ~= path,
        }
    end
    local data, functions = handle:data().it, handle:functions()
    handle:close()
    fs.remove(path)
    if functions.it then data = function() end end
    return data == nil and false or data, without_prefix(functions)
end

--- What a shipped file of that name holds, or nil. Loaded once.
---@param scratch table
---@param file check.RuleFile
---@return { data: table, functions: table<string, integer> }?
function M.below(scratch, file)
    if file.shipped then return nil end
    local kind = file.kb and "kb" or "policies"
    local shipped = fs.join(uhost.share, kind)
    if not fs.exists(fs.join(shipped, file.name .. ".lua")) then return nil end
    scratch.below = scratch.below or {}
    local key = kind .. "/" .. file.name
    if scratch.below[key] == nil then
        local ok, handle = pcall(policy.load, file.name, { folder = shipped, shipped = shipped, kb = file.kb })
        scratch.below[key] = ok and { data = handle:data(), functions = handle:functions() } or false
        if ok then handle:close() end
    end
    return scratch.below[key] or nil
end

return M
