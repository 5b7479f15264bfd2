-- Takes GitHub's webhooks: what is signed and new is kept in the store before GitHub hears that it has arrived.
local store_of = require("lib.serve.store")

local M = {}

-- GitHub sends no more than this. https://docs.github.com/en/webhooks/webhook-events-and-payloads
M.max_body_bytes = 25 * 1024 * 1024

local function refused(status, reason) return { status = status, body = reason .. "\n" } end

local function is_word(text, pattern) return type(text) == "string" and #text <= 100 and text:find(pattern) ~= nil end

-- What is wrong with a delivery, as an answer; nil when nothing is.
local function problem_of(request)
    local headers = request.headers
    if request.method ~= "POST" then return refused(405, "deliveries are sent with POST") end
    local media_type = (headers["content-type"] or ""):match("^[^;%s]*")
    if media_type ~= "application/json" then
        return refused(415, "set the webhook's content type to application/json")
    end
    if not github.verify_webhook(request.body, headers["x-hub-signature-256"] or "") then
        return refused(403, "the signature does not fit: is the webhook's secret the one in GITHUB_WEBHOOK_SECRET?")
    end
    if not is_word(headers["x-github-event"], "^[%l_]+$") then return refused(400, "X-GitHub-Event is missing") end
    if not is_word(headers["x-github-delivery"], "^[%w-]+$") then
        return refused(400, "X-GitHub-Delivery is missing")
    end
end

-- Keeps deliveries of many requests in one transaction: the disk is asked once for all that came meanwhile.
local function batcher(store, health)
    local pending, lock = {}, task.limit(1)
    local function flush()
        while #pending > 0 do
            local batch, deliveries = pending, {}
            pending = {}
            for i, each in ipairs(batch) do deliveries[i] = each.delivery end
            local ok, new = health.attempt(store_of.keep_deliveries, store, deliveries)
            for i, each in ipairs(batch) do
                each.is_done, each.is_kept, each.is_new = true, ok, ok and new[i]
            end
        end
    end
    return function(delivery)
        local entry = { delivery = delivery }
        pending[#pending + 1] = entry
        lock:with(function()
            if not entry.is_done then flush() end
        end)
        return entry.is_kept, entry.is_new
    end
end

-- Without a secret nobody could know who sends.
local function has_secret()
    local ok, failure = pcall(github.verify_webhook, "", "")
    if ok then return true end
    if not uhost.is_error(failure) or failure.kind ~= "github.auth" then error(failure, 0) end
    log.warn("GITHUB_WEBHOOK_SECRET is not set: webhooks are refused")
    return false
end

--- The handler of deliveries. `arrived()` is called after each that is new.
---@param store db.Connection
---@param health serve.Health
---@param counters table<string, integer>  counts deliveries by how they were answered
---@param arrived fun()
---@return fun(request: server.Request): server.Response
function M.handler(store, health, counters, arrived)
    local keep, is_ready = batcher(store, health), has_secret()
    local function count(outcome) counters[outcome] = (counters[outcome] or 0) + 1 end
    return function(request)
        local problem = is_ready and problem_of(request)
        if not is_ready then problem = refused(503, "no secret is set to verify webhooks with") end
        if problem then
            count("refused")
            return problem
        end
        local headers = request.headers
        local is_kept, is_new = keep({
            id = headers["x-github-delivery"], digest = hash.text(headers["x-github-event"] .. "\n" .. request.body),
            event = headers["x-github-event"], payload = request.body,
        })
        if not is_kept then
            -- GitHub shows the answer beside the delivery, and it can be sent again.
            count("failed")
            return { status = 503, headers = { ["Retry-After"] = "60" }, body = "the delivery could not be kept\n" }
        end
        count(is_new and "accepted" or "known")
        if is_new then arrived() end
        -- GitHub shows that it failed, so that it can be sent again.
        if uhost.dry_run then return refused(503, "this is a dry run: the delivery is not kept") end
        return { status = is_new and 202 or 200, json = { accepted = is_new } }
    end
end

return M
