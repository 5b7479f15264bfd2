-- A repository with a CI at the stand-in for GitHub, and `uhost metrics` as its user runs it.
local servers = require("support.servers")

local M = { token = "ghp_0123456789abcdefTEST" }

local now = math.floor(time.now())

--- An instant so many hours ago.
function M.hours_ago(hours) return time.iso(now - hours * 3600) end

--- A job that waited and ran for so many seconds, in two steps.
function M.job(name, began, fields)
    local from = time.parse(began)
    fields = fields or {}
    local started, lasts_s = from + (fields.queue_s or 5), fields.lasts_s or 60
    local conclusion = fields.conclusion or "success"
    local function step(title, offset, length)
        return { name = title, conclusion = conclusion, started_at = time.iso(started + offset),
            completed_at = time.iso(started + offset + length) }
    end
    return {
        name = name, conclusion = conclusion, labels = fields.labels or { "ubuntu-latest" },
        created_at = began, started_at = time.iso(started), completed_at = time.iso(started + lasts_s),
        steps = { step("Check out", 0, 10), step("Compile", 10, lasts_s - 10) },
    }
end

--- A run with a job; `fields` overrides.
function M.run(id, hours, fields)
    local began = M.hours_ago(hours)
    local run = {
        id = id, workflow = "ci.yml", run_number = id, conclusion = "success", created_at = began,
        head_sha = ("%08x%032x"):format(id, id), jobs = { M.job("build (linux)", began, fields) },
    }
    for name, value in pairs(fields or {}) do run[name] = value end
    return run
end

--- Runs `body(world)`: `world.runs(list)` adds runs, `world.metrics(command, …)` runs `uhost metrics`,
--- `world.rows(sql)` gives what its store holds.
function M.with(body)
    servers.with("github", {}, function(server)
        servers.in_folder(function(folder)
            local world = { folder = folder, url = server.url, state = folder .. "/state", env = {} }
            function world.control(order) http.post(server.control_url, { json = order, mutates = false }) end
            function world.report() return http.get(server.control_url):json() end
            function world.runs(list) world.control({ repository = "o/n", runs = list }) end
            function world.command(arguments)
                local command = { os.getenv("UHOST") or "uhost", "metrics" }
                for _, argument in ipairs(arguments) do command[#command + 1] = argument end
                command.cwd, command.timeout_s = folder, 120
                command.env = {
                    GITHUB_API_URL = server.url, GITHUB_TOKEN = M.token, GH_TOKEN = false, GITHUB_ACTIONS = false,
                    GITHUB_REPOSITORY = "o/n", UHOST_GITHUB_BACKOFF_S = "0.01", UHOST_GITHUB_SETTLE_S = "0.02",
                    UHOST_STATE = world.state, COLUMNS = "100", GITHUB_RUN_ID = false, GITHUB_SHA = false,
                    GITHUB_HEAD_REF = false, GITHUB_REF_NAME = false,
                }
                for name, value in pairs(world.env) do command.env[name] = value end
                return command
            end
            function world.metrics(...) return process.run(world.command({ ... })) end
            function world.collect(...)
                local result = world.metrics("collect", ...)
                assert(result.code == 0, result.stderr)
                return result
            end
            function world.rows(sql)
                return db.open(world.state .. "/metrics.sqlite", { read_only = true }):query(sql)
            end
            world.control({ token = M.token, repository = "o/n" })
            body(world)
        end)
    end)
end

return M
