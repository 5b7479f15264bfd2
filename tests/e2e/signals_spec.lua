-- `process.signals`: in a process of its own, since signals belong to all of it.
local servers = require("support.servers")

describe("process.signals", function()
    it("takes signals until it is closed; then they do what they did before", function()
        local result = servers.uhost([[
            local signals = process.signals({ "SIGUSR1", "SIGTERM" })
            local function send(name)
                process.run({ "kill", "-" .. name, fs.readlink("/proc/self"), mutates = "send a signal" })
            end
            send("USR1") print(signals())
            send("TERM") print(signals())
            signals:close()
            send("TERM") task.sleep(30) print("never")]])
        assert.same({ 143, "SIGUSR1\nSIGTERM\n" }, { result.code, result.stdout })
    end)

    it("is refused to scripts with limited permissions, and for signals that nobody can take", function()
        local result = servers.uhost([[process.signals({ "SIGTERM" })]], { arguments = { "--safe" } })
        assert.equal(2, result.code)
        assert.matches("permissions are limited", result.stderr)
        for _, name in ipairs({ "SIGKILL", "SIGNO", 7 }) do
            local ok, failure = pcall(process.signals, { name })
            assert.same({ false, "argument" }, { ok, failure.kind })
        end
    end)
end)
