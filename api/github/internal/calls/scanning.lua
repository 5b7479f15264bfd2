-- Code scanning: findings that are sent as SARIF, and the alerts that come of them.
local record = require("uhost.github.internal.record")

-- GitHub takes 10 MB of SARIF, compressed.
local max_packed_bytes = 10 * 1024 * 1024 * 4 / 3

return function(context)
    local check, define, native = context.check, context.define, context.native

    local function packed(owner, sarif)
        local text = native.gzip_base64(type(sarif) == "table" and json.encode(sarif) or sarif)
        if #text > max_packed_bytes then check.refuse(owner, "sarif", "at most 10 MB when compressed", sarif) end
        return text
    end

    -- The same findings twice are shown once.
    define("upload_sarif", {
        "POST /code-scanning/sarifs", also = { "sarif" },
        types = { sarif = check.either("SARIF as text or table", check.word, check.table) },
        options = {
            commit = check.word, ref = check.word, tool = check.word, checkout_uri = check.word,
            started_at = check.time,
        },
        required = { "commit", "ref" }, kind = "scanning.upload", summary = "send findings for {ref}",
        repeatable = true, record = record.of("github.SarifUpload", { id = true, url = true }),
        send = function(values)
            return {
                commit_sha = values.commit, ref = values.ref, tool_name = values.tool,
                checkout_uri = values.checkout_uri, started_at = values.started_at,
                sarif = packed("github.Repository:upload_sarif", values.sarif),
            }
        end,
    })

    define("sarif_upload", {
        "GET /code-scanning/sarifs/{upload}",
        record = record.of("github.SarifStatus", {
            status = "processing_status", analyses_url = true,
            errors = record.list("errors", "message"),
        }),
    })

    local alert_record = record.of("github.Alert", {
        number = true, state = true, rule = "rule.id", severity = "rule.severity",
        security_severity = "rule.security_severity_level", description = "rule.description", tool = "tool.name",
        message = "most_recent_instance.message.text", path = "most_recent_instance.location.path",
        line = "most_recent_instance.location.start_line", ref = "most_recent_instance.ref",
        commit = "most_recent_instance.commit_sha", dismissed_reason = true, dismissed_by = "dismissed_by.login",
        dismissed_comment = true, url = "html_url", created_at = true, updated_at = true, fixed_at = true,
        dismissed_at = true,
    })

    define("code_scanning_alerts", {
        "GET /code-scanning/alerts", list = true, identity = "number", record = alert_record,
        options = {
            state = check.one_of("open", "dismissed", "fixed"), tool = check.word, ref = check.word,
            sort = check.one_of("created", "number", "updated"), direction = check.one_of("asc", "desc"),
        },
        names = { tool = "tool_name" },
    })

    define("update_code_scanning_alert", {
        "PATCH /code-scanning/alerts/{number}", kind = "scanning.update", summary = "make it {state}",
        options = {
            state = check.one_of("open", "dismissed"),
            reason = check.one_of("false positive", "won't fix", "used in tests"), comment = check.word,
        },
        required = { "state" }, names = { reason = "dismissed_reason", comment = "dismissed_comment" },
        record = alert_record,
    })
end
