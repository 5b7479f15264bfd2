-- Creating something exactly once, although answers get lost. After an attempt that may have taken effect, GitHub is
-- asked whether it did, and only when it surely did not is the attempt repeated.
local failures = require("uhost.github.failures")

local M = {}

local default_settle_s = 1
local looks = 4  -- in lists, which may lag behind by seconds

-- Whether an error leaves open if the change was made.
function M.is_uncertain(err)
    return uhost.is_error(err) and err.details.effect == "unknown"
end

-- Whether GitHub refuses to make it because it is there already.
local function is_there_already(err)
    return uhost.is_error(err) and err.kind == "github.invalid"
        and tostring(err.message):find("already_exists", 1, true) ~= nil
end

-- What `find` finds, asked again after growing pauses: the lists it reads may not show the newest yet.
local function look(native, find, what)
    local settle_s = http.is_replay() and 0 or native.number_setting("settle_s") or default_settle_s
    for round = 1, looks do
        task.sleep(settle_s * 2 ^ (round - 1))
        local ok, found = pcall(find)
        if not ok and (round == looks or not uhost.is_error(found) or found.kind == "cancelled") then
            if uhost.is_error(found) and found.kind ~= "cancelled" then failures.unsure(what, found) end
            error(found, 0)
        end
        if ok and found then return found end
    end
    return nil
end

-- Gives what `send(round)` gives; when its answer was lost, what `find()` finds. Between the two, at most one is made:
-- an attempt is repeated only after `find` has seen nothing several times.
function M.once(native, send, find, attempts, what)
    local was_uncertain
    for round = 1, attempts do
        local ok, body, response = pcall(send, round)
        if ok then return body, response end
        local err = body
        local uncertain = M.is_uncertain(err)
        if not uncertain and not (was_uncertain and is_there_already(err)) then error(err, 0) end
        was_uncertain = was_uncertain or uncertain
        log.debug(("%s: %s; looking whether it took effect"):format(what, tostring(err)))
        local found = look(native, find, what)
        if found then return found, { status = 201, ok = true, headers = {}, found = true } end
        if round == attempts or not uncertain then error(err, 0) end
    end
end

return M
