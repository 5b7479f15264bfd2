-- Slack: a webhook (SLACK_WEBHOOK_URL), or a bot's token (SLACK_BOT_TOKEN), which answers in the thread of a message.
-- https://docs.slack.dev/reference/block-kit/blocks
local text = require("uhost.notify.text")

local M = {}

M.limits = { header = 150, section = 3000, fields = 10, field = 2000, blocks = 50, per_second = 1 }

local marks = { info = ":information_source:", warning = ":warning:", critical = ":rotating_light:" }

-- What Slack takes for its own: https://docs.slack.dev/messaging/formatting-message-text#escaping
local function escape(value) return (value:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;")) end

-- Addresses that end a link, or that are none, stay out.
local function link(url, title)
    if not url or not url:find("^https?://[^%s<>|]+$") then return escape(title) end
    return ("<%s|%s>"):format(escape(url), (escape(title):gsub("|", "¦")))
end

local function section(value) return { type = "section", text = { type = "mrkdwn", text = value } } end

local function body_of(message)
    local more = message.url and ("… " .. link(message.url, "all of it")) or "…"
    return section(text.cut_escaped(message.text, M.limits.section, escape, more))
end

local function fields_of(message)
    local fields = {}
    for i = 1, math.min(#message.fields, M.limits.fields) do
        local field = message.fields[i]
        fields[i] = { type = "mrkdwn",
            text = text.cut_escaped(("*%s*\n%s"):format(field.name, field.value), M.limits.field, escape) }
    end
    return { type = "section", fields = fields }
end

local function add_items(blocks, message)
    local room = M.limits.blocks - #blocks
    local count = #message.items <= room and #message.items or room - 1
    for i = 1, count do
        local item = message.items[i]
        blocks[#blocks + 1] = section(("%s %s"):format(marks[item.severity],
            link(item.url, (text.cut(item.title, 300)))))
    end
    if count < #message.items then
        blocks[#blocks + 1] = section(("_%d more are not shown_"):format(#message.items - count))
    end
end

---@param message notify.Message
---@return table payload
function M.render(message)
    local title = text.cut_escaped(message.title, M.limits.header, escape)
    local blocks = { { type = "header", text = { type = "plain_text", text = title, emoji = false } } }
    if message.text ~= "" then blocks[#blocks + 1] = body_of(message) end
    if #message.fields > 0 then blocks[#blocks + 1] = fields_of(message) end
    if message.url then blocks[#blocks + 1] = section(link(message.url, "Open")) end
    add_items(blocks, message)
    -- What notifications show: no name in it may call anybody.
    return { json = { text = escape(message.title), blocks = blocks, unfurl_links = false, unfurl_media = false } }
end

M.secret = "SLACK_WEBHOOK_URL"
M.hosts = { "hooks.slack.com", "hooks.slack-gov.com" }
M.bot = { secret = "SLACK_BOT_TOKEN", setting = "slack_api_url", default = "https://slack.com/api",
    hosts = { "slack.com" },
    path = "/chat.postMessage" }

--- What a bot sends besides: where to, and which message it answers.
---@param payload table
---@param to string
---@param thread string?
function M.address(payload, to, thread) payload.json.channel, payload.json.thread_ts = to, thread end

--- Slack answers 200 to what it refuses: why it did, and the message's name otherwise.
---@param response http.Response
---@return string? failure
---@return string? reference
function M.read(response)
    local ok, body = pcall(json.decode, response.body)
    if not ok or type(body) ~= "table" then return nil end
    if body.ok == false then return tostring(body.error) end
    return nil, body.ts
end

return M
