-- Zulip: a message to a stream and topic, by a bot's key (ZULIP_API_KEY, notify.zulip_url, notify.zulip_user). A thread
-- is a topic: that of its first message, whatever later ones are called.
-- https://zulip.com/api/send-message
local text = require("uhost.notify.text")

local M = {}

M.limits = { topic = 60, content = 10000, per_second = 3 }

-- Mentions are broken by a space that nobody sees.
local function without_mentions(value)
    return (value:gsub("@(_?)%*%*", "@\226\128\139%1**"):gsub("#%*%*", "#\226\128\139**"))
end

---@param message notify.Message
---@return table payload
function M.render(message)
    local lines = { ("**%s**"):format((message.title:gsub("%*", "∗"))) }
    if message.text ~= "" then lines[#lines + 1] = message.text end
    for _, field in ipairs(message.fields) do lines[#lines + 1] = ("* %s: %s"):format(field.name, field.value) end
    for _, item in ipairs(message.items) do
        lines[#lines + 1] = item.url and ("* %s <%s>"):format(item.title, item.url) or "* " .. item.title
    end
    if message.url then lines[#lines + 1] = message.url end
    local topic = message.topic or message.thread and message.title or message.events[1].kind
    return { form = {
        type = "stream", topic = (text.cut(without_mentions(text.line(topic)), M.limits.topic)),
        content = (text.cut(without_mentions(table.concat(lines, "\n")), M.limits.content)),
    } }
end

M.bot = { secret = "ZULIP_API_KEY", setting = "zulip_url", user_setting = "zulip_user", hosts = {},
    path = "/api/v1/messages" }

---@param payload table
---@param to string
---@param thread string?  the topic of its first message
function M.address(payload, to, thread)
    payload.form.to, payload.form.topic = to, thread or payload.form.topic
end

---@param response http.Response
---@param payload table
---@return string? failure
---@return string? reference
function M.read(response, payload)
    local ok, body = pcall(json.decode, response.body)
    if ok and type(body) == "table" and body.result == "error" then return tostring(body.msg) end
    return nil, payload.form.topic
end

return M
