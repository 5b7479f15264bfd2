-- What a refusal of GitHub means, and what to do about it.
local M = {}

-- Failures after which the same request may well succeed.
local passing = {
    ["http.dns"] = true, ["http.connect"] = true, ["http.reset"] = true, ["http.timeout"] = true,
    ["http.protocol"] = true, ["http.proxy"] = true,
}

-- Whether an error is one of transport that may be gone at the next attempt. A proxy that asks for a password, or
-- refuses the way, stays as it is.
function M.is_passing(err)
    if type(err) ~= "table" or not passing[err.kind] then return false end
    local status = err.kind == "http.proxy" and err.details and err.details.status or 0
    return status == 0 or status >= 500
end

local function first_line(text)
    return (text:match("^%s*([^\r\n]*)") or ""):sub(1, 300)
end

-- GitHub's own message in a refusal, the `message` of a JSON body, and the body; what is not JSON by its first line.
function M.message_of(response)
    local ok, body = pcall(response.json, response)
    if ok and type(body) == "table" and type(body.message) == "string" then return first_line(body.message), body end
    return M.is_web_page(response) and "" or first_line(response.body), nil
end

-- `code` of the first of the `errors` of a 422: "already_exists", "missing_field" …
local function code_of(body)
    local errors = type(body) == "table" and body.errors
    local first = type(errors) == "table" and errors[1]
    return type(first) == "table" and type(first.code) == "string" and first.code or nil
end

local function fail(kind, message, hint, request, response, native, body)
    uhost.fail(kind, message, {
        hint = hint, native = native ~= "" and native or nil,
        details = {
            status = response.status, url = request.url, request_id = response.headers["x-github-request-id"],
            code = code_of(body),
        },
    })
end

local function unauthorized(request, response, native)
    if request.token then
        fail("github.auth", ("GitHub does not accept the token from %s"):format(request.token),
            "it may have expired or been revoked: make a new one (Settings > Developer settings), and set it there",
            request, response, native)
    end
    fail("github.auth", ("GitHub asks for a token for %s"):format(request.what),
        "set GITHUB_TOKEN (or GH_TOKEN) to a token that may read it", request, response, native)
end

local function forbidden(request, response, native)
    local headers = response.headers
    local token = request.token and "the token from " .. request.token or "an anonymous request"
    local sso = headers["x-github-sso"]
    if sso then
        fail("github.forbidden", ("%s is not authorized for the organization's single sign-on"):format(token),
            "authorize it: " .. (sso:match("url=(%S+)") or "Settings > Developer settings"), request, response, native)
    end
    local accepted, granted = headers["x-accepted-oauth-scopes"], headers["x-oauth-scopes"]
    if accepted and accepted ~= "" and granted then
        fail("github.forbidden", ("%s lacks a scope for %s: it needs %s and has %s"):format(token, request.what,
            accepted, granted ~= "" and granted or "none"),
            ("give the token the scope %s, or use another one"):format(accepted), request, response, native)
    end
    local permissions = headers["x-accepted-github-permissions"]
    if permissions then
        fail("github.forbidden", ("%s lacks a permission for %s: it needs %s"):format(token, request.what, permissions),
            ("grant the token (or, in a workflow, `permissions:`) %s"):format(permissions), request, response, native)
    end
    fail("github.forbidden", ("GitHub refuses %s to %s"):format(request.what, token),
        "check what the token may do, and whether the organization restricts access", request, response, native)
end

-- "title: missing_field; labels: invalid", from the `errors` of a 422.
local function named_fields(body)
    local pieces = {}
    for _, problem in ipairs(type(body) == "table" and type(body.errors) == "table" and body.errors or {}) do
        if type(problem) == "string" then
            pieces[#pieces + 1] = problem
        elseif type(problem) == "table" then
            local reason = problem.message or problem.code
            pieces[#pieces + 1] = ("%s: %s"):format(tostring(problem.field or problem.resource or "request"),
                tostring(reason))
        end
    end
    return table.concat(pieces, "; ")
end

local function invalid(request, response, native, body)
    local fields = named_fields(body)
    fail("github.invalid", ("GitHub finds %s invalid: %s"):format(request.what, fields ~= "" and fields or native),
        "correct what is sent; the documentation of that call names the allowed values", request, response, native,
        body)
end

-- What is private looks absent to a token that may not see it.
local function where_else(request, response)
    if not request.token then
        return "check the spelling; for something private set GITHUB_TOKEN to a token that may read it"
    end
    local granted = response.headers["x-oauth-scopes"]
    if granted and request.method == "GET" and not (", " .. granted .. ","):find(", repo,", 1, true) then
        return ("check the spelling; the token from %s has no scope repo, without which what is private looks absent")
            :format(request.token)
    end
    return ("check the spelling; the token from %s may also lack access to it"):format(request.token)
end

-- GitHub answers the same for what was deleted and for what is switched off, such as issues: its message says which.
local function gone(request, response, native)
    fail("github.gone", ("%s is gone: %s"):format(request.what, native),
        "it was deleted, or switched off in the repository's settings (General, Features)", request, response, native)
end

-- Whether a response is a page for people. GitHub's API answers in JSON: a proxy or a sign-in page stands in between.
function M.is_web_page(response)
    return (response.headers["content-type"] or ""):find("text/html", 1, true) ~= nil
        or type(response.body) == "string" and response.body:sub(1, 200):lower():match("^%s*<[!h][dt]") ~= nil
end

local function raise_web_page(request, response)
    fail("github.protocol", ("GitHub answered %s with a web page"):format(request.what),
        "a proxy or a sign-in page may stand in between; check GITHUB_API_URL and the proxy settings", request,
        response, "")
end

-- Raises what a response that is neither a success nor worth repeating means.
function M.raise(request, response)
    local message, body = M.message_of(response)
    local status = response.status
    if status < 500 and M.is_web_page(response) then raise_web_page(request, response) end
    if status == 401 then unauthorized(request, response, message) end
    if status == 403 then forbidden(request, response, message) end
    if status == 404 then
        fail("github.not_found", ("GitHub has nothing at %s"):format(request.what), where_else(request, response),
            request, response, message)
    end
    if status == 410 then gone(request, response, message) end
    if status == 422 or status == 400 then invalid(request, response, message, body) end
    if status >= 500 then
        local times = request.attempt > 1 and ("%d times "):format(request.attempt) or ""
        fail("github.unavailable", ("GitHub failed %sto answer %s (HTTP %d)"):format(times, request.what, status),
            "see https://www.githubstatus.com and try again later", request, response, message)
    end
    fail("github.refused", ("GitHub answered %s with HTTP %d"):format(request.what, status),
        "look at GitHub's own message", request, response, message)
end

-- Of a change whose answer was lost: whether it took effect could not be found out either.
function M.unsure(what, err)
    uhost.fail("github.unsure", ("whether %s took effect is not known: its answer was lost, and looking failed")
        :format(what), {
        hint = "look at GitHub before it is done again; see https://www.githubstatus.com",
        native = tostring(err), details = { effect = "unknown" },
    })
end

-- An answer that is JSON, but not what the call is answered with.
function M.unexpected(request, response, fault)
    fail("github.protocol", ("GitHub's answer to %s cannot be used: %s"):format(request.what, fault),
        "try again; a proxy in between may garble answers", request, response, "")
end

function M.not_json(request, response, reason)
    if M.is_web_page(response) then raise_web_page(request, response) end
    fail("github.protocol", ("GitHub's answer to %s is not whole JSON"):format(request.what),
        "try again; a proxy in between may cut answers short", request, response, reason)
end

return M
