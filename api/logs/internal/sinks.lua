-- Sinks: those that come with uhost, and a user's own, whose `render` runs in the sandbox of policies.
local own_types = require("uhost.policy.own_types")

local shipped = { loki = true, datadog = true, better_stack = true, elasticsearch = true, syslog = true, s3 = true,
    ndjson = true }

return function(native)
    local M = {}

    local own = {}

    -- A sink of the user's: what `render` returns goes to the sink's `url`, with LOG_SINK_TOKEN as a bearer.
    local function load_own(name)
        local rules = own_types.load("sink", name, native.text_setting("sinks_folder"), tables.sorted_keys(shipped))
        local data = rules:data()
        local limits = type(data.limits) == "table" and data.limits or {}
        return {
            limits = { lines = tonumber(limits.lines) or 1000, bytes = tonumber(limits.bytes) or 2 ^ 20,
                per_second = tonumber(limits.per_second) },
            auth = { secret = "LOG_SINK_TOKEN", scheme = "Bearer" }, hosts = {}, needs = { "url" },
            render = function(batch, sink)
                local payload = rules:call("render", batch, sink)
                if type(payload) ~= "table" or payload.json == nil and type(payload.text) ~= "string" then
                    uhost.fail("policy.sink", ("render of the sink '%s' gives no payload"):format(name),
                        { hint = "return { path = …, json = … } or { path = …, text = … }" })
                end
                return { path = payload.path, json = payload.json, text = payload.text, gzip = payload.gzip == true,
                    content_type = payload.content_type }
            end,
        }
    end

    --- The sink of a type.
    ---@param name string
    ---@return table
    function M.load(name)
        if shipped[name] then return require("uhost.logs.sinks." .. name) end
        own[name] = own[name] or load_own(name)
        return own[name]
    end

    return M
end
