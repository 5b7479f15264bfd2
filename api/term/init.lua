-- `term`: what the terminal can show. Bars and tables are in files of their own.
local native = ...

local M = {
    width = native.width,
    is_terminal = native.is_terminal,
    color = native.color,
    visible = native.visible,
    without_commands = native.without_commands,
    display_width = native.display_width,
    truncate = native.truncate,
    wrap = native.wrap,
}

-- The one way for text from outside to a terminal and to the log of a workflow run.
function M.untrusted(text) return native.without_commands(native.visible(text)) end

local styling = require("uhost.term.styling")

-- Few scripts need these.
local progress, grid

function M.progress(options)
    progress = progress or require("uhost.term.progress")(native)
    return progress(options)
end

function M.table(options)
    grid = grid or require("uhost.term.table")(native)
    return grid(options)
end

function M.style(text, style, stream)
    return styling.apply(tostring(text), style, native.color(stream))
end

function M.link(text, url, stream)
    return styling.link(tostring(text), url, native.color(stream))
end

return M
