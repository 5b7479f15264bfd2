-- Finding what a lost creation made, by its marker.
local marker = require("uhost.github.marker")

local M = {}

local newest_looked_at = 100  -- in a list, which may lag
local numbers_beyond = 30     -- looked at one by one: an issue has an address before it is in a list

local function first_marked(items, name, most)
    local count, newest = 0, nil
    for item in items do
        count, newest = count + 1, newest or item
        if marker.has(item.body, name) then return item, newest end
        if count >= most then break end
    end
    return nil, newest
end

-- The issue of a repository ("owner/name") whose body has the marker, among the newest; nil when there is none.
function M.issue(client, repository, name)
    local path = ("/repos/%s/issues"):format(repository)
    local found, newest = first_marked(client.each(path, {
        query = { state = "all", sort = "created", direction = "desc" }, cache = false,
    }), name, newest_looked_at)
    if found then return found end
    local number = newest and newest.number or 0
    for beyond = number + 1, number + numbers_beyond do
        local issue, response = client.maybe(("%s/%d"):format(path, beyond), { absent = { 404, 410 }, cache = false })
        if response.status == 404 then return nil end
        if issue and marker.has(issue.body, name) then return issue end
    end
    return nil
end

-- The comment on an issue or a pull request whose body has the marker; nil when there is none. `since` (ISO 8601)
-- limits what is looked at.
function M.comment(client, repository, number, name, since)
    local path = ("/repos/%s/issues/%d/comments"):format(repository, number)
    local found = first_marked(client.each(path, { query = { since = since }, cache = false }), name, math.huge)
    return found
end

return M
