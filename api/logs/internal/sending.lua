-- How batches leave: over HTTP, signed for S3, as a stream, into a file. A failure's `details.is_permanent` says that
-- another attempt would fail as well; `details.retry_after_s` says when the service wants the next one.
local allowed_hosts = require("uhost.http.allowed_hosts")
local growing_file = require("uhost.fs.growing_file")
local refusal = require("uhost.http.refusal")

return function(native)
    local M = {}

    local function fail(message, details, hint)
        uhost.fail("logs.delivery", message, { hint = hint, details = details })
    end

    local function settings_fail(message, hint)
        uhost.fail("logs.sink", message, { hint = hint, details = { is_permanent = true } })
    end

    local function encode(value) return json.encode(value) end

    --- What a sink makes of a batch.
    ---@param type table  of the sink
    ---@param sink logs.Sink
    ---@param batch logs.Batch
    ---@return table payload
    function M.render(type, sink, batch)
        for _, name in ipairs(type.needs or {}) do
            if not sink[name] then
                settings_fail(("the sink '%s' has no `%s`"):format(sink.id, name), "set it in policies/log_sinks.lua")
            end
        end
        return type.render(batch, sink, encode)
    end

    -- A policy may be changed by anybody who opens a pull request: where logs go is for the machine's owner to allow.
    -- The host is the one that the client connects to: "https://evil.example?.grafana.net" leads to evil.example.
    local function require_host(type, sink, url)
        local ok, host = pcall(native.host_of, url)
        if not ok then
            settings_fail(("the sink '%s' has no address to send to: %s"):format(sink.id, host.message),
                "such as https://logs.example.org")
        end
        if allowed_hosts.has(host, type.hosts, native.text_setting("hosts")) then return end
        settings_fail(("the sink '%s' leads to %s, where no log may go"):format(sink.id, host),
            "if that is right, add the host to the setting logs.hosts")
    end

    -- HTTP ------------------------------------------------------------------------------------------------------------

    local function credential_of(type, sink, url)
        local auth = type.auth
        if not auth then return nil end
        local scheme = sink.user and "Basic" or auth.scheme
        local credential = native.credential(auth.secret, url, scheme, sink.user or "")
        if not credential and auth.required then
            settings_fail(auth.secret .. " is not set", "set it in the environment")
        end
        return credential
    end

    local function body_of(payload)
        local body = uhost.mask(payload.text or json.encode(payload.json))
        local kind = payload.content_type or (payload.text and "text/plain; charset=utf-8" or "application/json")
        return payload.gzip and native.gzip(body) or body, kind
    end

    -- The headers that an object store asks for.
    local function sign(type, sink, url, payload, body, headers)
        local stamp = time.iso(math.floor(time.now())):gsub("[-:]", "")
        local hash_of_body = hash.text(body)
        local signed = native.sign_aws{
            method = payload.method, url = url, path = payload.path, region = sink.region or "us-east-1",
            access_key_id = sink.access_key_id, payload_hash = hash_of_body, time = stamp, secret = type.signs.secret,
            session_token = type.signs.session_token,
        }
        if not signed then settings_fail(type.signs.secret .. " is not set", "set it in the environment") end
        headers["Authorization"], headers["X-Amz-Date"], headers["X-Amz-Content-Sha256"] = signed, stamp, hash_of_body
        return native.credential(type.signs.session_token, url, "header:X-Amz-Security-Token", "")
    end

    local function over_http(type, sink, payload, sending)
        local base = (type.address and type.address(sink) or sink.url or type.url):gsub("/+$", "")
        local url = base .. (payload.path or "/")
        require_host(type, sink, url)
        local body, kind = body_of(payload)
        local headers = { ["Content-Type"] = kind, ["Idempotency-Key"] = sending.key }
        for name, value in pairs(payload.headers or {}) do headers[name] = value end
        if payload.gzip and not type.signs then headers["Content-Encoding"] = "gzip" end
        local credential
        if type.signs then
            credential = sign(type, sink, url, payload, body, headers)
        else
            credential = credential_of(type, sink, url)
        end
        local response = http.request{
            method = payload.method or "POST", url = url, body = body, mask = false,
            headers = headers, credential = credential, timeout_s = 60,
            mutates = { kind = "logs.send", target = sink.id, summary = sending.summary },
        }
        if response.planned then return end
        if not response.ok then fail(refusal(sink.type, response, "requests")) end
        if not type.judge then return end
        local ok, answer = pcall(json.decode, response.body)
        local reason, is_permanent = type.judge(ok and answer or {})
        if reason then fail(("%s: %s"):format(sink.type, reason), { is_permanent = is_permanent }) end
    end

    -- Others ----------------------------------------------------------------------------------------------------------

    local function to_stream(type, sink, payload, sending)
        require_host(type, sink, sink.url)
        plan.perform({ kind = "logs.send", target = sink.id, summary = sending.summary, apply = function()
            native.send_stream(sink.url, uhost.mask(payload.stream))
        end })
    end

    local function to_file(type, sink, payload)
        -- The runner of GitHub Actions would take some lines of logs for its commands.
        if sink.to == "stdout" then return io.write((payload.file:gsub("##%[", "\\u0023["))) end
        local name = sink.to or "logs.ndjson"
        local path = growing_file.path(name, ".ndjson", native.text_setting("file_folder"))
        if not path then
            settings_fail(("the sink '%s' writes to '%s', where no log may go"):format(sink.id, name),
                "name a file such as failures.ndjson; the setting logs.file_folder says in which folder")
        end
        growing_file.append(path, payload.file, type.limits.file_bytes)
    end

    --- Sends a batch.
    ---@param type table  of the sink
    ---@param sink logs.Sink
    ---@param payload table
    ---@param sending { key: string, summary: string }
    function M.send(type, sink, payload, sending)
        if payload.file then return to_file(type, sink, payload) end
        return (payload.stream and to_stream or over_http)(type, sink, payload, sending)
    end

    return M
end
