-- What a job needs of GitHub: the token, what it may do, requests that are left, a cache, the right time.
local github_answer = require("lib.github_answer")

local M = {}

-- What a function gives; what went wrong as a problem, for a check that cannot be made does not hold.
local function asked(body, ...)
    local ok, result = pcall(body, ...)
    if ok then return result end
    if not uhost.is_error(result) or result.kind == "interrupted" then error(result, 0) end
    return nil, "GitHub gave no answer: " .. result.message
end

-- Scopes that hold others.
local wider = { repo = { "public_repo", "repo:status", "repo_deployment" }, ["write:packages"] = { "read:packages" },
    ["admin:org"] = { "write:org", "read:org" }, ["write:org"] = { "read:org" }, user = { "read:user" } }

--- The scopes of a classic token. Other tokens do not tell what they may do.
function M.token_scopes(check)
    if not github.token_source() then return "there is no token for GitHub" end
    local text, why = asked(github_answer.scopes)
    if why then return why end
    if not text then return nil end
    local known = {}
    for scope in text:gmatch("[%w:_]+") do
        known[scope] = true
        for _, inner in ipairs(wider[scope] or {}) do known[inner] = true end
    end
    local missing = {}
    for _, scope in ipairs(check.scopes or {}) do
        if not known[scope] then missing[#missing + 1] = scope end
    end
    if #missing > 0 then return ("the token lacks the scope %s"):format(table.concat(missing, ", ")) end
end

--- What the token may do in the repository: "pull", "push", "admin" …
function M.repository_access(check)
    local name = check.repository or os.getenv("GITHUB_REPOSITORY")
    if not name or name == "" then return "no repository given: GITHUB_REPOSITORY is not set" end
    local body, why = asked(github.get, "/repos/" .. name)
    if why then return why end
    local permissions = body and body.permissions or {}
    if not permissions[check.needs] then return ("the token may not %s %s"):format(check.needs, name) end
end

function M.token_end(check)
    local at, why = asked(github_answer.token_end)
    if why then return why end
    if at and (at - time.now()) / 86400 < (check.days_left or 14) then
        return ("the token ends at %s"):format(time.iso(at))
    end
end

function M.rate_limit(check)
    local resource = check.resource or "core"
    local rates, why = asked(function() return select(2, github_answer.ask()) end)
    if why then return why end
    local rate = rates[resource]
    if not rate then return ("GitHub has no rate limit called '%s'"):format(resource) end
    if rate.remaining < check.least then
        return ("%d of %d requests are left until %s, %d are needed"):format(rate.remaining, rate.limit,
            time.iso(rate.reset), check.least)
    end
end

function M.clock(check)
    local skew, why = asked(github_answer.clock_skew_s)
    if why then return why end
    if skew and math.abs(skew) > (check.max_skew_s or 60) then
        return ("the clock is %.0f s off GitHub's"):format(skew)
    end
end

--- A cache of Actions whose key begins with a text.
function M.cache(check)
    local list, why = asked(function()
        return github.repository(check.repository):caches{ key = check.key, limit = 1 }:all()
    end)
    if why then return why end
    if #list == 0 then return ("there is no cache whose key begins with '%s'"):format(check.key) end
end

return M
