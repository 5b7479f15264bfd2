-- GraphQL: errors come in answers of status 200, and may come beside data.
local clock = require("uhost.github.internal.clock")
local document = require("uhost.github.internal.graphql_document")
local rate = require("uhost.github.internal.rate")

local M = {}

local max_summary_chars = 80
local forbidden = { FORBIDDEN = true, INSUFFICIENT_SCOPES = true }

local function list(value)
    return type(value) == "table" and value or {}
end

local function has_type(errors, wanted)
    for _, err in ipairs(errors) do
        if err.type == wanted then return true end
    end
    return false
end

local function messages_of(errors)
    local messages = {}
    for _, err in ipairs(errors) do messages[#messages + 1] = tostring(err.message) end
    return table.concat(messages, "; "):gsub("%s+", " "):sub(1, 500)
end

local function fail(errors, request)
    local message = messages_of(errors)
    for _, err in ipairs(errors) do
        if forbidden[err.type] then
            uhost.fail("github.forbidden", ("GitHub refuses the query: %s"):format(message),
                { hint = ("check what the token from %s may do"):format(request.token or "GITHUB_TOKEN") })
        end
    end
    if has_type(errors, "NOT_FOUND") then
        uhost.fail("github.not_found", ("GitHub knows none of it: %s"):format(message),
            { hint = "check the spelling; the token may also lack access to it" })
    end
    uhost.fail("github.graphql", ("GitHub cannot answer the query: %s"):format(message),
        { hint = "correct the query; if GitHub speaks of a timeout, ask for less at a time" })
end

-- GitHub's word for a failure inside, often a timeout: the same query may succeed later.
local function is_passing(errors)
    return messages_of(errors):find("Something went wrong", 1, true) ~= nil
end

local function new_request(native, query, variables, operation_name)
    local mutation = document.is_mutation(query, operation_name)
    local summary = query:gsub("#[^\n]*", ""):gsub("%s+", " "):sub(1, max_summary_chars)
    return {
        method = "POST", url = native.endpoints().graphql_url, graphql = true, idempotent = not mutation,
        json = { query = query, variables = variables, operationName = operation_name }, what = "a GraphQL query",
        expects = "object",
        mutates = mutation and { kind = "github.graphql", target = native.endpoints().graphql_url, summary = summary },
    }
end

local function require_token(transport)
    if transport.credentials.available() then return end
    uhost.fail("github.auth", "GitHub answers GraphQL queries only with a token, and none is set",
        { hint = "set GITHUB_TOKEN (or GH_TOKEN); `gh auth token` prints one if you use gh" })
end

-- The data and, when some of it could not be had, the list of errors.
function M.query(native, transport, query, variables, operation_name)
    require_token(transport)
    local max_attempts = 5
    for attempt = 1, max_attempts do
        local request = new_request(native, query, variables, operation_name)
        local body, response = transport.send(request)
        if response.planned then return {}, nil end
        local errors = list(body and body.errors)
        local data = body and body.data
        if has_type(errors, "RATE_LIMITED") and attempt < max_attempts then
            local reset = tonumber(response.headers["x-ratelimit-reset"])
            local wait_s = reset and clock.seconds_until(reset, response.headers) + 1 or 60
            rate.block(native, request, rate.held_by(request), wait_s, rate.used_up, true)
        elseif type(data) == "table" then
            return data, errors[1] and errors or nil
        elseif request.idempotent and is_passing(errors) and attempt < max_attempts then
            task.sleep(transport.backoff(attempt))
        else
            fail(errors, request)
        end
    end
end

local function at(data, path)
    for name in path:gmatch("[^.]+") do
        data = type(data) == "table" and data[name] or nil
    end
    return data
end

-- Iterates over the nodes of the connection at a path ("repository.issues") of all pages that `query(variables)` gives,
-- with the cursor in the variable `after`.
function M.nodes(query, variables, connection)
    local nodes, position, after, visited, done = {}, 0, nil, {}, false
    local function read_page()
        local page_variables = { after = after }
        for name, value in pairs(variables or {}) do page_variables[name] = value end
        local found = at(query(page_variables), connection)
        if type(found) ~= "table" or type(found.nodes) ~= "table" or type(found.pageInfo) ~= "table" then
            uhost.fail("github.graphql", ("the answer has no nodes and pageInfo at '%s'"):format(connection), {
                hint = "select nodes { … } and pageInfo { hasNextPage endCursor } in it, and check the path",
            })
        end
        nodes, position, after = found.nodes, 0, found.pageInfo.endCursor
        done = not found.pageInfo.hasNextPage
        if done then return end
        if after == nil or visited[after] then
            uhost.fail("github.protocol", ("the connection '%s' does not advance"):format(connection),
                { hint = "give the query a variable $after: String, and the connection the argument after: $after" })
        end
        visited[after] = true
    end
    return function()
        while true do
            position = position + 1
            local node = nodes[position]
            if node ~= nil and node ~= json.null then return node end
            if position > #nodes then
                if done then return nil end
                read_page()
            end
        end
    end
end

return M
