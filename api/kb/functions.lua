-- Calls the functions of entries, `when` and `suggest`, in the sandbox of their file. A sandbox is started when the
-- first of a file's functions is needed, and not before.
local M = {}

local max_suggestion_bytes = 4096
-- A call may take this long: a log has many lines, and each may ask.
local deadline_s = 0.5
-- All calls into one file together may take this long; then its functions are called no more.
M.max_file_s = 10
local deepest, max_values = 6, 2000

local Functions, new_functions = uhost.class("kb.Functions")

---@param base kb.Base
function M.new(base)
    return new_functions({ base = base, opened = {}, failed = {}, spent_s = {} })
end

local function copied(value, depth, state)
    local kind = type(value)
    if kind == "string" or kind == "boolean" then return value end
    if kind == "number" then return value == value and value ~= math.huge and value ~= -math.huge and value or nil end
    if kind ~= "table" or depth > deepest then return nil end
    local copy = {}
    for key, item in pairs(value) do
        state.left = state.left - 1
        if state.left <= 0 then break end
        if type(key) == "string" or type(key) == "number" and value[1] ~= nil then
            copy[key] = copied(item, depth + 1, state)
        end
    end
    return copy
end

--- What of a context can be handed to rules: plain data, up to a limit.
---@param context? table
---@return table
function M.plain(context)
    return copied(type(context) == "table" and context or {}, 1, { left = max_values })
end

-- Rules take lists without holes or tables with words as keys, not both in one: a pattern whose groups have no names
-- gives a list, another its names, and its positions as words ("1").
---@param captures table  by number and by name
---@param groups { count: integer, names: table }
---@return table
function M.plain_captures(captures, groups)
    local passed = {}
    for number = 1, groups.count do
        local value = captures[number] or ""
        if next(groups.names) then passed[tostring(number)] = value else passed[number] = value end
    end
    for name in pairs(groups.names) do passed[name] = captures[name] or "" end
    return passed
end

-- Where the items of a file stand, by kind and id.
local function positions_of(data)
    local positions = {}
    for kind, list in pairs(data) do
        positions[kind] = {}
        for position, item in ipairs(type(list) == "table" and list or {}) do
            local id = type(item) == "table" and item.id
            if id and not positions[kind][id] then positions[kind][id] = position end
        end
    end
    return positions
end

-- The path of an item's function as the sandbox has it now: the file may have been edited since it was read. A file may
-- have very many items, so that it is looked through once.
local function path_in(opened, item, name)
    local version = opened.handle:version()
    if opened.version ~= version then
        opened.version, opened.positions = version, positions_of(opened.handle:data())
        opened.functions = opened.handle:functions()
    end
    local position = (opened.positions[item.kind] or {})[item.id]
    local path = position and ("%s.%d.%s"):format(item.kind, position, name)
    return path and opened.functions[path] and path or nil
end

local function key_of(source) return source.folder .. "\n" .. source.name end

function Functions:open(source)
    local key = key_of(source)
    if not self.opened[key] then
        self.opened[key] = { handle = policy.load(source.name, {
            folder = source.folder, shipped = source.shipped, kb = true, deadline_s = deadline_s,
        }) }
    end
    return self.opened[key]
end

-- Warns once for each function, which is not called again.
function Functions:give_up(item, name, raised)
    if not uhost.is_error(raised) or not raised.kind:find("^policy%.") and not raised.kind:find("^f%l+%.") then
        error(raised, 0)
    end
    self.failed[item.id .. "\n" .. name] = true
    log.warn(("%s of the entry '%s' is left out: %s"):format(name, item.id, raised.message))
end

-- Whether a file's functions may be called still; warns once when they may not.
function Functions:may_call(source)
    local key = key_of(source)
    local spent_s = self.spent_s[key] or 0
    if spent_s <= M.max_file_s then return true end
    if not self.failed[key] then
        self.failed[key] = true
        log.warn(("%s: its functions took more than %g s in all; entries that need them are left out from here on")
            :format(source.file, M.max_file_s))
    end
    return false
end

-- Whether it went well, and what the function gave.
function Functions:call(item, name, captures, context)
    local place = self.base.places[item]
    if not place or not place.functions[name] then return false end
    if self.failed[item.id .. "\n" .. name] or not self:may_call(place.source) then return false, "failed" end
    local key, started = key_of(place.source), time.monotonic()
    local ok, result = pcall(function()
        local opened = self:open(place.source)
        local path = path_in(opened, item, name)
        return path and opened.handle:call(path, M.plain_captures(captures, self.base:groups_of(item)), context)
    end)
    self.spent_s[key] = (self.spent_s[key] or 0) + time.monotonic() - started
    if ok then return true, result end
    self:give_up(item, name, result)
    return false, "failed"
end

--- Whether an entry's `when` lets a hit count. Without one it does; when it fails, the entry is left out.
function Functions:allows(item, captures, context)
    local ok, result = self:call(item, "when", captures, context)
    if ok then return result and true or false end
    return result ~= "failed"
end

--- What an entry's `suggest` adds to its fix, or nil.
function Functions:suggestion(item, captures, context)
    local ok, result = self:call(item, "suggest", captures, context)
    if not ok or type(result) ~= "string" or result == "" then return nil end
    local text = result:gsub("[%z\1-\8\11-\31\127]", " ")
    return #text <= max_suggestion_bytes and text or text:sub(1, max_suggestion_bytes) .. "…"
end

function Functions:close()
    for key, opened in pairs(self.opened) do
        opened.handle:close()
        self.opened[key] = nil
    end
end

return M
