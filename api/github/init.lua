-- `github`: what scripts call. The modules in internal/ are private to it: how an exchange goes is in transport.lua,
-- what each call of a repository means in calls/.
local native = ...

native.shared = require("uhost.github.internal.shared")(native)

local check = require("uhost.github.internal.arguments")(native.did_you_mean)
local client = require("uhost.github.internal.client")(native)
local graphql = require("uhost.github.internal.graphql")
local issue_states = require("uhost.github.internal.issue_states")
local markers = require("uhost.github.internal.markers")
local rate = require("uhost.github.internal.rate")

local M = {}

-- Letters, digits, "-", "_" and "."; a name of dots alone would leave the path.
local function is_name(text)
    return text:match("^[%w%-_.]+$") ~= nil and text:match("^%.+$") == nil
end

local function check_repository(repository, owner)
    local account, name
    if type(repository) == "string" then account, name = repository:match("^([^/]+)/([^/]+)$") end
    if not account or not is_name(account) or not is_name(name) then
        check.refuse(owner, "repository", "\"owner/name\"", repository)
    end
    return repository
end

-- Whether a path has a segment "." or "..", which would leave it; "compare/a...b" has none.
local function has_dot_segment(path)
    return ("/" .. path .. "/"):gsub("%%2[eE]", "."):find("/%.%.?/") ~= nil
end

