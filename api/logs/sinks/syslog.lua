-- Syslog (RFC 5424) over TCP, each message with its length before it (RFC 6587), or over TLS (RFC 5425):
-- url = "tcp://logs.example.org:601" or "tls://logs.example.org:6514".
local M = {}

M.limits = { lines = 1000, bytes = 2 ^ 20, per_second = 10 }
M.hosts = {}
M.needs = { "url" }

-- Facility 16 (local use 0), and the severities "error" and "informational".
local facility, error_severity, usual_severity = 16, 3, 6

-- A value of structured data has a backslash before these (6.3.3).
local function escaped(value) return (tostring(value or ""):gsub('["\\%]]', "\\%0"):gsub("%c", " ")) end

-- A name has no blanks, and only visible ASCII (6).
local function name(text, most) return (text:gsub("[^!-~]", "_"):sub(1, most)) end

---@param batch logs.Batch
---@param sink logs.Sink
---@return table payload
function M.render(batch, sink)
    local messages, app = {}, name(sink.service or "uhost", 48)
    for i, entry in ipairs(batch.entries) do
        local severity = entry.line:find("^##%[error%]") and error_severity or usual_severity
        local data = ('[ci@32473 repository="%s" run="%s" job="%s" step="%s" line="%d"]'):format(
            escaped(batch.repository), escaped(batch.run), escaped(batch.job), escaped(entry.step), entry.number)
        local message = ("<%d>1 %s %s %s - log %s \239\187\191%s"):format(facility * 8 + severity, entry.time,
            name(batch.repository ~= "" and batch.repository or "-", 255), app, data, (entry.line:gsub("%c", " ")))
        messages[i] = ("%d %s"):format(#message, message)
    end
    return { stream = table.concat(messages) }
end

return M
