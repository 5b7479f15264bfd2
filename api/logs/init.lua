-- The Lua half of `logs`: where logs are sent.
local native = ...
local sinks = require("uhost.logs.internal.sinks")(native)
local sending = require("uhost.logs.internal.sending")(native)

local M = { open = native.open }

local function check(sink, batch, owner)
    uhost.check_argument(sink, "sink", owner, "table")
    uhost.check_argument(batch, "batch", owner, "table")
    return sinks.load(sink.type)
end

function M.limits(sink_type)
    uhost.check_argument(sink_type, "type", "logs.limits", "string")
    return sinks.load(sink_type).limits
end

function M.render(sink, batch) return sending.render(check(sink, batch, "logs.render"), sink, batch) end

function M.send(sink, batch)
    local type = check(sink, batch, "logs.send")
    sending.send(type, sink, sending.render(type, sink, batch), { key = batch.id,
        summary = ("send %d lines of run %s to %s"):format(#batch.entries, batch.run, sink.id) })
end

return M
