-- What `notify` asks of the policy `notifications`.
local text, required_text = { type = "string" }, { type = "string", required = true }
local words = { type = "list", of = { type = "string" }, required = true }
local match = { type = "table", default = {}, open = true, fields = {} }
local severity = { type = "string", enum = { "info", "warning", "critical" } }

local function part(fields) return { type = "table", fields = fields } end

local function list(fields)
    return { type = "list", default = {}, of = { type = "table", fields = fields } }
end

return {
    fields = {
        channels = list({ id = required_text, type = required_text, to = text, topic = text }),
        routes = list({
            id = required_text, match = match, channels = words, when = { type = "function" },
            group = part({ key = required_text, window = required_text }),
            throttle = part({ count = { type = "integer", required = true }, window = required_text }),
            escalate = part({ after = required_text, channels = words }),
            digest = { type = "string", enum = { "daily", "weekly" } }, is_urgent = { type = "boolean" },
            stop = { type = "boolean" },
        }),
        quiet_hours = { type = "table", default = {}, fields = {
            from = { type = "string", default = "00:00" }, to = { type = "string", default = "00:00" },
            zone = { type = "string", default = "UTC" },
        } },
        digest_at = { type = "string", default = "08:00" },
        mutes = list({ id = required_text, match = match, ["until"] = required_text }),
        severities = { type = "table", default = {}, of = severity },
        max_attempts = { type = "integer", default = 12 },
    },
}
