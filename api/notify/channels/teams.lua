-- Microsoft Teams: an Adaptive Card to a webhook of a workflow (TEAMS_WEBHOOK_URL), which can neither edit nor answer a
-- message: what belongs to a thread is a message of its own.
-- https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
local text = require("uhost.notify.text")

local M = {}

M.limits = { title = 500, text = 8000, facts = 20, items = 40, bytes = 28000, per_second = 4 }

local colors = { info = "Accent", warning = "Warning", critical = "Attention" }

-- Cards read a little Markdown; what would be a link or a mention is shown as it is.
local function escape(value) return (value:gsub("([%[%]*_`])", "\\%1"):gsub("<at>", "<at\226\128\139>")) end

local function block(value, more)
    local made = { type = "TextBlock", text = value, wrap = true }
    for key, each in pairs(more or {}) do made[key] = each end
    return made
end

local function card_of(message, max_text, max_items)
    local body = { block(text.cut_escaped(message.title, M.limits.title, escape),
        { weight = "Bolder", size = "Medium", color = colors[message.severity] }) }
    if message.text ~= "" then body[#body + 1] = block(text.cut_escaped(message.text, max_text, escape)) end
    local facts = {}
    for i = 1, math.min(#message.fields, M.limits.facts) do
        local field = message.fields[i]
        facts[i] = { title = field.name, value = (text.cut(escape(field.value), 300)) }
    end
    if #facts > 0 then body[#body + 1] = { type = "FactSet", facts = facts } end
    for i = 1, math.min(#message.items, max_items) do
        body[#body + 1] = block(text.cut_escaped(message.items[i].title, 300, escape))
    end
    if #message.items > max_items then
        body[#body + 1] = block(("%d more are not shown"):format(#message.items - max_items))
    end
    local card = { type = "AdaptiveCard", ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
        version = "1.4", body = body }
    if message.url then card.actions = { { type = "Action.OpenUrl", title = "Open", url = message.url } } end
    return { type = "message", attachments = {
        { contentType = "application/vnd.microsoft.card.adaptive", contentUrl = json.null, content = card } } }
end

---@param message notify.Message
---@return table payload
function M.render(message)
    local max_text, max_items = M.limits.text, M.limits.items
    local card = card_of(message, max_text, max_items)
    while #json.encode(card) > M.limits.bytes and max_text > 100 do
        max_text, max_items = math.floor(max_text / 2), math.max(1, math.floor(max_items / 2))
        card = card_of(message, max_text, max_items)
    end
    return { json = card }
end

M.secret = "TEAMS_WEBHOOK_URL"
M.hosts = { "*.webhook.office.com", "*.logic.azure.com", "*.api.powerplatform.com" }

return M
