-- The Lua half of `xml`: ways through a document.
local native = ...

local M = { decode = native.decode }

local function check_element(element, owner)
    if type(element) ~= "table" or type(element.children) ~= "table" then
        local message = "bad argument 'element' to '%s': expected an element of xml.decode, got %s"
        uhost.fail("argument", message:format(owner, type(element)))
    end
end

-- "atom:link" is a link, whatever the prefix of its namespace.
local function is_called(element, name)
    return type(element) == "table" and (element.name == name or element.name:match(":(.+)$") == name)
end

function M.first(element, name)
    check_element(element, "xml.first")
    for _, child in ipairs(element.children) do
        if is_called(child, name) then return child end
    end
end

function M.all(element, name)
    check_element(element, "xml.all")
    local found = {}
    for _, child in ipairs(element.children) do
        if is_called(child, name) then found[#found + 1] = child end
    end
    return found
end

local function add_text(element, pieces)
    for _, child in ipairs(element.children) do
        if type(child) == "string" then pieces[#pieces + 1] = child else add_text(child, pieces) end
    end
    return pieces
end

function M.text(element)
    if element == nil then return nil end
    check_element(element, "xml.text")
    return table.concat(add_text(element, {}))
end

return M
