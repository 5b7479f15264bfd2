-- Logs made up for tests, with the signals that the shipped knowledge bases find in them.
local M = {}

local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
local base

local function signals()
    if not base then
        local paths = {}
        for i, name in ipairs({ "signals/ci", "signals/failures", "signals/errors" }) do
            paths[i] = fs.join(here, "../../kb", name .. ".lua")
        end
        base = kb.load({ paths = paths })
    end
    return base
end

--- Opens a log with these lines and looks for all signals in it.
---@param lines string[]
---@return kb.Scan scan, log_text.Log log
function M.log(lines)
    local position = 0
    local opened = log_text.open({ name = "a test", stream = function()
        position = position + 1
        return lines[position] and lines[position] .. "\n"
    end })
    return signals():scan(opened), opened
end

--- The signals themselves.
---@return table[]
function M.all() return signals().signals end

--- The number of the first line that is, or contains, `text`.
---@param lines string[]
---@param text string
---@return integer
function M.line_of(lines, text)
    for i, line in ipairs(lines) do
        if line:find(text, 1, true) then return i end
    end
    error("no line has " .. text, 2)
end

return M
