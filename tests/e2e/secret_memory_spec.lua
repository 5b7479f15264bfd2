-- The process that holds a token, looked at by another one of the same user.
local servers = require("support.servers")

local uhost_binary = os.getenv("UHOST") or "uhost"
local token = "ghp_memoryofaprocess0123"

-- Runs Lua in uhost, as somebody who is not root: root may read everything.
local function run_as_nobody(code)
    local command = { uhost_binary, "--state", "/nonexistent", "-e", code }
    if process.run({ "id", "-u" }).stdout == "0\n" then
        command = { "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", unpack(command) }
    end
    command.env, command.cwd = { GITHUB_TOKEN = token, HOME = "/nonexistent" }, "/"
    return process.run(command)
end

describe("a process that holds a token", function()
    it("shows neither its memory nor its environment to a child of the same user", function()
        local result = run_as_nobody([[
            local look = "cd /proc/$PPID && id -u && cat environ mem; head -c 1 maps; ls fd"
            local child = process.run({ "sh", "-c", look })
            io.write(child.stdout, child.stderr)]])
        assert.equal(0, result.code, result.stderr)
        assert.not_matches(token, result.stdout, 1, true)
        for _, file in ipairs({ "environ", "mem", "maps" }) do
            assert.matches(("'?%s'?[^\n]*: Permission denied"):format(file), result.stdout)
        end
        assert.matches("fd[^\n]*: Permission denied", result.stdout)
    end)

    it("is not attached to by a debugger of the same user", function()
        local attach = [[import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
print(libc.ptrace(16, os.getppid(), None, None), os.strerror(ctypes.get_errno()))]]
        local result = run_as_nobody(("io.write(process.run({ 'python3', '-c', %q }).stdout)"):format(attach))
        assert.equal("-1 Operation not permitted\n", result.stdout)
    end)

    it("keeps its state and its recordings from others", function()
        servers.in_folder(function(folder)
            local code = [[db.open():close() pcall(http.request, { url = "http://127.0.0.1:1/" })]]
            local result = process.run({
                "sh", "-c", 'umask 0; exec "$@"', "sh", uhost_binary, "--state", folder .. "/state", "--record",
                folder .. "/record.json", "-e", code, env = { GITHUB_TOKEN = token },
            })
            assert.equal("", result.stderr)
            assert.equal("0700", fs.stat(folder .. "/state").mode)
            for path, type in fs.walk(folder) do
                if type == "file" then assert.equal("0600", fs.stat(path).mode, path) end
            end
        end)
    end)

    it("leaves no core file, and lets its children have them again", function()
        local result = run_as_nobody([[
            local show = "ulimit -c; ulimit -S -c hard; [ $(ulimit -c) = $(ulimit -H -c) ] && echo as before"
            io.write(process.run({ "bash", "-c", show }).stdout)]])
        assert.equal("0\nas before\n", result.stdout)
    end)
end)
