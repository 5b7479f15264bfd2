-- What GitHub says of the token and of the time when it is asked for the rate limits, which costs nothing and works
-- without a token. Asked once.
local M = {}

local max_answer_s = 2
local asking = task.limit(1)
local answer

--- The answer's headers and the rate limits; raises what the request raises.
---@return table<string, string> headers
---@return table rates  by resource
function M.ask()
    asking:with(function()
        if answer then return end
        local ok, body, response = pcall(github.request, { path = "/rate_limit", timeout_s = max_answer_s })
        answer = { ok = ok, body = body, response = response }
    end)
    if not answer.ok then error(answer.body, 0) end
    return answer.response.headers, answer.body.resources
end

--- The scopes of a classic token, as GitHub writes them; nil for other kinds of tokens.
---@return string?
function M.scopes() return (M.ask())["x-oauth-scopes"] end

--- When the token ends, in Unix seconds; nil where GitHub names no end.
---@return number?
function M.token_end()
    local expiry = (M.ask())["github-authentication-token-expiration"]
    return expiry and time.parse((expiry:gsub(" UTC$", "Z"):gsub(" ", "T", 1)))
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

--- How many seconds this machine's clock is ahead of GitHub's; nil where GitHub names no time.
---@return number?
function M.clock_skew_s()
    local theirs = http_date((M.ask()).date or "")
    return theirs and time.now() - theirs
end

return M
