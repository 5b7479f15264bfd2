-- Hidden comments in what is posted, by which it is found again: `<!-- uhost:NAME -->`.
local M = {}

local longest_name = 100

-- Letters, digits and "._:/#@-", without "--", which would end the comment.
function M.is_name(name)
    return type(name) == "string" and #name <= longest_name and name:match("^[%w._:/#@-]+$") ~= nil
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

return M
