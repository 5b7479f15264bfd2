-- GitHub: a comment on an issue or pull request ("owner/name#12"), an issue ("owner/name"), or the status of a commit
-- ("owner/name@" and the event's commit).
local M = {}

M.limits = { body = 65536, title = 256, description = 140, per_second = 1 }

---@param message notify.Message
---@return table payload
function M.render(message)
    local out = report.new {}
    out:text({ { text = message.title, strong = true } })
    for line in (message.text .. "\n"):gmatch("(.-)\n") do
        if line ~= "" then out:text(line) end
    end
    local facts, items = {}, {}
    for i, field in ipairs(message.fields) do facts[i] = { field.name, field.value } end
    if #facts > 0 then out:facts(facts) end
    for i, item in ipairs(message.items) do items[i] = { text = item.title, url = item.url } end
    if #items > 0 then out:list(items) end
    if message.url then out:text({ text = message.url, url = message.url }) end
    return { github = { title = message.title, body = out:render("markdown"), url = message.url,
        commit = message.events[1].data and message.events[1].data.commit, severity = message.severity } }
end

return M
