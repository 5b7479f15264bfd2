-- `uhost diagnose` as its user runs it: the real binary, a knowledge base made for it, and logs as GitHub has them.
local servers = require("support.servers")

local M = { binary = fs.absolute(os.getenv("UHOST") or "uhost"), token = "ghp_0123456789abcdefTEST" }

M.knowledge_base = [==[
return {
    about = "what a kiln says",
    entries = {
        {
            id = "kiln.overheated", title = "The kiln is too hot",
            match = [[^kiln: (?<heat>\d+) degrees is above (?<limit>\d+)]],
            class = "infrastructure", severity = "error", priority = 85,
            cause = "The kiln had `{heat}` degrees.", fix = "Wait until it is below {limit}.",
            commands = { "kiln --wait-below {limit}" }, docs = { "https://kiln.example/heat" },
            patch = { file = ".github/workflows/ci.yml", description = "Wait first.",
                yaml = "steps:\n  - run: kiln --wait-below {limit}\n" },
            examples = { matches = { "kiln: 1310 degrees is above 1250" }, rejects = { "kiln: cold" } },
        },
        {
            id = "kiln.exit_code", title = "A step failed",
            match = [[^##\[error\]Process completed with exit code \d+]],
            class = "code bug", severity = "note", priority = 10, cause = "A summary.", fix = "See above.",
            examples = { matches = { "##[error]Process completed with exit code 1." }, rejects = { "exit code" } },
        },
    },
}
]==]

local function stamped(lines)
    local list = {}
    for i, line in ipairs(lines) do list[i] = ("2026-01-31T10:00:%02d.1234567Z %s"):format(i, line) end
    return table.concat(list, "\n") .. "\n"
end

local before = {
    "##[group]Run actions/checkout@v4", "##[endgroup]", "Syncing repository: o/n", "##[group]Run make fire",
    "make fire", "shell: /usr/bin/bash -e {0}", "##[endgroup]", "firing pot 1",
}

local function log_with(...)
    local lines = { unpack(before) }
    for _, line in ipairs({ ... }) do lines[#lines + 1] = line end
    return stamped(lines)
end

M.failed_log = log_with("kiln: 1310 degrees is above 1250", "make: *** [Makefile:3: fire] Error 1",
    "##[error]Process completed with exit code 2.", "Post job cleanup.")

M.green_log = log_with("pot 1 is done", "Post job cleanup.")

M.unknown_log = (M.failed_log:gsub("kiln: 1310 degrees is above 1250", "Error: the glaze has run away"))

--- The environment of a run: nothing of a workflow or a token, unless it is in `more`.
function M.environment(folder, more)
    local env = {
        GITHUB_ACTIONS = false, GITHUB_RUN_ID = false, GITHUB_REPOSITORY = false, GITHUB_STEP_SUMMARY = false,
        GITHUB_TOKEN = false, GH_TOKEN = false, UHOST_STATE = folder .. "/state", UHOST_GITHUB_BACKOFF_S = "0.01",
        UHOST_GITHUB_ATTEMPTS = "2", COLUMNS = "100",
    }
    for name, value in pairs(more or {}) do env[name] = value end
    return env
end

--- Runs `body(world)` in a folder with `failed.log`, `green.log`, `unknown.log` and `kiln.lua`. `world.run(arguments,
--- options)` runs `uhost diagnose`; `options.host` are arguments of the host, `env` more variables, `kb = false` leaves
--- `--kb kiln.lua` out.
function M.with(body)
    servers.in_folder(function(folder)
        local world = { folder = folder }
        for _, name in ipairs({ "failed", "green", "unknown" }) do
            fs.write(("%s/%s.log"):format(folder, name), M[name .. "_log"])
        end
        fs.write(folder .. "/kiln.lua", M.knowledge_base)
        function world.command(arguments, options)
            options = options or {}
            local command = { M.binary, "-q" }
            for _, argument in ipairs(options.host or {}) do command[#command + 1] = argument end
            command[#command + 1] = "diagnose"
            for _, argument in ipairs(arguments) do command[#command + 1] = argument end
            if options.kb ~= false then
                command[#command + 1], command[#command + 2] = "--kb", folder .. "/kiln.lua"
            end
            command.env, command.cwd, command.stdin = M.environment(folder, options.env), options.cwd or folder,
                options.stdin
            return command
        end
        function world.run(arguments, options)
            local command = world.command(arguments, options)
            command.timeout_s = 120
            return process.run(command)
        end
        function world.json(arguments, options)
            local list = { "--format", "json" }
            for _, argument in ipairs(arguments) do list[#list + 1] = argument end
            local result = world.run(list, options)
            assert(result.code == 0 or result.code == 1, result.stderr)
            return json.decode(result.stdout), result
        end
        body(world)
    end)
end

--- As `with`, with a stand-in for GitHub: `world.control(order)` steers it.
function M.with_github(body)
    M.with(function(world)
        servers.with("github", {}, function(server)
            world.url = server.url
            function world.control(order) http.post(server.control_url, { json = order, mutates = false }) end
            function world.requests() return http.get(server.control_url):json().requests end
            world.github = { GITHUB_API_URL = server.url, GITHUB_TOKEN = M.token }
            function world.with_token(more)
                local env = {}
                for name, value in pairs(world.github) do env[name] = value end
                for name, value in pairs(more or {}) do env[name] = value end
                return { env = env }
            end
            world.control({ token = M.token, repository = "o/n" })
            body(world)
        end)
    end)
end

return M
