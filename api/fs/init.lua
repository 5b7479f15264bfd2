-- Paths as text; files and folders are native.
local M = ...

local function text(value, name, owner)
    if type(value) ~= "string" then
        local message = "bad argument '%s' to '%s': expected a string, got %s"
        uhost.fail("argument", message:format(name, owner, type(value)))
    end
    return value
end

function M.join(...)
    local parts = {}
    for i = 1, select("#", ...) do
        local part = text(select(i, ...), "part " .. i, "fs.join")
        if part ~= "" then parts[#parts + 1] = part end
    end
    return (table.concat(parts, "/"):gsub("//+", "/"))
end

-- Without the slashes at its end; "/" stays.
local function trimmed(path, owner)
    return (text(path, "path", owner):gsub("(.)/+$", "%1"))
end

function M.basename(path)
    path = trimmed(path, "fs.basename")
    return path:match("([^/]+)$") or path
end

function M.dirname(path)
    path = trimmed(path, "fs.dirname")
    local folder = path:match("^(.*)/[^/]*$")
    if not folder then return "." end
    folder = folder:gsub("/+$", "")
    return folder == "" and "/" or folder
end

function M.extension(path)
    return M.basename(text(path, "path", "fs.extension")):match("[^.](%.[^.]*)$") or ""
end

return M
