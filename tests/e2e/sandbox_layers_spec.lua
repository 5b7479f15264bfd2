-- What keeps a policy in, seen from outside, and on kernels that refuse some of it.
local servers = require("support.servers")

local uhost_binary = os.getenv("UHOST") or "uhost"

-- A program under a kernel that knows no Landlock: a system-call filter answers as such a kernel does.
local without_landlock = [[
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
def op(code, jt, jf, k): return struct.pack("<HBBI", code, jt, jf, k)
program = op(0x20, 0, 0, 0) + op(0x15, 0, 1, 444) + op(6, 0, 0, 0x00050000 | 38) + op(6, 0, 0, 0x7fff0000)
class Filter(ctypes.Structure): _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_char_p)]
libc.prctl(38, 1, 0, 0, 0)
if libc.prctl(22, 2, ctypes.byref(Filter(4, program)), 0, 0) != 0: sys.exit(77)
os.execvp(sys.argv[1], sys.argv[1:])]]

local function in_repository(body)
    servers.in_folder(function(folder)
        fs.mkdir(folder .. "/policies")
        fs.write(folder .. "/policies/mine.lua",
            "return { f = function() return 42 end, spin = function() while true do end end }")
        return body(folder)
    end)
end

local ask = "local mine = policy.load('mine') print(mine:call('f')) policy.load('crash_tests')"

local function run_without_landlock(folder, ...)
    local command = { "python3", "-c", without_landlock, uhost_binary, ... }
    command.cwd, command.env = folder, { GITHUB_ACTIONS = false }
    return process.run(command)
end

describe("the sandbox", function()
    it("holds with all its layers on this kernel", function()
        for name, holds in pairs(policy.sandbox()) do assert.is_true(holds, name) end
    end)

    it("says once per run which layer the kernel refuses", function()
        in_repository(function(folder)
            local result = run_without_landlock(folder, "-e", ask)
            if result.code == 77 then return pending("no system-call filters here") end
            assert.equal("42\n", result.stdout)
            assert.equal("warning: policies run with less of a sandbox: the kernel refuses files "
                .. "(--require-sandbox makes this an error)\n", result.stderr)
        end)
    end)

    it("is all there is, or no policy and no settings file runs, where it is required", function()
        in_repository(function(folder)
            local refused = run_without_landlock(folder, "--require-sandbox", "-e", ask)
            if refused.code == 77 then return pending("no system-call filters here") end
            assert.equal("", refused.stdout)
            assert.matches("^error: [^\n]*the kernel refuses layers of the sandbox: files\n  hint: ", refused.stderr)
            fs.write(folder .. "/uhost.lua", "return { offline = true }")
            local settings = run_without_landlock(folder, "--require-sandbox", "-e", "print(1)")
            assert.equal("", settings.stdout)
            assert.matches("the kernel refuses layers of the sandbox: files", settings.stderr)
            assert.equal("42\n", process.run({ uhost_binary, "--require-sandbox", "-e", ask, cwd = folder }).stdout)
        end)
    end)

    it("runs policies as nobody: no capabilities, no files, first to go when memory runs out", function()
        in_repository(function(folder)
            local child = process.start({
                uhost_binary, "-e", "policy.load('mine', { deadline_s = 30 }):call('spin')", cwd = folder,
                stderr = "capture",
            })
            local worker
            require("support.expect").eventually(function()
                local found = process.run({ "pgrep", "-P", child:pid(), "-f", "uhost-sandbox" }).stdout
                worker = found:match("%d+")
                return worker and (fs.read(("/proc/%s/status"):format(worker)) or ""):find("Seccomp:\t2", 1, true)
            end)
            local status = fs.read(("/proc/%s/status"):format(worker))
            assert.not_matches("\nUid:\t0", status)
            assert.matches("\nCapPrm:\t0+\nCapEff:\t0+\n", status)
            assert.matches("\nNoNewPrivs:\t1\n", status)
            assert.equal("1000\n", fs.read(("/proc/%s/oom_score_adj"):format(worker)))
            child:close()
        end)
    end)
end)
