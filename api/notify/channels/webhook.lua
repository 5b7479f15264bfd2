-- A webhook of your own (NOTIFY_WEBHOOK_URL): the events as JSON. With NOTIFY_WEBHOOK_SECRET it is signed: the header
-- X-Uhost-Signature is "sha256=" and the HMAC-SHA256 of the header X-Uhost-Timestamp, a dot and the body.
local M = {}

M.limits = { per_second = 10 }

---@param message notify.Message
---@return table payload
function M.render(message)
    return { json = { key = message.key, title = message.title, severity = message.severity,
        events = json.array(message.events) } }
end

M.secret = "NOTIFY_WEBHOOK_URL"
M.signing_secret = "NOTIFY_WEBHOOK_SECRET"
M.hosts = {}

return M
