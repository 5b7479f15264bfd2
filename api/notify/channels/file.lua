-- A file, NAME.jsonl, or standard output with the type "stdout": a line of JSON for each event. A file that has grown
-- to 16 MiB is put aside, as NAME.1, in place of the one before it.
local M = {}

M.limits = { bytes = 16 * 2 ^ 20 }

---@param message notify.Message
---@return table payload
function M.render(message)
    local lines = {}
    for i, event in ipairs(message.events) do lines[i] = json.encode(event) end
    return { lines = table.concat(lines, "\n") .. "\n" }
end

return M
