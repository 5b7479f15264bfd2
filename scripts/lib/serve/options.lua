-- The command line of `uhost serve`.
local command_line = require("lib.command_line")
local github_home = require("lib.github_home")

local M = {}

local function port(text)
    local value = tonumber(text)
    if value and value >= 0 and value <= 65535 and value % 1 == 0 then return value end
    return nil, ("--port: '%s' is not a port, 0 to 65535"):format(text)
end

local function seconds(name)
    return function(text)
        local ok, duration_s = pcall(time.add, 0, text)
        if ok then return duration_s end
        return nil, ("%s takes a time such as '30 minutes', not '%s'"):format(name, text)
    end
end

---@class serve.Options
---@field host string
---@field port integer
---@field certificate string?
---@field key string?
---@field jobs integer
---@field timeout number  seconds
---@field memory integer?  MiB
---@field grace number  seconds
---@field github string?
---@field no_dashboard boolean
---@field check boolean
---@field demo boolean

---@param arguments string[]
---@return serve.Options
function M.read(arguments)
    local parser = command_line.parser("serve", "Run schedules and answer GitHub's webhooks, one process for both. "
        .. "policies/schedule.lua says what runs when, policies/events.lua what follows from a webhook. What was taken "
        .. "is kept, so that a crash loses nothing. SIGTERM finishes what runs, SIGHUP reads the policies again.",
        { "uhost serve --demo", "uhost serve --check", "uhost serve --port 8080 --github owner/name",
            "uhost serve --host 0.0.0.0 --port 8443 --certificate chain.pem --key key.pem" })
    parser:option("--host", "The address to listen on."):argname("ADDRESS"):default("127.0.0.1")
    parser:option("--port", "The port; 0 for any that is free."):argname("N"):default("8080")
        :convert(port)
    parser:option("--certificate", "Speak HTTPS, with this certificate and its chain (PEM)."):argname("FILE")
    parser:option("--key", "The certificate's key (PEM, without a password)."):argname("FILE")
    parser:option("--jobs", "How many commands run at once."):argname("N"):default("2")
        :convert(command_line.whole_number("--jobs", 1))
    parser:option("--timeout", "How long a command may run."):argname("DURATION"):default("1 hour")
        :convert(seconds("--timeout"))
    parser:option("--memory", "How much address space each process of a command may have, in MiB."):argname("MIB")
        :convert(command_line.whole_number("--memory", 64))
    parser:option("--grace", "How long commands may go on after SIGTERM."):argname("DURATION"):default("60 s")
        :convert(seconds("--grace"))
    parser:option("--github", "Whose dashboard is shown; needed where builds of several repositories are known.")
        :argname("OWNER/NAME")
    parser:flag("--no-dashboard", "Show no dashboard.")
    parser:flag("--check", "Read the policies, show when each schedule is due next, and end.")
    parser:flag("--demo", "Answer made-up webhooks at a free port, show what follows, and end.")
    local options = parser:parse(arguments)
    if options.github then options.github = github_home.checked("--github", options.github) end
    return options
end

return M
