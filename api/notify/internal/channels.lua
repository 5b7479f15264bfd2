-- Channels: those that come with uhost, and a user's own, whose `render` runs in the sandbox of policies.
local allowed_hosts = require("uhost.http.allowed_hosts")
local own_types = require("uhost.policy.own_types")
local text = require("uhost.notify.text")

local shipped = { slack = true, discord = true, zulip = true, teams = true, email = true, webhook = true, github = true,
    file = true }

return function(native)
    local M = {}

    local own = {}

    -- A channel of the user's: what `render` returns goes to the address in NOTIFY_WEBHOOK_URL.
    local function load_own(name)
        local known = tables.sorted_keys(shipped)
        known[#known + 1] = "stdout"
        local rules = own_types.load("channel", name, native.text_setting("channels_folder"), known)
        local data = rules:data()
        return {
            limits = type(data.limits) == "table" and data.limits or {}, secret = "NOTIFY_WEBHOOK_URL", hosts = {},
            signing_secret = "NOTIFY_WEBHOOK_SECRET",
            render = function(message)
                local payload = rules:call("render", message)
                if type(payload) ~= "table" or payload.json == nil and type(payload.text) ~= "string" then
                    uhost.fail("policy.channel", ("render of the channel '%s' gives no payload"):format(name),
                        { hint = "return { json = … } or { text = \"…\" }" })
                end
                return { json = payload.json, text = payload.text }
            end,
        }
    end

    --- The channel of a type.
    ---@param name string
    ---@return table
    function M.load(name)
        if name == "stdout" then return require("uhost.notify.channels.file") end
        if shipped[name] then
            local channel = require("uhost.notify.channels." .. name)
            if name == "email" then channel.encode_base64 = native.encode_base64 end
            return channel
        end
        own[name] = own[name] or load_own(name)
        return own[name]
    end

    --- Raises `notify.settings` unless messages may go to a host.
    ---@param host string
    ---@param channel_hosts string[]
    ---@param secret string
    function M.require_host(host, channel_hosts, secret)
        if allowed_hosts.has(host, channel_hosts, native.text_setting("hosts")) then return end
        uhost.fail("notify.settings", ("%s leads to %s, where no message may go"):format(secret, host),
            { hint = "if that is right, add the host to the setting notify.hosts" })
    end

    --- What a message looks like in a channel.
    ---@param named table  of the policy
    ---@param message notify.Message
    ---@return table payload
    function M.render(named, message)
        local copy = {}
        for key, value in pairs(message) do copy[key] = value end
        copy.topic = named.topic
        copy.title = text.line(message.title)
        return M.load(named.type).render(copy)
    end

    return M
end
