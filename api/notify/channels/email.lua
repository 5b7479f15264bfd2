-- Mail, through the server of notify.smtp_url: plain text and HTML.
local text = require("uhost.notify.text")

local M = {}

M.limits = { subject = 200, text = 200000, per_second = 1 }

-- Words of a header that are not plain (RFC 2047), each of them short enough for a line. Text that looks like such
-- words is encoded too, or the reader would see something else.
local function encoded_words(value)
    if not value:find("[\128-\255]") and not value:find("=?", 1, true) then return value end
    local words, piece = {}, ""
    for character in value:gmatch("[^\128-\191][\128-\191]*") do
        if #piece + #character > 42 then
            words[#words + 1], piece = piece, ""
        end
        piece = piece .. character
    end
    words[#words + 1] = piece
    local native = M.encode_base64
    for i, word in ipairs(words) do words[i] = ("=?UTF-8?B?%s?="):format(native(word)) end
    return table.concat(words, "\r\n ")
end

-- Base64 in lines of 76 characters, as mail wants it.
local function encoded_body(value)
    return (M.encode_base64(value):gsub(("."):rep(76), "%0\r\n"))
end

local function document(message)
    local out = report.new{ title = message.title }
    for line in (message.text .. "\n"):gmatch("(.-)\n") do
        if line ~= "" then out:text(line) end
    end
    local facts = {}
    for i, field in ipairs(message.fields) do facts[i] = { field.name, field.value } end
    if #facts > 0 then out:facts(facts) end
    local items = {}
    for i, item in ipairs(message.items) do items[i] = { text = item.title, url = item.url } end
    if #items > 0 then out:list(items) end
    if message.url then out:text({ text = message.url, url = message.url }) end
    return out
end

local function part(kind, value)
    return ("Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n"):format(kind,
        encoded_body((text.cut(value, M.limits.text))))
end

---@param message notify.Message
---@return table payload
function M.render(message)
    local out = document(message)
    return { mail = {
        subject = encoded_words((text.cut(message.title, M.limits.subject))),
        text = part("text/plain", out:render("text", { width = 76 })), html = part("text/html", out:render("html")),
    } }
end

--- The mail as it travels.
---@param mail table  of `render`
---@param from string
---@param to string[]
---@param id string  of the message
---@param reply_to string?  the id of the message that it answers
---@return string
function M.assemble(mail, from, to, id, reply_to)
    local boundary = "=_" .. id:gsub("[^%w]", ""):sub(1, 50)
    local headers = {
        "From: " .. from, "To: " .. table.concat(to, ", "), "Subject: " .. mail.subject,
        "Date: " .. os.date("!%a, %d %b %Y %H:%M:%S +0000"), ("Message-ID: <%s>"):format(id), "MIME-Version: 1.0",
        "Auto-Submitted: auto-generated",
        ('Content-Type: multipart/alternative; boundary="%s"'):format(boundary),
    }
    if reply_to then
        table.insert(headers, ("In-Reply-To: <%s>"):format(reply_to))
        table.insert(headers, ("References: <%s>"):format(reply_to))
    end
    return ("%s\r\n\r\n--%s\r\n%s--%s\r\n%s--%s--\r\n"):format(table.concat(headers, "\r\n"), boundary, mail.text,
        boundary, mail.html, boundary)
end

return M
