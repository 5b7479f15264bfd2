-- Whether a name that was read stands for a test that a label names. Labels write names their own way: `m(Class)`,
-- `package.module::Class::test` for a file's path, a colon behind a title.
local M = {}

-- One way to write a name: outermost first, one separator.
local function plain(name)
    name = name:match("^%s*(.-)%s*:?%s*$"):gsub("%s+", " ")
    local method, class = name:match("^(.-)%s*%(([%w_%.%$<>]+%.[%w_%.%$<>]+)%)")
    if class and method == "" then
        name = class
    elseif class and not method:find(".", 1, true) then
        name = class:match("%.(" .. method:gsub("%p", "%%%0") .. ")$") and class or class .. "." .. method
    end
    name = name:gsub("%[doctest%] ", ""):gsub("%.py(%W)", "%1"):gsub("%.py$", "")
    return (name:gsub("::", "."):gsub(" › ", "."):gsub(" > ", "."):gsub("[/#%$]", "."):gsub("^%.+", ""))
end

local function ends_with(text, tail)
    if text == tail then return true end
    if #tail >= #text or text:sub(-#tail) ~= tail then return false end
    return text:sub(-#tail - 1, -#tail - 1):match("[%.%s]") ~= nil
end

--- The expected names that none of the names read stands for.
---@param expected string[]
---@param read string[]
---@return string[] missing
function M.missing(expected, read)
    local forms, missing = {}, {}
    for _, name in ipairs(read) do forms[#forms + 1] = plain(name) end
    for _, name in ipairs(expected) do
        local wanted, found = plain(name), false
        for _, form in ipairs(forms) do
            found = found or ends_with(form, wanted) or ends_with(wanted, form)
        end
        if not found then missing[#missing + 1] = name end
    end
    return missing
end

return M
