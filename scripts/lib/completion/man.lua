-- Man pages made of the help that uhost and its commands print.
local words = require("lib.completion.words")

local M = {}

-- A backslash, and a dot or an apostrophe at the beginning of a line, mean something to troff.
local function escape(text)
    return (text:gsub("\\", "\\e"):gsub("%-", "\\-"):gsub("\n([.'])", "\n\\&%1"):gsub("^([.'])", "\\&%1"))
end

local function page(name, summary, help)
    return table.concat({
        ('.TH "%s" "1" "" "uhost %s" "uhost"'):format(name:upper():gsub("_", "\\-"), uhost.version),
        ".SH NAME", escape(name) .. " \\- " .. escape(summary),
        ".SH DESCRIPTION", ".nf", escape((help:gsub("\n+$", ""))), ".fi", "",
    }, "\n")
end

local function help_of(...)
    local result = process.run{ words.binary(), ..., "--help", env = { COLUMNS = "80", NO_COLOR = "1" } }
    if result.code ~= 0 then uhost.fail("completion.help", "a command printed no help", { native = result.stderr }) end
    return result.stdout
end

--- Iterates over pages: the name of the file, and its text.
---@return fun(): string?, string?
function M.pages()
    return coroutine.wrap(function()
        local help = process.run{ words.binary(), "--help", env = { COLUMNS = "80" } }.stdout
        coroutine.yield("uhost.1", page("uhost", help:match("^[^\n]+"), help))
        for command, summary in help:match("\nCommands:\n(.-)\n\n"):gmatch("  ([%l_]+) +([^\n]+)") do
            local name = "uhost-" .. command
            coroutine.yield(name .. ".1", page(name, summary, help_of(command)))
        end
    end)
end

return M
