-- The demonstration: a server at a free port, webhooks as GitHub would send them, and what becomes of each. Commands
-- are only named, not run, and nothing is kept.
local pages = require("lib.serve.pages")
local routing = require("lib.serve.routing")
local store_of = require("lib.serve.store")

local M = {}

local secret, started_by_demo = "the demonstration's own", "SERVE_DEMO"

local repository = { full_name = "example/kiln", default_branch = "main" }
local sender = { login = "ada" }

local deliveries = {
    { "a pull request", "pull_request", { action = "opened", repository = repository, sender = sender,
        pull_request = { number = 7, title = "Remove a test", head = { ref = "topic", sha = ("a"):rep(40) } } } },
    { "the same delivery again", "pull_request", nil, "again" },
    { "a release", "release", { action = "published", repository = repository, sender = sender,
        release = { tag_name = "1.85.0", prerelease = false } } },
    { "a failed run on main", "workflow_run", { action = "completed", repository = repository, sender = sender,
        workflow_run = { id = 9, head_branch = "main", head_sha = ("b"):rep(40), conclusion = "failure",
            path = ".github/workflows/ci.yml" } } },
    { "a failed run on a topic branch", "workflow_run", { action = "completed", repository = repository,
        sender = sender, workflow_run = { id = 10, head_branch = "topic", head_sha = ("c"):rep(40),
            conclusion = "failure", path = ".github/workflows/ci.yml" } } },
    { "a star", "star", { action = "created", repository = repository, sender = sender } },
    { "a forged one", "push", { ref = "refs/heads/main", repository = repository, sender = sender }, "forged" },
}

-- As GitHub signs: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
local function signature_of(body)
    local result = process.run({ "openssl", "dgst", "-sha256", "-hmac", secret, stdin = body, reads = true,
        check = true })
    return "sha256=" .. result.stdout:match("(%x+)%s*$")
end

local function send(url, position, delivery, body)
    local is_again = delivery[4] == "again"
    local signature = delivery[4] == "forged" and "sha256=" .. ("0"):rep(64) or signature_of(body)
    return http.post(url .. "/webhooks/github", { body = body, mutates = false, headers = {
        ["Content-Type"] = "application/json", ["X-GitHub-Event"] = delivery[2],
        ["X-GitHub-Delivery"] = ("demo-%d"):format(is_again and position - 1 or position),
        ["X-Hub-Signature-256"] = signature,
    } })
end

local function notes_by_delivery(store)
    local notes = {}
    for _, row in ipairs(store_of.deliveries(store, 100)) do notes[row.id] = row.note end
    return notes
end

local function route_all(store)
    local rules = policy.load("events", { schema = require("lib.schemas.events") })
    store:lease(nil, {}, function(lease)
        local list = {}
        for i, delivery in ipairs(store_of.take_deliveries(lease, #deliveries)) do
            list[i] = routing.route(rules, delivery)
        end
        store_of.finish_deliveries(lease, list)
    end)
end

local function show(store, answers)
    local notes, rows = notes_by_delivery(store), {}
    for i, delivery in ipairs(deliveries) do
        rows[i] = { delivery[1], answers[i], answers[i] == 202 and notes[("demo-%d"):format(i)] or "–" }
    end
    local shown = require("uhost.report").new({ title = "Webhooks" })
    shown:table({ rows = rows,
        columns = { { title = "Delivery" }, { title = "Answer" }, { title = "Rules that apply" } } })
    local jobs = {}
    for i, job in ipairs(store_of.jobs(store, 100)) do
        jobs[i] = { job.source, "uhost " .. table.concat(job.command, " ") }
    end
    shown:table({ title = "Commands that follow", rows = jobs,
        columns = { { title = "From" }, { title = "Command" } } })
    io.write(shown:render("text", { color = term.color("stdout") }))
end

-- The secret has to be in the environment when uhost starts.
local function run_with_secret()
    local result = process.run({ fs.readlink("/proc/self/exe"), "serve", "--demo", stdout = "pass", stderr = "pass",
        reads = true, env = { GITHUB_WEBHOOK_SECRET = secret, [started_by_demo] = "1" } })
    return result.code or 3
end

--- Runs it; `make()` gives the context and the handler of requests.
---@param make fun(): table, fun(request: server.Request): any
---@return integer exit_code
function M.run(make)
    if not os.getenv(started_by_demo) then return run_with_secret() end
    local context, handler = make()
    local web, answers = server.listen({ max_body_bytes = 2 ^ 20 }), {}
    local client = task.spawn(function()
        task.finally(function()
            local body
            for i, delivery in ipairs(deliveries) do
                body = delivery[3] and json.encode(delivery[3]) or body
                answers[i] = send(web.url, i, delivery, body).status
            end
        end, function() web:stop() end)
    end)
    web:serve(handler)
    client:await()
    route_all(context.store)
    show(context.store, answers)
    print(("\nHealth: %s"):format(json.encode(pages.health().json)))
    return 0
end

return M
