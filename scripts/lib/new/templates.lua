-- What `uhost new` writes: by kind, the files with their texts. NAME stands for the name. Each works as it is, and has
-- a test that passes.
local M = {}

M.script = {
    try = "uhost run NAME --help, then: uhost test tests/NAME_spec.lua",
    files = {
        ["scripts/NAME.lua"] = [[
-- List the files that changed most
local command_line = require("lib.command_line")

local parser = command_line.parser("run NAME", "List the files that changed most.",
    { "uhost run NAME", "uhost run NAME --since '1 month'" })
parser:option("--since", "How far to look back."):default("3 months")
local options = parser:parse(arg)

local repo = git.open(".")
for change in seq(repo:log{ since = options.since, files = true }):flat_map("files"):count_by("path"):take(10) do
    print(("%5d  %s"):format(change.count, change.key))
end
]],
        ["tests/NAME_spec.lua"] = [[
describe("NAME", function()
    it("lists the files of a repository by how often they changed", function()
        local folder = fs.temp_dir()
        local repo = git.init(folder:path(), { initial_branch = "main" })
        for i = 1, 2 do
            repo:create_commit{ ref = "refs/heads/main", message = "Change " .. i, files = { often = tostring(i) },
                author = "A", author_email = "a@example.com" }
        end
        local script = fs.absolute("scripts/NAME.lua")
        local result = process.run{ "uhost", script, cwd = folder:path() }
        folder:close()
        assert.equal("    2  often\n", result.stdout)
    end)
end)
]],
    },
}

M.policy = {
    try = "uhost test policies/NAME.lua, then: uhost policy try NAME label_of src/main.c",
    files = {
        ["policies/NAME.lua"] = [[
-- Which label a changed file gets.
--
-- Functions are pure and run in the sandbox: `require("uhost.policy").load("NAME"):call("label_of", path)`.
local M = {}

--- The label for a path, nil for none.
function M.label_of(path)
    if path:find("^docs/") or path:find("%.md$") then return "documentation" end
    if path:find("^tests/") then return "tests" end
end

-- Each is a test: what a call with these arguments gives.
M.examples = {
    { call = "label_of", with = { "docs/guide.md" }, gives = "documentation" },
    { call = "label_of", with = { "tests/a_test.c" }, gives = "tests" },
}

return M
]],
    },
}

M.kb = {
    try = "uhost test kb/NAME.lua, then: uhost kb try build.log",
    files = {
        ["kb/NAME.lua"] = [[
-- Errors of NAME.
return {
    about = "errors of NAME",
    entries = {
        {
            id = "NAME.license_expired", title = "The licence of NAME has expired",
            match = [=[NAME: licence expired on (?<day>\d{4}-\d\d-\d\d)]=],
            class = "missing setup", severity = "error", priority = 80,
            cause = "The licence that this machine uses ended on {day}.",
            fix = "Install the new licence file.",
            examples = {
                matches = { "NAME: licence expired on 2026-01-31" },
                rejects = { "NAME: licence expires on 2030-01-31" },
            },
        },
    },
}
]],
    },
}

M.channel = {
    try = "uhost test policies/channels/NAME.lua; then name it in policies/notifications.lua: "
        .. '{ id = "team", type = "NAME" }, and set NOTIFY_WEBHOOK_URL',
    files = {
        ["policies/channels/NAME.lua"] = [[
-- Messages as NAME wants them.
--
-- Functions are pure and run in the sandbox: uhost sends what `render` gives to the address in NOTIFY_WEBHOOK_URL.
local M = {}

--- The body of the request: { json = … } or { text = … }. A message has `title`, `text`, `severity`, and more:
--- uhost help notify.Message.
function M.render(message)
    return { json = { summary = message.title, details = message.text, urgent = message.severity == "critical" } }
end

-- Each is a test: what a call with these arguments gives.
M.examples = {
    { call = "render", with = { { title = "The build fails", text = "", severity = "critical" } },
        gives = { json = { summary = "The build fails", details = "", urgent = true } } },
}

return M
]],
    },
}

