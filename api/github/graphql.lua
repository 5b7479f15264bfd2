-- GraphQL: errors come in answers of status 200, and may come beside data.
local clock = require("uhost.github.clock")
local rate = require("uhost.github.rate")
local waits = require("uhost.github.waits")

local M = {}

local longest_summary = 80
local forbidden = { FORBIDDEN = true, INSUFFICIENT_SCOPES = true }

local function without_comments(query)
    return (query:gsub("#[^\n]*", ""))
end

local function is_mutation(query)
    return without_comments(query):match("^%s*mutation%f[%W]") ~= nil
end

local function list(value)
    return type(value) == "table" and value or {}
end

local function has_type(errors, wanted)
    for _, err in ipairs(errors) do
        if err.type == wanted then return true end
    end
    return false
end

local function words(errors)
    local messages = {}
    for _, err in ipairs(errors) do messages[#messages + 1] = tostring(err.message) end
    return table.concat(messages, "; "):gsub("%s+", " "):sub(1, 500)
end

local function fail(errors, request)
    local message = words(errors)
    for _, err in ipairs(errors) do
        if forbidden[err.type] then
            uhost.fail("github.forbidden", ("GitHub refuses the query: %s"):format(message),
                { hint = ("check what the token from %s may do"):format(request.token or "GITHUB_TOKEN") })
        end
    end
    if has_type(errors, "NOT_FOUND") then
        uhost.fail("github.not_found", ("GitHub knows none of it: %s"):format(message),
            { hint = "check the spelling; the token may also lack access to it" })
    end
    uhost.fail("github.graphql", ("GitHub cannot answer the query: %s"):format(message),
        { hint = "correct the query; if GitHub speaks of a timeout, ask for less at a time" })
end

-- GitHub's word for a failure inside, often a timeout: the same query may succeed later.
local function is_passing(errors)
    return words(errors):find("Something went wrong", 1, true) ~= nil
end

local function new_request(native, query, variables)
    local mutation = is_mutation(query)
    local summary = without_comments(query):gsub("%s+", " "):sub(1, longest_summary)
    return {
        method = "POST", url = native.endpoints().graphql_url, graphql = true, idempotent = not mutation,
        json = { query = query, variables = variables }, what = "a GraphQL query",
        mutates = mutation and { kind = "github.graphql", target = native.endpoints().graphql_url, summary = summary },
    }
end

local function require_token(transport)
    if transport.credentials.available() then return end
    uhost.fail("github.auth", "GitHub answers GraphQL queries only with a token, and none is set",
        { hint = "set GITHUB_TOKEN (or GH_TOKEN); `gh auth token` prints one if you use gh" })
end

-- The data and, when some of it could not be had, the list of errors.
function M.ask(native, transport, query, variables)
    require_token(transport)
    local most = 5
    for attempt = 1, most do
        local request = new_request(native, query, variables)
        local body, response = transport.send(request)
        if response.planned then return {}, nil end
        local errors = list(body and body.errors)
        local data = body and body.data
        if has_type(errors, "RATE_LIMITED") and attempt < most then
            local reset = tonumber(response.headers["x-ratelimit-reset"])
            local wait_s = reset and clock.seconds_until(reset, response.headers) + 1 or 60
            waits.block(native, rate.held_by(request), wait_s, waits.used_up)
        elseif type(data) == "table" then
            return data, errors[1] and errors or nil
        elseif request.idempotent and is_passing(errors) and attempt < most then
            task.sleep(transport.backoff(attempt))
        else
            fail(errors, request)
        end
    end
end

return M
