-- How payloads leave: over HTTP, by mail, to GitHub, into a file. Each sender gives the name of what it sent, if the
-- service gives one, or raises. A failure's `details.is_permanent` says that another attempt would fail as well;
-- `details.retry_after_s` says when the service wants the next one.
local growing_file = require("uhost.fs.growing_file")
local refusal = require("uhost.http.refusal")

return function(native, channels)
    local M = {}

    local function fail(message, details, hint)
        uhost.fail("notify.delivery", message, { hint = hint, details = details })
    end

    local function settings_fail(message, hint)
        uhost.fail("notify.settings", message, { hint = hint, details = { is_permanent = true } })
    end

    -- HTTP ------------------------------------------------------------------------------------------------------------

    -- Where a channel's messages go: by the address in a secret, or to a bot's service with its key.
    local function target_of(named, channel)
        local bot = channel.bot
        if bot and (named.to or not channel.secret) then
            local base = native.text_setting(bot.setting)
            if base == "" then base = bot.default or "" end
            if base == "" then
                settings_fail(("notify.%s is not set"):format(bot.setting), "set it to the server's address")
            end
            local host = base:match("^https?://([^/:]+)")
            if not host then settings_fail(("notify.%s is not an address"):format(bot.setting), "such as https://…") end
            local hosts = { host, unpack(bot.hosts) }
            channels.require_host(host, hosts, "notify." .. bot.setting)
            local user = bot.user_setting and native.text_setting(bot.user_setting) or ""
            local credential = native.credential(bot.secret, base, user)
            if credential then return base:gsub("/$", "") .. bot.path, credential, true end
            if not channel.secret then settings_fail(bot.secret .. " is not set", "set it in the environment") end
        end
        local credential, origin, host = native.address(channel.secret)
        if not credential then
            settings_fail(channel.secret .. " is not set", "set it in the environment to the webhook's address")
        end
        channels.require_host(host, channel.hosts, channel.secret)
        return origin .. "/", credential, false
    end

    local function body_of(payload)
        if payload.form then return http.query(payload.form), "application/x-www-form-urlencoded" end
        if payload.text then return payload.text, "text/plain; charset=utf-8" end
        return json.encode(payload.json), "application/json"
    end

    -- Sends a payload, to a place below the channel's address where the channel says so.
    local function post(named, channel, payload, sending, way)
        local url, credential, is_bot = target_of(named, channel)
        if is_bot then channel.address(payload, named.to, sending.reference) else url = url .. (way.path or "") end
        local body, kind = body_of(payload)
        local headers = { ["Content-Type"] = kind, ["Idempotency-Key"] = sending.key }
        local stamp = ("%d"):format(time.now())
        local signature = channel.signing_secret and native.sign(channel.signing_secret, stamp .. "." .. body)
        if signature then
            headers["X-Uhost-Timestamp"], headers["X-Uhost-Signature"] = stamp, "sha256=" .. signature
        end
        return http.request{
            method = way.method or "POST", url = url, body = body, headers = headers, credential = credential,
            mutates = { kind = "notify.send", target = named.id, summary = sending.summary },
        }
    end

    local function over_http(named, channel, payload, sending)
        local way = channel.way and channel.way(payload, sending.reference) or {}
        local response = post(named, channel, payload, sending, way)
        -- The message that was to be edited was removed.
        if response.status == 404 and way.method == "PATCH" then
            response = post(named, channel, payload, sending, channel.way(payload))
        end
        if response.planned then return nil, true end
        if not response.ok then fail(refusal(named.type, response, "messages")) end
        if not channel.read then return nil end
        local failure, reference = channel.read(response, payload)
        if failure then
            fail(("%s did not take the message: %s"):format(named.type, failure),
                { is_permanent = failure ~= "ratelimited" and failure ~= "internal_error" })
        end
        return reference
    end

    -- Mail ------------------------------------------------------------------------------------------------------------

    local function by_mail(named, channel, payload, sending)
        local from, to = native.text_setting("smtp_from"), {}
        for address in (named.to or ""):gmatch("[^,%s]+") do to[#to + 1] = address end
        if #to == 0 then settings_fail(("the channel '%s' names no address"):format(named.id), "set its `to`") end
        local id = ("%s@%s"):format(sending.key, from:match("@([%w.-]+)$") or "localhost")
        local text = channel.assemble(payload.mail, from, to, id, sending.reference)
        local is_planned = true
        plan.perform({ kind = "notify.send", target = named.id, summary = sending.summary, apply = function()
            is_planned = false
            native.send_mail({ to = to, message = text })
        end })
        return id, is_planned
    end

    -- GitHub ----------------------------------------------------------------------------------------------------------

    local states = { info = "success", warning = "failure", critical = "failure" }

    local function to_github(named, channel, payload, sending)
        local content, limits = payload.github, channel.limits
        local repository, kind, number = (named.to or ""):match("^([%w._-]+/[%w._-]+)([#@]?)(%d*)$")
        if not repository then
            settings_fail(("'%s' is not a place at GitHub"):format(named.to or ""),
                "owner/name#12, owner/name or owner/name@")
        end
        local repo, marker = github.repository(repository), "notify:" .. sending.key
        if kind == "#" then
            local comment = repo:ensure_comment(tonumber(number), { marker = marker, body = content.body, cut = true })
            return comment.id and tostring(comment.id), comment.planned
        elseif kind == "@" then
            if not content.commit then return nil end
            local status = repo:create_status(content.commit, { state = states[content.severity], context = "uhost",
                description = content.title:sub(1, limits.description), target_url = content.url })
            return nil, status.planned
        end
        local issue = repo:ensure_issue{ marker = marker, title = content.title, body = content.body, cut = true }
        return issue.number and tostring(issue.number), issue.planned
    end

    -- Files -----------------------------------------------------------------------------------------------------------

    local function to_file(named, channel, payload)
        if named.type == "stdout" then
            io.write(payload.lines)
            return nil
        end
        local name = named.to or "notifications.jsonl"
        local path = growing_file.path(name, ".jsonl", native.text_setting("file_folder"))
        if not path then
            settings_fail(("the channel '%s' writes to '%s', where no message may go"):format(named.id, name),
                "name a file such as failures.jsonl; the setting notify.file_folder says in which folder")
        end
        growing_file.append(path, payload.lines, channel.limits.bytes)
        return nil, uhost.dry_run
    end

    local senders = { email = by_mail, github = to_github, file = to_file, stdout = to_file }

    --- Sends a message. Gives what it is called there, and whether it was only planned.
    ---@param named table  a channel of the policy
    ---@param payload table
    ---@param sending { key: string, summary: string, reference?: string }
    ---@return string? reference
    ---@return boolean? is_planned
    function M.send(named, payload, sending)
        local channel = channels.load(named.type)
        return (senders[named.type] or over_http)(named, channel, payload, sending)
    end

    return M
end
