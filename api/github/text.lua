-- Text that is posted: kept within GitHub's limit, and without markers that the caller did not ask for.
local marker = require("uhost.github.marker")

local M = {}

-- Of issues, pull requests and comments, in characters (code points). The API answers longer ones with 422.
M.longest_body = 65536

local room_for_note = 100

function M.length(text)
    return select(2, text:gsub("[^\128-\191]", ""))
end

-- The first `count` characters.
local function first_characters(text, count)
    local position = 1
    for _ = 1, count do
        local _, last = text:find("^[^\128-\191][\128-\191]*", position)
        if not last then break end
        position = last + 1
    end
    return text:sub(1, position - 1)
end

-- Cut off inside a code block, what follows would be shown as code.
local function close_code(text)
    local _, fences = text:gsub("%f[^\n%z]```", "")
    return fences % 2 == 1 and text .. "\n```" or text
end

local function refuse_markers(owner, text)
    if not text:find("<!%-%- *uhost:") then return end
    uhost.fail("argument", ("the body given to '%s' holds a marker of uhost (<!-- uhost:…)"):format(owner),
        { hint = "text from elsewhere could pretend to be ours: take it out, or name it with the option 'marker'" })
end

-- `text` in at most `room` characters. What is longer is an error, or with `cut` is shortened, which a note at its end
-- tells; `what` it is, for the message.
function M.fit(owner, what, text, room, cut)
    local length = M.length(text)
    if length <= room then return text end
    if not cut then
        uhost.fail("argument", ("the %s given to '%s' has %d characters, GitHub takes %d"):format(what, owner, length,
            room), { hint = "shorten it, or let the option `cut = true` do so" })
    end
    local kept = room - room_for_note
    return close_code(first_characters(text, kept)) .. ("\n\n_(%d more characters are left out.)_")
        :format(length - kept)
end

-- A body with the markers `names` at its end, within GitHub's limit.
function M.body(owner, text, names, cut)
    text = text or ""
    refuse_markers(owner, text)
    local tail = ""
    for _, name in ipairs(names) do tail = marker.add(tail, name) end
    text = M.fit(owner, "body", text, M.longest_body - M.length(tail) - (tail == "" and 0 or 2), cut)
    if tail == "" then return text end
    return text .. (text == "" and "" or "\n\n") .. tail
end

return M
