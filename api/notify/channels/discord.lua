-- Discord: a webhook (DISCORD_WEBHOOK_URL), which cannot answer a message, but edits its own: what is over (an event
-- of severity info) takes the place of the first message of the thread, and what comes again is a message of its own.
-- https://discord.com/developers/docs/resources/message#embed-object-embed-limits
local text = require("uhost.notify.text")

local M = {}

M.limits = { embeds = 10, title = 256, description = 4096, fields = 25, name = 256, value = 1024, total = 6000,
    per_second = 0.5 }

local colors = { info = 0x3498db, warning = 0xf1c40f, critical = 0xe74c3c }

-- An embed for each event; what does not fit is counted in the last one.
local function embeds_of(message)
    if #message.items == 0 then
        return { { title = message.title, description = message.text, url = message.url, fields = message.fields,
            color = colors[message.severity] } }
    end
    local embeds = {}
    for i, item in ipairs(message.items) do
        embeds[i] = { title = item.title, url = item.url, color = colors[item.severity] }
    end
    return embeds
end

-- Within the limits of one embed, and within `room` characters. Gives it and what it takes.
local function fitted(embed, room)
    local used = 0
    local function take(value, limit)
        local cut = text.cut(value, math.max(0, math.min(limit, room - used)))
        used = used + text.length(cut)
        return cut
    end
    local made = { title = take(embed.title, M.limits.title), color = embed.color }
    if embed.url and embed.url:find("^https?://") then made.url = embed.url end
    if embed.description and embed.description ~= "" and used < room then
        made.description = take(embed.description, M.limits.description)
    end
    local fields = {}
    for _, field in ipairs(embed.fields or {}) do
        if #fields < M.limits.fields and room - used > 2 then
            local name = take(field.name, M.limits.name)
            fields[#fields + 1] = { name = name, value = take(field.value, M.limits.value), inline = true }
        end
    end
    made.fields = #fields > 0 and fields or nil
    return made, used
end

---@param message notify.Message
---@return table payload
function M.render(message)
    local all, embeds, room = embeds_of(message), {}, M.limits.total
    for i, embed in ipairs(all) do
        local left = #all - i
        local is_last = i == M.limits.embeds or room < 2 * M.limits.title
        if is_last and left > 0 then
            embeds[i] = fitted({ title = ("%d more are not shown"):format(left + 1) }, room)
            break
        end
        local made, used = fitted(embed, room)
        embeds[i], room = made, room - used
    end
    -- Nobody is called, whatever the text says.
    return { json = { embeds = embeds, allowed_mentions = { parse = json.array() } },
        is_over = message.severity == "info" }
end

--- How a payload is sent: below the webhook's address, and by which method.
---@param payload table
---@param thread string?  the number of the thread's first message
---@return { method?: string, path: string }
function M.way(payload, thread)
    if thread and payload.is_over and thread:find("^%d+$") then
        return { method = "PATCH", path = "messages/" .. thread }
    end
    return { path = "?wait=true" }  -- or Discord does not say what the message is called
end

---@param response http.Response
---@return string? failure
---@return string? reference
function M.read(response)
    local ok, body = pcall(json.decode, response.body)
    return nil, ok and type(body) == "table" and body.id and tostring(body.id) or nil
end

M.secret = "DISCORD_WEBHOOK_URL"
M.hosts = { "discord.com", "discordapp.com" }

return M
