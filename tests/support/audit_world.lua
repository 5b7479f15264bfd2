-- The audit as its user runs it: the real binary on the demonstration's repository, against a stand-in for GitHub.
local servers = require("support.servers")
local demo = require("lib.monthly_audit.demo")

local M = { token = "ghp_0123456789abcdefTEST" }

M.binary = fs.absolute(os.getenv("UHOST") or "uhost")

local function command_of(arguments, options)
    local command = { M.binary, timeout_s = 120 }
    for _, argument in ipairs(arguments) do command[#command + 1] = argument end
    for name, value in pairs(options or {}) do command[name] = value end
    return command
end

function M.run(arguments, options) return process.run(command_of(arguments, options)) end

function M.git(folder, ...)
    local command = { "git", "-C", folder, "-c", "user.name=A", "-c", "user.email=a@example.org", check = true }
    for _, argument in ipairs({ ... }) do command[#command + 1] = argument end
    return process.run(command)
end

--- What the stand-in knows: the same as the demonstration's recorded answers.
M.issues = {
    { number = 101 }, { number = 102 }, { number = 103 }, { number = 104, state = "closed" }, { number = 105 },
    { number = 106, state = "closed" }, { number = 107 }, { number = 108 }, { number = 109, state = "closed" },
    { number = 110 }, { number = 111, kind = "deleted" },
    { number = 112, kind = "transferred", moved_to = "example/parser#7" },
    { number = 113, kind = "pull_request", state = "merged" }, { number = 118, state = "closed" }, { number = 119 },
}

-- The environment of a run: a token, the stand-in, and nothing of a workflow.
local function environment(server, more)
    local env = {
        GITHUB_API_URL = server.url, GITHUB_TOKEN = M.token, GH_TOKEN = false, GITHUB_ACTIONS = false,
        GITHUB_STEP_SUMMARY = false, UHOST_GITHUB_BACKOFF_S = "0.01", UHOST_GITHUB_ATTEMPTS = "2",
    }
    for name, value in pairs(more or {}) do env[name] = value end
    return env
end

--- A repository with the demonstration's history.
function M.make_repository(folder)
    process.run { "git", "init", "-q", "-b", "main", folder, check = true }
    process.run { "git", "-C", folder, "fast-import", "--quiet", "--done", check = true,
        stdin = demo.history_stream(math.floor(time.now())) }
    process.run { "git", "-C", folder, "reset", "-q", "--hard", check = true }
end

-- Requests that change something. GraphQL's are all queries here.
local function is_change(request) return request.method ~= "GET" and request.path ~= "/graphql" end

--- Runs `body(world)` with a repository, a state folder and a stand-in.
function M.with(body)
    servers.in_folder(function(folder)
        servers.with("github", {}, function(server)
            local world = { repo = folder .. "/repo", folder = folder, url = server.url }
            --- The environment of a run, with more variables.
            function world.environment(more) return environment(server, more) end
            local function control_state() return http.get(server.control_url):json() end
            function world.control(order) http.post(server.control_url, { json = order, mutates = false }) end
            function world.requests() return control_state().requests end
            --- "METHOD path" of what changed something since the last `control{ forget = true }`.
            function world.changes()
                local list = {}
                for _, request in ipairs(control_state().requests) do
                    if is_change(request) then list[#list + 1] = request.method .. " " .. request.path end
                end
                return list
            end
            --- The issues of a repository by number.
            function world.issues(repository)
                local by_number = {}
                for _, issue in ipairs(control_state().issues) do
                    if issue.repository == (repository or "example/compiler") then by_number[issue.number] = issue end
                end
                return by_number
            end
            --- Runs the audit with `arguments`; `options.host` are arguments of the host,
            --- `options.state` another folder for its state.
            function world.audit(arguments, options)
                options = options or {}
                local command = { "-q", "--state", folder .. "/" .. (options.state or "state") }
                for _, argument in ipairs(options.host or {}) do command[#command + 1] = argument end
                command[#command + 1] = "monthly_audit"
                for _, argument in ipairs(arguments) do command[#command + 1] = argument end
                return M.run(command, { env = environment(server, options.env), cwd = options.cwd or folder })
            end
            --- The audit of the repository, with more arguments.
            function world.audit_here(arguments, options)
                local command = { "--repo", world.repo, "--github", "example/compiler", "--also", "example/*" }
                for _, argument in ipairs(arguments) do command[#command + 1] = argument end
                return world.audit(command, options)
            end
            M.make_repository(world.repo)
            world.control { token = M.token, repository = "example/compiler", issues = M.issues }
            world.control { repository = "example/solver", issues = { { number = 42 } } }
            body(world)
        end)
    end)
end

return M
