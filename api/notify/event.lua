-- The one form of what has happened. Workflows keep events in the store, and `notify` tells people of them.
local M = {}

local severities = { info = true, warning = true, critical = true }
local fields = { "kind", "key", "severity", "title", "text", "url", "data", "created_at", "id" }
local optional = { text = "string", url = "string", data = "table", created_at = "string" }

--- Raises `argument` for what is no event; gives it back.
---@param event table
---@param owner string  the function as its callers know it
---@return notify.Event
function M.check(event, owner)
    uhost.check_argument(event, "event", owner, "table")
    uhost.check_options(event, owner, fields)
    for _, name in ipairs({ "kind", "key", "severity", "title" }) do
        uhost.check_argument(event[name], name, owner, "string")
    end
    for name, type_name in pairs(optional) do
        if event[name] ~= nil then uhost.check_argument(event[name], name, owner, type_name) end
    end
    if not event.kind:find("^[%l_]+%.[%l_]+$") then
        uhost.fail("argument", ("'%s' is not a kind of event"):format(event.kind),
            { hint = "a workflow and what happened, such as upstream.release" })
    end
    if not severities[event.severity] then
        uhost.fail("argument", ("'%s' is not a severity"):format(event.severity),
            { hint = "info, warning or critical" })
    end
    return event
end

return M
