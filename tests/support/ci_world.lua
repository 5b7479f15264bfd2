-- A repository with a CI that fails, at the stand-in for GitHub, and `uhost ci_failures` as its user runs it.
local peers = require("support.peers")
local servers = require("support.servers")

local M = { token = "ghp_0123456789abcdefTEST" }

local now = math.floor(time.now())

--- An instant so many hours ago.
function M.hours_ago(hours) return time.iso(now - hours * 3600) end

-- The log of a failed step, as GitHub has it.
function M.log(lines)
    local all = { "##[group]Run make test", "make test", "shell: /usr/bin/bash -e {0}", "##[endgroup]" }
    for _, line in ipairs(lines) do all[#all + 1] = line end
    all[#all + 1] = "##[error]Process completed with exit code 1."
    for i, line in ipairs(all) do all[i] = ("2026-01-31T10:00:%02d.1234567Z %s"):format(i % 60, line) end
    return table.concat(all, "\n") .. "\n"
end

-- A failed job: `lines` of its log, or a whole log.
function M.failed(name, lines)
    return {
        name = name, conclusion = "failure", log = type(lines) == "table" and M.log(lines) or lines,
        steps = { { name = "Set up job", conclusion = "success" }, { name = "Run make test" } },
    }
end

function M.green(name) return { name = name, conclusion = "success" } end

-- A run; `more` says what differs from a push to the default branch.
function M.run(id, hours, conclusion, jobs, more)
    local run = {
        id = id, workflow = "ci.yml", run_number = id, conclusion = conclusion, created_at = M.hours_ago(hours),
        head_sha = ("%08x%032x"):format(id, id), jobs = jobs,
    }
    for key, value in pairs(more or {}) do run[key] = value end
    if run.attempts then run.jobs = nil end
    return run
end

--- Holds what a command wrote against its schema, where the checkers are installed.
function M.assert_schema(name, text)
    if peers.missing() then return end
    servers.in_folder(function(folder)
        local schema = json.decode(fs.read(("%s/scripts/lib/schemas/%s.json"):format(uhost.share, name)))
        fs.write(folder .. "/checked.json", json.encode({ schema = schema, value = json.decode(text) }))
        local problems = peers.problems("schema", folder .. "/checked.json")
        assert(problems == "", problems)
    end)
end

--- Runs `body(world)`: `world.runs(list)` adds runs, `world.ci(command, …)` runs `uhost ci_failures`, `world.json(…)`
--- gives what it writes as JSON, `world.issues()` the issues that were opened.
function M.with(body)
    servers.with("github", {}, function(server)
        servers.in_folder(function(folder)
            local world = { folder = folder, url = server.url, state = folder .. "/state" }
            function world.control(order) http.post(server.control_url, { json = order, mutates = false }) end
            function world.report() return http.get(server.control_url):json() end
            function world.runs(list) world.control({ repository = "o/n", runs = list }) end
            function world.issues()
                local list = {}
                for _, issue in ipairs(world.report().issues) do
                    local is_marked = tostring(issue.body):find("ci_failure:", 1, true)
                    if is_marked or issue.title:find("^%[CI Failure%]") then list[#list + 1] = issue end
                end
                return list
            end
            function world.command(arguments, env)
                local command = { os.getenv("UHOST") or "uhost", "-q" }
                for _, argument in ipairs(world.host or {}) do command[#command + 1] = argument end
                command[#command + 1] = "ci_failures"
                for _, argument in ipairs(arguments) do command[#command + 1] = argument end
                command.cwd = folder
                command.env = {
                    GITHUB_API_URL = server.url, GITHUB_TOKEN = M.token, GH_TOKEN = false, GITHUB_ACTIONS = false,
                    GITHUB_REPOSITORY = "o/n", UHOST_GITHUB_BACKOFF_S = "0.01", UHOST_GITHUB_SETTLE_S = "0.02",
                    UHOST_STATE = world.state, COLUMNS = "120",
                }
                for name, value in pairs(env or {}) do command.env[name] = value end
                return command
            end
            function world.ci(...)
                local command = world.command({ ... })
                command.timeout_s = 120
                return process.run(command)
            end
            function world.json(command, ...)
                local result = world.ci(command, ...)
                assert(result.code < 2, result.stderr)
                M.assert_schema("ci_failures_" .. command, result.stdout)
                return json.decode(result.stdout), result
            end
            function world.track(...)
                local result = world.ci("track", "--execute", "--json", ...)
                assert(result.code == 0, result.stderr)
                return json.decode(result.stdout).failures
            end
            function world.policy(text)
                fs.mkdir(folder .. "/policies")
                fs.write(folder .. "/policies/ci_failures.lua", text)
            end
            world.control({ token = M.token, repository = "o/n" })
            body(world)
        end)
    end)
end

return M