local function url_of(path, options, owner)
    if type(path) ~= "string" or has_dot_segment(path) then check.refuse(owner, "path", "a path", path) end
    local api_url = native.endpoints().api_url
    if path:sub(1, #api_url + 1) == api_url .. "/" then return path end
    if path:find("://", 1, true) then check.refuse(owner, "path", "a path or a URL of " .. api_url, path) end
    path = path:gsub("^/", "")
    if options.repository then
        path = ("repos/%s/%s"):format(check_repository(options.repository, owner), path):gsub("/$", "")
    end
    return api_url .. "/" .. path
end

local get_options = {
    repository = check.word, query = check.table, headers = check.table, accept = check.word,
    timeout_s = check.seconds,
}

-- What the client takes of the options of a request that reads.
local function reading(options)
    return {
        query = options.query, headers = options.headers, accept = options.accept, takes_text = true,
        timeout_s = options.timeout_s,
    }
end

function M.get(path, options)
    options = check.options("github.get", options, get_options)
    return client.get(url_of(path, options, "github.get"), reading(options))
end

function M.pages(path, options)
    options = check.options("github.pages", options, {
        repository = check.word, query = check.table, headers = check.table,
    })
    return client.each(url_of(path, options, "github.pages"), { query = options.query, headers = options.headers })
end

local request_options = {
    method = check.word, path = check.word, repository = check.word, query = check.table, json = check.any,
    body = check.text, headers = check.table, accept = check.word, file = check.word, timeout_s = check.seconds,
    statuses = check.table, mutates = check.any, find = check.any,
}

local function read_by_request(method, url, options)
    if options.file then
        local response = client.download(url, options.file, reading(options))
        return { file = options.file, size_bytes = response.body_bytes, planned = response.planned }, response
    end
    local request = reading(options)
    request.method, request.cache, request.accepts = method, false, options.statuses
    return client.get(url, request)
end

local function does_read(method)
    return method == "GET" or method == "HEAD"
end

-- One exchange. A change goes through the plan.
local function send(method, url, options)
    if does_read(method) then return read_by_request(method, url, options) end
    local shown = client.named(url, options.endpoint)
    local request = reading(options)
    request.json, request.body, request.find = options.json, options.body, options.find
    request.accepts, request.endpoint = options.statuses, options.endpoint
    if options.mutates == false then
        request.mutates, request.idempotent = false, true
    else
        request.mutates = type(options.mutates) == "table" and options.mutates or {
            kind = "github.request", target = options.repository or shown, summary = method .. " " .. shown,
        }
    end
    if method == "POST" and options.find then return client.create(url, request) end
    return client.change(method, url, request)
end

-- For what no other call is there.
function M.request(options)
    local owner = "github.request"
    options = check.options(owner, options, request_options, { "path" })
    local method = (options.method or "GET"):upper()
    local url = url_of(options.path, options, owner)
    local has_body = options.json ~= nil or options.body
    if does_read(method) and has_body then
        check.refuse(owner, options.body and "body" or "json", ("nothing with %s"):format(method), "a body")
    end
    if options.file and not does_read(method) then check.refuse(owner, "file", "nothing but with GET", options.file) end
    return send(method, url, options)
end

local call  -- loaded when it is first used

function M.call(operation, parameters, options)
    call = call or require("uhost.github.internal.call")(client, check)
    return call(send, operation, parameters, options, check_repository)
end

local graphql_options = { operation_name = check.word }

function M.graphql(query, variables, options)
    check.value("github.graphql", "query", check.word, query)
    options = check.options("github.graphql", options, graphql_options)
    return graphql.query(native, client.transport, query, variables, options.operation_name)
end

function M.graphql_pages(query, options)
    local owner = "github.graphql_pages"
    check.value(owner, "query", check.word, query)
    options = check.options(owner, options, {
        connection = check.word, variables = check.table, operation_name = check.word,
    }, { "connection" })
    return graphql.nodes(function(variables)
        return (M.graphql(query, variables, { operation_name = options.operation_name }))
    end, options.variables, options.connection)
end

function M.issue_states(numbers, options)
    if type(numbers) ~= "table" then check.refuse("github.issue_states", "numbers", "a list of numbers", numbers) end
    options = check.options("github.issue_states", options, { repository = check.any })
    return issue_states.fetch({
        graphql = M.graphql,
        rest = function(path, accepts) return (client.get(path, { accepts = accepts })) end,
        pause = function(round) task.sleep((native.number_setting("backoff_s") or 0.5) * 2 ^ round) end,
        concurrency = native.number_setting("concurrency") or 4,
        authorized = client.transport.credentials.available(),
    }, numbers, check_repository(options.repository, "github.issue_states"))
end

function M.token_source()
    local app = native.app()
    if app then return "the GitHub App " .. app.id end
    return native.token()
end

function M.rate()
    local body = client.maybe("/rate_limit", { cache = false })  -- an Enterprise server may have no limits
    if not body then return nil end
    local resources = {}
    for name, known in pairs(body.resources) do
        resources[name] = {
            limit = known.limit, remaining = known.remaining, used = known.used, reset_at = time.iso(known.reset),
        }
    end
    return resources
end

function M.requests()
    return client.transport.requests
end

function M.cache_stats()
    return client.transport.cache.stats()
end

function M.limit_wait(seconds)
    if seconds ~= nil and (type(seconds) ~= "number" or seconds < 0) then
        check.refuse("github.limit_wait", "seconds", "a number of seconds", seconds)
    end
    rate.set_max_wait(seconds)
end

-- The calls of repositories, loaded when the first one is wanted.
local loaded_calls

local function calls()
    loaded_calls = loaded_calls or require("uhost.github.internal.repository")({
        client = client, native = native, graphql = M.graphql, issue_states = M.issue_states,
        check = check,
    })
    return loaded_calls
end

-- Without a name, the repository that GitHub Actions runs for.
function M.repository(name)
    if name == nil then
        name = os.getenv("GITHUB_REPOSITORY")
        if not name or name == "" then
            uhost.fail("usage", "github.repository was given no name, and GITHUB_REPOSITORY is not set",
                { hint = "github.repository(\"owner/name\"), or set GITHUB_REPOSITORY=owner/name" })
        end
    end
    check_repository(name, "github.repository")
    return calls().repository(name)
end

-- The hidden comment for a name, by which what is posted is found again.
function M.marker(name)
    return markers.comment(name)
end

function M.search(kind, query, options)
    return calls().search(kind, query, options)
end

-- Whether a webhook's body is from GitHub: its X-Hub-Signature-256 against the secret in GITHUB_WEBHOOK_SECRET.
function M.verify_webhook(payload, signature)
    check.value("github.verify_webhook", "payload", check.text, payload)
    if signature == nil then return false end  -- a delivery without the header
    return native.verify_webhook(payload, check.value("github.verify_webhook", "signature", check.text, signature))
end

-- github.com/o/n, git@github.com:o/n.git, ssh://git@ssh.github.com:443/o/n … with or without ".git".
function M.repository_of(remote_url)
    check.value("github.repository_of", "remote_url", check.text, remote_url)
    local host, path = remote_url:match("^%a[%w+.-]*://([^/]*)/(.*)$")
    if not host then host, path = remote_url:match("^([^/:]+):(.*)$") end
    if not host then return nil end
    host = host:gsub("^.*@", ""):lower()
    local web_host = native.endpoints().web_host
    local bare = host:gsub(":%d+$", "")
    if bare == "www." .. web_host or bare == "ssh." .. web_host then bare = web_host end
    if host ~= web_host and bare ~= web_host:gsub(":%d+$", "") then return nil end
    local account, name = path:gsub("^/", ""):gsub("/$", ""):gsub("%.git$", ""):match("^([^/]+)/([^/]+)$")
    if not account or not is_name(account) or not is_name(name) then return nil end
    return account .. "/" .. name
end

return M
