-- What channels make of events, within the limits of their services.
local messages = require("uhost.notify.internal.message")
local text = require("uhost.notify.text")

local function event(more)
    local made = { kind = "ci_failures.new", key = "k", severity = "warning", title = "t", text = "", data = {} }
    for key, value in pairs(more or {}) do made[key] = value end
    return made
end

local function many(count)
    local list = {}
    for i = 1, count do
        list[i] = event({ key = "k" .. i, title = ("event %d"):format(i), url = "https://e.org/" .. i })
    end
    return list
end

local function render(name, events)
    return require("uhost.notify.channels." .. name).render(messages.of(events))
end

describe("Slack", function()
    it("cuts text after escaping, with a link to all of it", function()
        local payload = render("slack", { event({ text = ("<"):rep(3001), url = "https://e.org/all" }) })
        local section = payload.json.blocks[2].text.text
        assert.is_true(text.length(section) <= 3000)
        assert.matches("&lt;… <https://e.org/all|all of it>$", section)
        assert.not_matches("&l?t?…", section)
    end)

    it("fits seventy events into fifty blocks, and says how many are missing", function()
        local blocks = render("slack", many(70)).json.blocks
        assert.equal(50, #blocks)
        assert.matches("_22 more are not shown_", blocks[50].text.text)
    end)

    it("puts a long title into a header as plain text", function()
        local header = render("slack", { event({ title = ("*ü*"):rep(60) }) }).json.blocks[1]
        assert.same({ "plain_text", 150 }, { header.text.type, text.length(header.text.text) })
    end)

    it("calls nobody", function()
        local payload = json.encode(render("slack", { event({ title = "<!channel>", text = "<@U1> <!here>" }) }))
        assert.is_nil(payload:find("<[!@]"))
    end)
end)

describe("Discord", function()
    it("keeps four embeds of 1,600 characters within 6,000 in all", function()
        local channel = require("uhost.notify.channels.discord")
        local payload = channel.render(messages.of({ event({ text = ("x"):rep(7000) }) }))
        assert.equal(4096, text.length(payload.json.embeds[1].description))
        payload = channel.render(messages.of({ event({ text = ("y"):rep(3000) }) }))
        assert.equal(("y"):rep(3000), payload.json.embeds[1].description)
        local long = {}
        for i = 1, 12 do long[i] = event({ key = "k" .. i, title = ("ä"):rep(1600) }) end
        local embeds, total = channel.render(messages.of(long)).json.embeds, 0
        for _, embed in ipairs(embeds) do total = total + text.length(embed.title) end
        assert.is_true(#embeds <= 10 and total <= 6000)
        assert.matches("3 more are not shown", embeds[10].title)
    end)

    it("cuts names and values, and leaves out the 26th field", function()
        local message = messages.of({ event() })
        for i = 1, 26 do message.fields[i] = { name = ("n"):rep(300), value = ("v"):rep(i == 1 and 1100 or 5) } end
        local fields = require("uhost.notify.channels.discord").render(message).json.embeds[1].fields
        assert.is_true(#fields <= 25)
        assert.same({ 256, 1024 }, { text.length(fields[1].name), text.length(fields[1].value) })
    end)

    it("calls nobody", function()
        local payload = render("discord", { event({ text = "@everyone" }) })
        assert.equal("[]", json.encode(payload.json.allowed_mentions.parse))
    end)
end)

describe("Zulip", function()
    it("cuts a topic to sixty characters, not bytes, and calls nobody", function()
        local message = messages.of({ event({ text = "@**all** and @_**ada**" }) })
        message.topic = ("ü"):rep(65)
        local form = require("uhost.notify.channels.zulip").render(message).form
        assert.equal(60, text.length(form.topic))
        assert.is_nil(form.content:find("@_?%*%*all"))
    end)
end)

describe("Teams", function()
    it("keeps a card within 28,000 bytes", function()
        local list = {}
        for i = 1, 100 do list[i] = event({ key = "k" .. i, title = ("ö"):rep(400) }) end
        assert.is_true(#json.encode(render("teams", list).json) <= 28000)
    end)
end)
