-- Answers that say where something is now. For a GET `http` follows them; a change is sent on only as it was (307,
-- 308), within the API, since any other redirect would make it a GET.
local M = {}

local most = 3

local function named_at(transport, location)
    local base = location:match("^(.*/repositories/%d+)")
    if not base then return nil end
    local ok, body = pcall(transport.send, { method = "GET", url = base, what = base, idempotent = true })
    return ok and type(body) == "table" and body.full_name or nil
end

-- Whether the request was pointed to a new place and is to be sent again. Raises for a change that cannot be.
function M.follow(transport, request, response)
    local status, location = response.status, response.headers.location
    if status < 301 or status > 308 or not location or request.method == "GET" then return false end
    local name = named_at(transport, location)
    request.moves = (request.moves or 0) + 1
    local origin = request.url:match("^%a+://[^/]+")
    local is_same_origin = location:sub(1, #origin + 1) == origin .. "/"
    if (status == 307 or status == 308) and is_same_origin and request.moves <= most then
        log.warn(("%s has moved%s; the change is sent there"):format(request.what,
            name and ": the repository is called " .. name .. " now" or ""))
        request.url, request.query = location, nil
        return true
    end
    uhost.fail("github.moved", ("%s has moved%s"):format(request.what,
        name and ": the repository is called " .. name .. " now" or " to " .. location), {
        hint = name and "use its new name" or "use the new address",
        details = { status = status, location = location, repository = name, sent = false },
    })
end

return M
