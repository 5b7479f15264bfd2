-- What `uhost doctor` asks GitHub, and says of the token, which it never shows.
local max_answer_s = 2
local max_clock_skew_s = 60
local low_rate = 100
local soon_days = 14

local function check_token()
    local source = github.token_source()
    if source then return { status = "ok", text = "from " .. source, details = { source = source } } end
    local ran, gh = pcall(process.run, { "gh", "auth", "status", timeout_s = 2 })
    if ran and gh.code == 0 then
        return { status = "attention", text = "there is none, but gh has one",
            fix = "uhost --set github.token_from=gh …, or UHOST_GITHUB_TOKEN_FROM=gh" }
    end
    return { status = "attention", text = "there is none: GitHub answers 60 requests an hour, of public things only",
        fix = "export GITHUB_TOKEN=…, or log in with gh and set UHOST_GITHUB_TOKEN_FROM=gh" }
end

local asking = task.limit(1)
local answer

-- Asking for the rate limits costs nothing, works without a token, and shows what the token may do. Asked once.
local function ask()
    return asking:with(function()
        if not answer then
            local ok, body, response = pcall(github.request, { path = "/rate_limit", timeout_s = max_answer_s })
            answer = { ok = ok, body = body, response = response }
        end
        return answer
    end)
end

-- The headers of the answer, for what is to be read there; nil and a finding without one.
local function headers_of_answer()
    local got = ask()
    if got.ok then return got.response.headers end
    return nil, { status = "unknown", text = "GitHub gave no answer" }
end

local function check_access()
    local got = ask()
    if not got.ok then error(got.body, 0) end
    local body, headers = got.body, got.response.headers
    local core = body.resources.core
    local text = ("%d of %d requests are left until %s"):format(core.remaining, core.limit, time.iso(core.reset))
    local details = { remaining = core.remaining, limit = core.limit, scopes = headers["x-oauth-scopes"] }
    if headers["x-oauth-scopes"] then text = text .. "; scopes: " .. headers["x-oauth-scopes"] end
    if core.remaining < low_rate then
        return { status = "attention", text = text, details = details, fix = "wait, or use another token" }
    end
    return { status = "ok", text = text, details = details }
end

-- Apps and the tokens of workflow runs belong to no user.
local function check_owner()
    if not github.token_source() then return { status = "unknown", text = "there is no token" } end
    local ok, user = pcall(github.request, { path = "/user", timeout_s = max_answer_s })
    if ok then return { status = "ok", text = user.login, details = { login = user.login } } end
    return { status = "unknown", text = "GitHub names no user for this token" }
end

local function check_expiry()
    local headers, finding = headers_of_answer()
    if not headers then return finding end
    local expiry = headers["github-authentication-token-expiration"]
    if not expiry then return { status = "ok", text = "GitHub names no end of the token" } end
    local at = time.parse((expiry:gsub(" UTC$", "Z"):gsub(" ", "T", 1)))
    local days = (at - time.now()) / 86400
    local text = "the token ends at " .. time.iso(at)
    if days > soon_days then return { status = "ok", text = text } end
    return { status = "attention", text = text, fix = "make a new one: https://github.com/settings/tokens" }
end

local months = { Jan = 1, Feb = 2, Mar = 3, Apr = 4, May = 5, Jun = 6, Jul = 7, Aug = 8, Sep = 9, Oct = 10, Nov = 11,
    Dec = 12 }

-- A Date header, as RFC 9110 has it: "Mon, 30 Nov 2026 03:00:00 GMT".
local function http_date(text)
    local day, month, year, hour, minute, second = text:match("(%d+) (%a+) (%d+) (%d+):(%d+):(%d+)")
    if not months[month] then return nil end
    return time.from_parts({ year = tonumber(year), month = months[month], day = tonumber(day), hour = tonumber(hour),
        minute = tonumber(minute), second = tonumber(second) })
end

local function check_clock()
    local headers, finding = headers_of_answer()
    if not headers then return finding end
    local theirs = http_date(headers.date or "")
    if not theirs then return { status = "unknown", text = "GitHub names no time" } end
    local skew = time.now() - theirs
    local text = ("%.0f s off GitHub's"):format(skew)
    if math.abs(skew) <= max_clock_skew_s then return { status = "ok", text = text, details = { skew_s = skew } } end
    return { status = "attention", text = text, details = { skew_s = skew },
        fix = "synchronize the clock (timedatectl set-ntp true): App tokens and signatures fail otherwise" }
end

return {
    { id = "token", title = "GitHub token", run = check_token },
    { id = "github", title = "GitHub", run = check_access, network = true },
    { id = "token_owner", title = "token's user", run = check_owner, network = true },
    { id = "token_expiry", title = "token's end", run = check_expiry, network = true },
    { id = "clock", title = "clock", run = check_clock, network = true },
}
