-- The options `--output` and `--format` of scripts that report.
local M = {}

local format_of_ending = { md = "markdown", htm = "html" }

--- Raises `usage` unless a file can be written there.
---@param path string
function M.check(path)
    local folder = fs.dirname(path)
    if not fs.stat(folder) then
        uhost.fail("usage", ("--output: there is no folder %s"):format(folder),
            { hint = "make it, or name another file" })
    end
    local there = fs.stat(path)
    if there and there.type == "directory" then
        uhost.fail("usage", ("--output: %s is a folder"):format(path), { hint = "name a file in it" })
    end
end

--- The format that is asked for: by `--format`, or by how the file's name ends, or text.
---@param given { format: string?, output: string? }
---@param formats string[]
---@return string
function M.format(given, formats)
    if given.format then return given.format end
    local ending = given.output and given.output:match("%.(%a+)$")
    local asked = ending and (format_of_ending[ending:lower()] or ending:lower())
    for _, format in ipairs(formats) do
        if format == asked then return format end
    end
    return "text"
end

return M
