-- What channels send, by the services' own definitions.
local expect = require("support.expect")
local messages = require("uhost.notify.internal.message")
local peers = require("support.peers")

local function event(more)
    local made = { kind = "ci_failures.new", key = "k", severity = "warning", title = "Kiln", text = "", data = {} }
    for key, value in pairs(more) do made[key] = value end
    return made
end

local function many(count, more)
    local list = {}
    for i = 1, count do
        local each = { key = "k" .. i, title = ("event %d"):format(i) }
        for key, value in pairs(more or {}) do each[key] = value end
        list[i] = event(each)
    end
    return list
end

local wide = {}
for i = 1, 40 do wide["field " .. i] = ("value <&> %d "):format(i):rep(40) end

-- Events of every shape: short, long, with fields, several at once, hostile.
local shapes = {
    { event({}) }, { event({ text = ("<&>é"):rep(2000), url = "https://e.org/a?b=c&d=e" }) },
    { event({ data = wide, severity = "critical", url = "https://e.org" }) }, many(3, { url = "https://e.org/x" }),
    many(70, { severity = "info", data = { branch = "main" } }),
    { event({ title = "<!channel> @everyone <at>x</at> **a**", text = "[x](https://e.org) <@U1> ``` \27[31m" }) },
    { event({ title = ("ü"):rep(900), url = "javascript:alert(1)", data = { a = "", b = ("z"):rep(5000) } }) },
}

local function payloads(name)
    local channel, list = require("uhost.notify.channels." .. name), {}
    for i, events in ipairs(shapes) do list[i] = channel.render(messages.of(events)).json end
    return list
end

local function problems(kind, name, value)
    local found
    expect.in_folder({ [name .. ".json"] = json.encode(value) }, function(folder)
        found = peers.problems(kind, fs.join(folder, name .. ".json"))
    end)
    return found
end

describe("what is sent to", function()
    it("Slack has only blocks and fields that Slack's own types have", function()
        local missing = peers.missing()
        if missing then return pending(missing) end
        assert.equal("", problems("slack", "payloads", payloads("slack")))
        local broken = payloads("slack")[1]
        broken.blocks[1].type = "heading"
        assert.matches("heading", problems("slack", "broken", broken), 1, true)
    end)

    it("Teams is a card that Microsoft's own library reads without a complaint", function()
        local missing = peers.missing()
        if missing then return pending(missing) end
        for _, payload in ipairs(payloads("teams")) do assert.equal("", problems("teams", "payload", payload)) end
        local broken = payloads("teams")[1]
        broken.attachments[1].content.body[1].weight = "Boldest"
        assert.matches("Boldest", problems("teams", "broken", broken), 1, true)
    end)
end)
