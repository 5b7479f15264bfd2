-- What many issues are: one GraphQL query for a hundred, or without a token one REST request for each of a few.
local M = {}

local aliases_a_query = 100
local max_by_rest = 30
local max_rounds = 4

-- The states of issues and of pull requests are of two types, which a query may not fetch under one name.
local fragments = [[
fragment issue on Issue { number state stateReason title url closedAt repository { nameWithOwner isPrivate } }
fragment pull on PullRequest { number pullState: state title url closedAt repository { nameWithOwner isPrivate } }
]]

local function known(value)
    if value == json.null then return nil end
    return value
end

-- Each number once, in order.
local function distinct(numbers)
    local seen, list = {}, {}
    for _, number in ipairs(numbers) do
        if type(number) ~= "number" or number < 1 or number % 1 ~= 0 or number > 2 ^ 31 then
            uhost.fail("argument", ("an issue number is a positive whole number, got %s"):format(tostring(number)))
        end
        if not seen[number] then
            seen[number] = true
            list[#list + 1] = number
        end
    end
    table.sort(list)
    return list
end

local function chunks(list)
    local result = {}
    for first = 1, #list, aliases_a_query do
        result[#result + 1] = { unpack(list, first, math.min(first + aliases_a_query - 1, #list)) }
    end
    return result
end

local function query_for(numbers)
    local lines = { "query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { nameWithOwner" }
    for _, number in ipairs(numbers) do
        lines[#lines + 1] = ("i%d: issueOrPullRequest(number: %d) { __typename ...issue ...pull }")
            :format(number, number)
    end
    lines[#lines + 1] = "} }"
    return table.concat(lines, "\n") .. "\n" .. fragments
end

-- `home` is the repository's own name today: after it was renamed, the one asked for differs.
local function state_of(node, number, home)
    local is_issue = node.__typename == "Issue"
    local state = known(is_issue and node.state or node.pullState) or ""
    local where = node.repository and node.repository.nameWithOwner or home
    local moved = where:lower() ~= home:lower() or node.number ~= number
    return {
        kind = moved and "transferred" or is_issue and "issue" or "pull_request",
        state = state == "OPEN" and "open" or "closed",
        reason = state == "MERGED" and "merged" or (known(node.stateReason) or ""):lower():match("^.+$"),
        title = known(node.title), url = known(node.url), closed_at = known(node.closedAt),
        moved_to = moved and ("%s#%d"):format(where, node.number) or nil,
        -- What is not known to be public is not.
        private = not node.repository or node.repository.isPrivate ~= false,
    }
end

-- The errors of an answer by alias; those of the repository as a whole under "".
local function errors_by_alias(errors)
    local by_alias = {}
    for _, err in ipairs(errors or {}) do
        local path = type(err.path) == "table" and err.path or {}
        by_alias[path[2] or ""] = err
    end
    return by_alias
end

local function repository_missing(repository)
    uhost.fail("github.not_found", ("GitHub has no repository %s"):format(repository),
        { hint = "check the spelling; if it is private, the token must have access to it" })
end

-- Asks for one chunk; gives the numbers that got an error other than "there is none", and that error.
local function query_states(client, repository, numbers, states)
    local owner, name = repository:match("^(.*)/(.*)$")
    local data, errors = client.graphql(query_for(numbers), { owner = owner, name = name })
    local found, by_alias = known(data.repository), errors_by_alias(errors)
    if not found then repository_missing(repository) end
    local unanswered, reason = {}, nil
    for _, number in ipairs(numbers) do
        local alias = ("i%d"):format(number)
        local node, err = known(found[alias]), by_alias[alias]
        if node then
            states[number] = state_of(node, number, found.nameWithOwner)
        elseif not err or err.type == "NOT_FOUND" then
            states[number] = { kind = "missing" }
        else
            unanswered[#unanswered + 1], reason = number, tostring(err.message)
        end
    end
    return unanswered, reason
end

local function states_of_chunk(client, repository, numbers, states)
    local reason
    for round = 1, max_rounds do
        numbers, reason = query_states(client, repository, numbers, states)
        if #numbers == 0 then return end
        if round < max_rounds then client.pause(round) end
    end
    uhost.fail("github.graphql", ("GitHub does not give the state of %s#%d: %s"):format(repository, numbers[1], reason),
        { hint = "try again later; see https://www.githubstatus.com" })
end

local function by_graphql(client, repository, numbers, states)
    task.map(chunks(numbers), function(chunk) states_of_chunk(client, repository, chunk, states) end,
        { concurrency = client.concurrency })
end

-- Without a token -------------------------------------------------------------------------------------------------

local function is_absent(response)
    return response.status == 404 or response.status == 410
end

local function home_of(client, repository)
    local body = client.rest("/repos/" .. repository, is_absent)
    if not body then repository_missing(repository) end
    return body.full_name
end

local function state_by_rest(client, repository, number, home)
    local body = client.rest(("/repos/%s/issues/%d"):format(repository, number), is_absent)
    if not body then
        return { kind = "missing" }
    end
    local merged = type(body.pull_request) == "table" and known(body.pull_request.merged_at)
    return state_of({
        __typename = body.pull_request and "PullRequest" or "Issue", number = body.number,
        [body.pull_request and "pullState" or "state"] = merged and "MERGED" or body.state:upper(),
        stateReason = body.state_reason, title = body.title,
        url = body.html_url, closedAt = body.closed_at,
        -- Without a token, GitHub shows what is public only.
        repository = { nameWithOwner = body.repository_url:match("/repos/([^/]+/[^/]+)$"), isPrivate = false },
    }, number, home)
end

local function by_rest(client, repository, numbers, states)
    if #numbers > max_by_rest then
        uhost.fail("github.auth", ("no token is set: GitHub would have to be asked %d times, and allows 60 an hour")
            :format(#numbers), {
                hint = "set GITHUB_TOKEN (or GH_TOKEN): with one, a hundred issues are one request",
                details = { numbers = #numbers, max = max_by_rest },
            })
    end
    log.warn(("no token is set: asking GitHub for each of %d issues by itself; set GITHUB_TOKEN"):format(#numbers))
    local home = home_of(client, repository)
    task.map(numbers, function(number) states[number] = state_by_rest(client, repository, number, home) end,
        { concurrency = client.concurrency })
end

-- `client` has graphql(query, variables), rest(path, accepts), pause(round), concurrency and authorized.
function M.fetch(client, numbers, repository)
    local states, list = {}, distinct(numbers)
    if #list == 0 then return states end
    if client.authorized then
        by_graphql(client, repository, list, states)
    else
        by_rest(client, repository, list, states)
    end
    return states
end

return M
