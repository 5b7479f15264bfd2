-- Names of tests: filled into templates from captures, and compared although a tool writes them in different ways
-- (`a/test_b.py::C::d` in a list, `C.d` above a traceback).
local M = {}

local max_name = 500

-- Blanks at the ends off, and cut where nobody reads on; never within a character.
---@param text string
---@param limit? integer
---@return string
function M.cut(text, limit)
    limit = limit or max_name
    text = text:match("^%s*(.-)%s*$")
    if #text <= limit then return text end
    local stop = limit
    while stop > 1 and text:byte(stop + 1) >= 0x80 and text:byte(stop + 1) < 0xC0 do stop = stop - 1 end
    return text:sub(1, stop) .. "…"
end

--- A template with `{name}` and `{1}` filled in from captures, then from the context; nil when one of them is in
--- neither.
---@param template string
---@param captures table
---@param context table
---@return string?
function M.fill(template, captures, context)
    local missing = false
    local text = template:gsub("{([%w_]+)}", function(name)
        local value = captures[tonumber(name) or name] or context[name]
        if value == nil or not value:find("%S") then
            missing = true
            return ""
        end
        return value
    end)
    if missing then return nil end
    return text
end

--- The first of several templates that can be filled; nil when none can, or there is no template.
---@param templates string|string[]|nil
---@param captures table
---@param context table
---@return string?
function M.first(templates, captures, context)
    if templates == nil then return nil end
    if type(templates) == "string" then return M.fill(templates, captures, context) end
    for _, template in ipairs(templates) do
        local text = M.fill(template, captures, context)
        if text then return text end
    end
    return nil
end

--- A name with one separator for all those that tools put between class and method, so that one name can be found at
--- the end of a longer one.
---@param name string
---@return string
function M.canonical(name)
    return (name:gsub("::", "."):gsub(" › ", "."):gsub(" > ", "."):gsub("#", "."):gsub("%s+", " "))
end

--- What stands behind the last separator that is not inside of parentheses, brackets or quotes: equal for all ways to
--- write a test.
---@param canonical string
---@return string
function M.leaf(canonical)
    local head, tail = canonical:match("^([^%(%[%s\"']*)(.*)$")
    return (head:match("([^%.]*)$") or head) .. tail
end

--- Whether one of two canonical names is the other, or its end behind a separator.
---@param a string
---@param b string
---@return boolean
function M.same(a, b)
    if #a > #b then a, b = b, a end
    if a == b then return true end
    if b:sub(-#a) ~= a then return false end
    local before = b:sub(-#a - 1, -#a - 1)
    return before:match("^[%.%s/:$>]$") ~= nil
end

return M
