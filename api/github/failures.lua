-- What a refusal of GitHub means, and what to do about it.
local M = {}

local function first_line(text)
    return (text:match("^%s*([^\r\n]*)") or ""):sub(1, 300)
end

-- GitHub's own words for a refusal: the `message` of a JSON body.
function M.words(response)
    local ok, body = pcall(response.json, response)
    if ok and type(body) == "table" and type(body.message) == "string" then return first_line(body.message), body end
    return first_line(response.body), nil
end

local function fail(kind, message, hint, request, response, words)
    uhost.fail(kind, message, {
        hint = hint, native = words ~= "" and words or nil,
        details = { status = response.status, url = request.url, request_id = response.headers["x-github-request-id"] },
    })
end

local function unauthorized(request, response, words)
    if request.token then
        fail("github.auth", ("GitHub does not accept the token from %s"):format(request.token),
            "it may have expired or been revoked: make a new one (Settings > Developer settings), and set it there",
            request, response, words)
    end
    fail("github.auth", ("GitHub asks for a token for %s"):format(request.what),
        "set GITHUB_TOKEN (or GH_TOKEN) to a token that may read it", request, response, words)
end

local function forbidden(request, response, words)
    local headers = response.headers
    local token = request.token and "the token from " .. request.token or "an anonymous request"
    local sso = headers["x-github-sso"]
    if sso then
        fail("github.forbidden", ("%s is not authorized for the organization's single sign-on"):format(token),
            "authorize it: " .. (sso:match("url=(%S+)") or "Settings > Developer settings"), request, response, words)
    end
    local accepted, granted = headers["x-accepted-oauth-scopes"], headers["x-oauth-scopes"]
    if accepted and accepted ~= "" and granted then
        fail("github.forbidden", ("%s lacks a scope for %s: it needs %s and has %s"):format(token, request.what,
            accepted, granted ~= "" and granted or "none"),
            ("give the token the scope %s, or use another one"):format(accepted), request, response, words)
    end
    local permissions = headers["x-accepted-github-permissions"]
    if permissions then
        fail("github.forbidden", ("%s lacks a permission for %s: it needs %s"):format(token, request.what, permissions),
            ("grant the token (or, in a workflow, `permissions:`) %s"):format(permissions), request, response, words)
    end
    fail("github.forbidden", ("GitHub refuses %s to %s"):format(request.what, token),
        "check what the token may do, and whether the organization restricts access", request, response, words)
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

local function invalid(request, response, words, body)
    local fields = named_fields(body)
    fail("github.invalid", ("GitHub finds %s invalid: %s"):format(request.what, fields ~= "" and fields or words),
        "correct what is sent; the documentation of that call names the allowed values", request, response, words)
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

local function gone(request, response, words)
    if words:lower():find("issues", 1, true) and words:lower():find("disabled", 1, true) then
        fail("github.gone", ("issues are disabled in the repository of %s"):format(request.what),
            "turn them on in the repository's settings (General, Features), or use another repository", request,
            response, words)
    end
    fail("github.gone", ("what was at %s is gone: %s"):format(request.what, words),
        "it was deleted; look for where it went", request, response, words)
end

-- Raises what a response that is neither a success nor worth repeating means.
function M.raise(request, response)
    local words, body = M.words(response)
    local status = response.status
    if status == 401 then unauthorized(request, response, words) end
    if status == 403 then forbidden(request, response, words) end
    if status == 404 then
        fail("github.not_found", ("GitHub has nothing at %s"):format(request.what), where_else(request, response),
            request, response, words)
    end
    if status == 410 then gone(request, response, words) end
    if status == 422 or status == 400 then invalid(request, response, words, body) end
    if status >= 500 then
        local times = request.attempt > 1 and ("%d times "):format(request.attempt) or ""
        fail("github.unavailable", ("GitHub failed %sto answer %s (HTTP %d)"):format(times, request.what, status),
            "see https://www.githubstatus.com and try again later", request, response, words)
    end
    fail("github.refused", ("GitHub answered %s with HTTP %d"):format(request.what, status),
        "look at GitHub's own words", request, response, words)
end

-- Of a change whose answer was lost: whether it took effect could not be found out either.
function M.unsure(what, err)
    uhost.fail("github.unsure", ("whether %s took effect is not known: its answer was lost, and looking failed")
        :format(what), {
        hint = "look at GitHub before it is done again; see https://www.githubstatus.com",
        native = tostring(err), details = { effect = "unknown" },
    })
end

function M.not_json(request, response, reason)
    local is_page = response.body:match("^%s*<") ~= nil
    fail("github.protocol", is_page and ("GitHub answered %s with a web page"):format(request.what)
        or ("GitHub's answer to %s is not whole JSON"):format(request.what),
        is_page and "a proxy or a sign-in page may stand in between; check GITHUB_API_URL and the proxy settings"
        or "try again; a proxy in between may cut answers short", request, response, reason)
end

return M
