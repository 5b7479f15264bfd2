-- `notify` against stand-ins for the services that take messages.
local servers = require("support.servers")

local M = {}

--- Runs `body(world)`: `world.policy(text)` sets the policy, `world.run(code)` runs Lua in the real binary,
--- `world.notify(…)` runs `uhost notify`, `world.arrived()` is what the stand-ins took, `world.faults(list)` makes them
--- fail.
---@param body fun(world: table)
---@param more? table  of the environment
function M.with(body, more)
    servers.in_folder(function(folder)
        local key, certificate = servers.certificate(folder)
        servers.with("messages", { key, certificate }, function(server)
            local world = { folder = folder, url = ("http://127.0.0.1:%d"):format(server.port) }
            function world.arrived() return http.get(world.url .. "/_control"):json() end
            function world.faults(list)
                http.post(world.url .. "/_control", { json = { faults = json.array(list) }, mutates = false })
            end
            function world.policy(text)
                fs.mkdir(folder .. "/policies")
                fs.write(folder .. "/policies/notifications.lua", text)
            end
            function world.env(own)
                local env = {
                    UHOST_STATE = folder .. "/state", GITHUB_TOKEN = false, GH_TOKEN = false, GITHUB_ACTIONS = false,
                    SLACK_WEBHOOK_URL = world.url .. "/slack/T1/B1/verysecretslack",
                    DISCORD_WEBHOOK_URL = world.url .. "/discord/verysecretdiscord",
                    TEAMS_WEBHOOK_URL = world.url .. "/teams/verysecretteams",
                    NOTIFY_WEBHOOK_URL = world.url .. "/hook/verysecrethook", NOTIFY_WEBHOOK_SECRET = "verysecretkey",
                    ZULIP_API_KEY = "verysecretzulip", UHOST_NOTIFY_ZULIP_URL = world.url .. "/zulip",
                    UHOST_NOTIFY_ZULIP_USER = "bot@example.org", UHOST_NOTIFY_HOSTS = "127.0.0.1",
                    UHOST_NOTIFY_SMTP_URL = ("smtp://localhost:%d"):format(server.smtp_port),
                    UHOST_NOTIFY_SMTP_FROM = "uhost@example.org", UHOST_HTTP_CA_FILE = certificate, COLUMNS = "110",
                }
                for _, given in ipairs({ more or {}, own or {} }) do
                    for name, value in pairs(given) do env[name] = value end
                end
                return env
            end
            local function start(arguments, options)
                options = options or {}
                local command = { os.getenv("UHOST") or "uhost", unpack(options.host or {}) }
                for _, argument in ipairs(arguments) do command[#command + 1] = argument end
                command.cwd, command.env = folder, world.env(options.env)
                if options.background then return process.start(command) end
                command.timeout_s = 120
                return process.run(command)
            end
            function world.run(code, options) return start({ "-e", code }, options) end
            function world.notify(...)
                return start({ "-q", "notify", ... })
            end
            function world.start(...)
                return start({ "-q", "notify", ... }, { background = true })
            end
            body(world)
        end)
    end)
end

return M
