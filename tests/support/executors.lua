-- Scripts that submit jobs, run by the real binary with settings of their own.
local M = {}

-- As a person writes it.
local function source_of(value)
    if type(value) == "string" then return ("%q"):format(value) end
    if type(value) ~= "table" then return tostring(value) end
    local parts = {}
    for key, each in pairs(value) do
        parts[#parts + 1] = (type(key) == "number" and "[%d] = %s" or "[%q] = %s"):format(key, source_of(each))
    end
    return "{ " .. table.concat(parts, ", ") .. " }"
end

--- Opens a folder with the state and the settings of a user. `user.start(code, options)` starts uhost with a script
--- and puts its process id into the file "pid"; `user.run(code, options)` runs one and gives what it returned, decoded
--- from JSON. `options`: env, arguments.
---@param folder string
---@param executors table  the setting build.executors
---@param env? table<string, string>
function M.user(folder, executors, env)
    local user = { folder = folder }
    fs.mkdir(folder .. "/config/uhost")
    fs.write(folder .. "/config/uhost/uhost.lua",
        ("return { build = { executors = %s } }"):format(source_of(executors)))

    local function command_of(code, options)
        local command = { os.getenv("UHOST") or "uhost", "--state", folder .. "/state", cwd = folder }
        for _, argument in ipairs(options.arguments or {}) do command[#command + 1] = argument end
        command[#command + 1], command[#command + 2] = "-e", code
        command.env = { XDG_CONFIG_HOME = folder .. "/config" }
        for _, variables in ipairs({ env or {}, options.env or {} }) do
            for name, value in pairs(variables) do command.env[name] = value end
        end
        return command
    end

    function user.start(code, options)
        local command = command_of(("fs.write('pid', (fs.readlink('/proc/self'))) %s"):format(code), options or {})
        command.stderr = "capture"
        return process.start(command)
    end

    function user.run(code, options)
        options = options or {}
        local command = command_of(("print('=' .. json.encode((function() %s end)()))"):format(code), options)
        command.timeout_s = 200
        local result = process.run(command)
        if result.code ~= 0 then
            error(("uhost ended with %s: %s"):format(result.code or result.signal, result.stderr), 0)
        end
        return json.decode(result.stdout:match("=([^\n]*)\n$")), result
    end

    return user
end

--- A folder with a program of that name, to be put before the others: it runs `before`, the real program with its
--- arguments, and `after`, as a shell does. In them kill_uhost ends the process that `start` started.
---@param folder string  of the user
---@param name string
---@param script { before?: string, after?: string }
---@return string path  for PATH
function M.in_front_of(folder, name, script)
    local real = process.run{ "sh", "-c", "command -v " .. name, check = true }.stdout:gsub("\n", "")
    local place = ("%s/in-front-%s"):format(folder, hash.text(json.encode(script)):sub(1, 8))
    fs.mkdir(place)
    local lines = { "#!/bin/sh", ("kill_uhost() { kill -9 $(cat '%s/pid'); }"):format(folder), script.before or ":",
        real .. ' "$@"', script.after or ":" }
    fs.write(place .. "/" .. name, table.concat(lines, "\n") .. "\n")
    process.run{ "chmod", "755", place .. "/" .. name, check = true }
    return place .. ":" .. os.getenv("PATH")
end

return M
