-- What a command runs that is a file of the repository: a shell script, or a target of its Makefile.
local M = {}

local max_bytes = 256 * 1024

local function script(path, read)
    path = path:gsub("^%./", "")
    if path:find("^/") or path:find("..", 1, true) or path:find("[%$`*]") then return nil end
    if not (path:find("/") or path:find("%.sh$") or path:find("%.bash$")) then return nil end
    local text = read(path)
    if not text or #text > max_bytes then return nil end
    if path:find("%.ba?sh$") or text:find("^#![^\n]*sh[%s]") then return text end
end

-- The lines below "target:", without what make takes from their beginning.
local function recipe(target, text)
    local lines, inside = {}, false
    for line in (text .. "\n"):gmatch("(.-)\r?\n") do
        local names = line:match("^([%w_%.%-/ ]+):[^=]") or line:match("^([%w_%.%-/ ]+):$")
        if line:find("^\t") then
            if inside then lines[#lines + 1] = line:gsub("^\t[@%-+]*", "") end
        elseif names then
            inside = (" " .. names .. " "):find(" " .. target .. " ", 1, true) ~= nil
        elseif not line:find("^%s*#") and line:find("%S") then
            inside = false
        end
    end
    return #lines > 0 and table.concat(lines, "\n") or nil
end

--- The text of it; nil for what is not in the repository.
---@param words string[]
---@param read fun(path: string): string?
---@return string?
function M.text(words, read)
    if words[1] ~= "make" and words[1] ~= "gmake" then return script(words[1], read) end
    if not words[2] or words[2]:find("^%-") or words[2]:find("[%$=]") then return nil end
    for _, name in ipairs({ "GNUmakefile", "makefile", "Makefile" }) do
        local text = read(name)
        if text then return #text <= max_bytes and recipe(words[2], text) or nil end
    end
end

return M
