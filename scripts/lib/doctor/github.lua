-- What `uhost doctor` asks GitHub, and says of the token, which it never shows.
local github_answer = require("lib.github_answer")

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

local function check_access()
    local headers, rates = github_answer.ask()
    local core = rates.core
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

local function no_answer() return { status = "unknown", text = "GitHub gave no answer" } end

local function check_expiry()
    local answered, at = pcall(github_answer.token_end)
    if not answered then return no_answer() end
    if not at then return { status = "ok", text = "GitHub names no end of the token" } end
    local days = (at - time.now()) / 86400
    local text = "the token ends at " .. time.iso(at)
    if days > soon_days then return { status = "ok", text = text } end
    return { status = "attention", text = text, fix = "make a new one: https://github.com/settings/tokens" }
end

local function check_clock()
    local answered, skew = pcall(github_answer.clock_skew_s)
    if not answered then return no_answer() end
    if not skew then return { status = "unknown", text = "GitHub names no time" } end
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
