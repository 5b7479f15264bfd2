-- Text that is posted: hidden comments by which it is found again (`<!-- uhost:NAME -->`), and GitHub's limits.
local M = {}

local max_name_bytes = 100

-- Letters, digits and "._:/#@-", without "--", which would end the comment.
function M.is_name(name)
    return type(name) == "string" and #name <= max_name_bytes and name:match("^[%w._:/#@-]+$") ~= nil
        and not name:find("--", 1, true) and name:sub(-1) ~= "-"
end

-- The comment for a name.
function M.comment(name)
    if not M.is_name(name) then
        uhost.fail("argument", ("'%s' is not a marker"):format(tostring(name):sub(1, 100)),
            { hint = "a marker is 1 to 100 letters, digits and ._:/#@-, without two dashes in a row" })
    end
    return ("<!-- uhost:%s -->"):format(name)
end

-- `body` with the marker at its end, after an empty line; once, however often it is added.
function M.add(body, name)
    if M.has(body, name) then return body end
    body = body or ""
    return body .. (body == "" and "" or "\n\n") .. M.comment(name)
end

-- Whether a body holds the marker. A body of GitHub may be nil or json.null.
function M.has(body, name)
    return type(body) == "string" and body:find(M.comment(name), 1, true) ~= nil
end

-- The names of the markers of a new body: the one asked for, if any, and one of its own.
function M.names_for(name, own)
    if name then M.comment(name) end  -- refuses an invalid name
    return name and { name, own } or { own }
end

-- The names of all markers in a body, in order.
function M.names(body)
    local names = {}
    if type(body) ~= "string" then return names end
    for name in body:gmatch("<!%-%- uhost:([%w._:/#@-]+) %-%->") do names[#names + 1] = name end
    return names
end

-- The body without its markers.
function M.without(body)
    return (body:gsub("%s*<!%-%- uhost:[%w._:/#@-]+ %-%->", ""))
end

-- Text within limits

-- Of issues, pull requests and comments, in characters (code points). The API answers longer ones with 422.
M.max_body = 65536

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

-- `text` in at most `room` characters. Longer text is an error, or with `cut` is shortened, with a note at its
-- end. `what` names the text in the message.
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
    for _, name in ipairs(names) do tail = M.add(tail, name) end
    text = M.fit(owner, "body", text, M.max_body - M.length(tail) - (tail == "" and 0 or 2), cut)
    if tail == "" then return text end
    return text .. (text == "" and "" or "\n\n") .. tail
end

return M
