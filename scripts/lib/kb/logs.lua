-- The logs that the command line names: files, also packed ones, and standard input.
local M = {}

--- Opens a log for `body(opened, name)`, and closes it.
---@param given string
---@param body fun(opened: log_text.Log, source: diagnose.Source): any
---@return any
function M.with(given, body)
    local sources = require("lib.diagnose.source").of({ logs = { given } })
    if #sources ~= 1 then
        uhost.fail("usage", ("'%s' holds %d logs"):format(given, #sources), { hint = "name one of them" })
    end
    local opened, why = sources[1].open()
    if not opened then uhost.fail("usage", why or ("%s holds no log"):format(given)) end
    return task.finally(function() return body(opened, sources[1]) end, function() opened:close() end)
end

--- Opens several logs.
---@param given string[]
---@param body fun(list: log_text.Log[]): any
---@return any
function M.with_all(given, body)
    local list = {}
    local function open(position)
        if not given[position] then return body(list) end
        return M.with(given[position], function(opened)
            list[position] = opened
            return open(position + 1)
        end)
    end
    return open(1)
end

return M
