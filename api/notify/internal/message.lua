-- What a channel renders: one event, or several in one message.
local text = require("uhost.notify.text")

local M = {}

local ranks = { info = 1, warning = 2, critical = 3 }

-- What a reader wants to see of an event's data, in this order.
local shown = { "repository", "workflow", "job", "branch", "commit", "project", "version", "entry", "occurrences" }

local function fields_of(event)
    local list, data = {}, event.data or {}
    for _, name in ipairs(shown) do
        local value = data[name]
        if type(value) == "string" or type(value) == "number" or type(value) == "boolean" then
            list[#list + 1] = { name = name, value = text.line(tostring(value)) }
        end
    end
    return list
end

local function of_one(event)
    return {
        title = text.line(event.title), text = event.text or "", severity = event.severity, url = event.url,
        fields = fields_of(event), items = {}, events = { event }, thread = event.data and event.data.thread,
        key = event.key,
    }
end

local function of_many(events)
    local message = { text = "", severity = "info", fields = {}, items = {}, events = events, key = events[1].key }
    local kinds, order = {}, {}
    for i, event in ipairs(events) do
        message.items[i] = { title = text.line(event.title), url = event.url, severity = event.severity }
        if ranks[event.severity] > ranks[message.severity] then message.severity = event.severity end
        if not kinds[event.kind] then order[#order + 1] = event.kind end
        kinds[event.kind] = (kinds[event.kind] or 0) + 1
    end
    local parts = {}
    for i, kind in ipairs(order) do parts[i] = ("%d × %s"):format(kinds[kind], kind) end
    message.title = ("%d events: %s"):format(#events, table.concat(parts, ", "))
    return message
end

--- The message about some events.
---@param events notify.Event[]
---@return notify.Message
function M.of(events) return #events == 1 and of_one(events[1]) or of_many(events) end

return M
