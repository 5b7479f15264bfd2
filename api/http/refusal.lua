-- What an answer that refuses means for whoever sends again and again: the details of the failure that senders raise.
-- `is_permanent`: another attempt would fail as well; `retry_after_s`: when the service wants the next one.

local max_shown_bytes, max_wait_s = 300, 7 * 86400

local function retry_after(response)
    local value = response.headers["retry-after"]
    if not value then return nil end
    local ok, at = pcall(time.parse, value)
    local seconds = tonumber(value) or ok and at - time.now()
    -- Neither "nan" nor a time after the end of the calendar.
    return seconds and seconds == seconds and math.min(math.max(0, seconds), max_wait_s) or nil
end

--- The message, details and hint of such a failure.
---@param service string
---@param response http.Response
---@param what string  what there may be too many of: "messages"
---@return string message
---@return { status: integer, is_permanent: boolean, retry_after_s: number?, said: string } details
---@return string? hint
return function(service, response, what)
    local is_limit = response.status == 429
    local is_permanent = response.status >= 400 and response.status < 500 and not is_limit and response.status ~= 408
    local said = response.body:sub(1, max_shown_bytes)
    return ("%s answered %d%s"):format(service, response.status, is_limit and ": too many " .. what or ""),
        { status = response.status, is_permanent = is_permanent, retry_after_s = retry_after(response), said = said },
        is_permanent and "the service says: " .. said or nil
end
