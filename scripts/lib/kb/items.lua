-- Items of knowledge bases for people: where they are written, and what is said of them in a line.
local M = {}

local kinds = { "entries", "test_readers", "diagnostic_readers", "signals" }
local kind_words = {
    entries = "entry", test_readers = "reader of test results", diagnostic_readers = "reader of diagnostics",
    signals = "signal",
}

--- The entry, reader or signal of an id, and what it is in words. Raises `usage` when there is none.
---@param base kb.Base
---@param id string
---@return table item, string kind
function M.find(base, id)
    for _, kind in ipairs(kinds) do
        for _, item in ipairs(base[kind]) do
            if item.id == id then return item, kind_words[kind] end
        end
    end
    uhost.fail("usage", ("no entry has the id '%s'"):format(id),
        { hint = base:suggestion(id) or "uhost kb list shows what there is" })
end

--- The line of a file where an item's id is written, or nil.
---@param item table
---@return integer?
function M.line_of(item)
    local ok, text = pcall(policy.read, item.file)
    if not ok then return nil end
    local number, quoted = 0, { ('"%s"'):format(item.id), ("'%s'"):format(item.id), ("[[%s]]"):format(item.id) }
    for line in (text .. "\n"):gmatch("(.-)\n") do
        number = number + 1
        for _, id in ipairs(quoted) do
            local at = line:find(id, 1, true)
            if at and line:sub(1, at - 1):find("id%s*=%s*$") then return number end
        end
    end
end

--- Whether an item is the user's own.
---@param base kb.Base
---@param item table
---@return boolean
function M.is_own(base, item)
    for _, file in ipairs(base.files) do
        if file.name == item.name then return file.is_user and file.file == item.file end
    end
    return false
end

--- Text that may come from a stranger's file, for a terminal.
---@param text any
---@return string
function M.shown(text) return term.untrusted(tostring(text)) end

--- Captures as JSON takes them: by name and by number.
---@param captures table<integer|string, string>
---@return table<string, string>
function M.captures(captures)
    local named = {}
    for key, text in pairs(captures or {}) do
        if key ~= 0 then named[tostring(key)] = text end
    end
    return named
end

--- Writes JSON.
---@param value any
function M.write_json(value)
    io.write(json.encode(value, { indent = 2, invalid_utf8 = "replace" }), "\n")
end

return M