M.sink = {
    try = "uhost test policies/sinks/NAME.lua; then name it in policies/log_sinks.lua: "
        .. '{ id = "ours", type = "NAME", url = "https://…" }, and set LOG_SINK_TOKEN and the setting logs.hosts',
    files = {
        ["policies/sinks/NAME.lua"] = [[
-- Logs as NAME wants them.
--
-- Functions are pure and run in the sandbox: uhost sends what `render` gives to the sink's `url`, with the secret
-- LOG_SINK_TOKEN as a bearer, and tries again what failed.
local M = {}

-- How much one request may have.
M.limits = { lines = 1000, bytes = 1024 * 1024, per_second = 5 }

--- The request: { path =, json = } or { path =, text =, content_type = }, packed with `gzip = true`. A batch has lines
--- of one job: uhost help logs.Batch.
function M.render(batch, sink)
    local lines = {}
    for i, entry in ipairs(batch.entries) do
        lines[i] = { time = entry.time, text = entry.line,
            place = ("%s/%s:%d"):format(batch.run, batch.job, entry.number) }
    end
    return { path = "/ingest", json = { project = sink.service, lines = lines } }
end

-- Each is a test: what a call with these arguments gives.
M.examples = {
    { call = "render", with = {
        { run = "7", job = "build", entries = { { time = "2026-01-31T10:00:00Z", line = "x", number = 1 } } },
        { service = "kiln" },
    }, gives = { path = "/ingest", json = { project = "kiln",
        lines = { { time = "2026-01-31T10:00:00Z", text = "x", place = "7/build:1" } } } } },
}

return M
]],
    },
}

M.executor = {
    try = "uhost test policies/executors/NAME.lua; then allow it in ~/.config/uhost/uhost.lua: "
        .. 'return { build = { executors = { NAME = { programs = { "batch", "atq" } } } } }',
    files = {
        ["policies/executors/NAME.lua"] = [[
-- Jobs of NAME, for build.submit and build.run{ executor = "NAME" }.
--
-- Functions are pure and run in the sandbox: each says what it wants next, or gives its result. The README of policies
-- has both. This one hands jobs to batch(1), which says nothing of how they end.
local M = {}

function M.submit(job, answers)
    if #answers == 0 then return { command = { "batch" }, stdin = job.script } end
    local id = answers[1].stderr:match("job (%d+)")
    return id and { id = id, look = "at -c " .. id } or { rejected = answers[1].stderr }
end

-- What is not in the queue any more has ended.
function M.poll(subject, answers)
    if #answers == 0 then return { command = { "atq" } } end
    local states = {}
    for _, job in ipairs(subject.jobs) do
        local waits = ("\n" .. answers[1].stdout):find("\n" .. job.id .. "%s")
        states[job.id] = waits and { state = "queued" } or { state = "ended", outcome = "passed" }
    end
    return { states = states }
end

-- Each is a test: what a call with these arguments gives.
M.examples = {
    { call = "submit", with = { { script = "ls\n" }, {} }, gives = { command = { "batch" }, stdin = "ls\n" } },
    { call = "submit", with = { {}, { { stderr = "job 7 at Mon Jan 31" } } }, gives = { id = "7", look = "at -c 7" } },
    { call = "poll", with = { { jobs = { { id = "7" }, { id = "8" } } }, { { stdout = "8\tMon Jan 31" } } },
        gives = { states = { ["7"] = { state = "ended", outcome = "passed" }, ["8"] = { state = "queued" } } } },
}

return M
]],
    },
}

M.primitive = {
    try = "uhost test tests/lua/NAME_spec.lua, then: uhost help NAME",
    needs = "api/README.md",
    files = {
        ["api/NAME/init.lua"] = [[
-- `NAME`: what it lends to scripts, in one sentence.
local M = {}

function M.hello(name)
    uhost.check_argument(name, "name", "NAME.hello", "string")
    return "hello, " .. name
end

return M
]],
        ["api/NAME/definition.lua"] = [[
---@meta uhost.NAME
--- What it lends to scripts, in one sentence.
---@class uhost.NAME
NAME = {}

--- Greets somebody.
--- ```lua
--- print(NAME.hello("Ada"))
--- ```
---@param name string
---@return string
function NAME.hello(name) end
]],
        ["tests/lua/NAME_spec.lua"] = [[
describe("NAME", function()
    it("greets", function()
        assert.equal("hello, Ada", require("uhost.NAME").hello("Ada"))
    end)
end)
]],
    },
}

return M
