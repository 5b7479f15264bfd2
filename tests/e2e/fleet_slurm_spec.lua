-- A fleet whose shards are jobs of a real Slurm.
local ci_world = require("support.ci_world")
local demo_git = require("lib.demo_git")
local executors = require("support.executors")
local expect = require("support.expect")
local slurms = require("support.slurm")

-- Notes that it begins, waits until it may end, and ends with the code that the file `code` has.
local script = [[
local folder = arg[1]
fs.append(folder .. "/notes", ("begin %s %s\n"):format(fs.cwd(), os.getenv("SLURM_JOB_ID")))
while not fs.exists(folder .. "/go") do task.sleep(0.05) end
print(json.encode({ node = fs.read("/proc/sys/kernel/hostname"):match("%S+") }))
return tonumber(fs.read("code"))
]]

local function make_repository(path, code)
    demo_git.run({ "init", "--quiet", "--initial-branch=main", path })
    demo_git.run({ "-C", path, "fast-import", "--quiet" }, { stdin = ("commit refs/heads/main\n"
        .. "committer A <a@b.c> 1790000000 +0000\ndata 4\nMake\nM 100644 inline code\ndata 1\n%d"):format(code) })
end

local function begun(folder)
    local _, count = (fs.read(folder .. "/notes") or ""):gsub("begin", "")
    return count
end

describe("uhost fleet run --executor slurm", function()
    it("finds its jobs again after it was killed, and starts none twice", function()
        local missing = slurms.missing()
        if missing then return pending(missing) end
        slurms.with(function(slurm)
            local folder = slurm.folder
            executors.user(folder, { slurm = {} })
            fs.write(folder .. "/check.lua", script)
            fs.write(folder .. "/repos.txt", "./r1\n./r2\n./r3\n")
            for i = 1, 3 do make_repository(("%s/r%d"):format(folder, i), i == 2 and 1 or 0) end
            local command = { os.getenv("UHOST") or "uhost", "-q", "--state", folder .. "/state", "fleet", "run",
                "check.lua", "--over", "repos.txt", "--executor", "slurm", "--memory", "300MiB", "--json", "--resume",
                "--", folder, cwd = folder, env = { XDG_CONFIG_HOME = folder .. "/config",
                    SLURM_CONF = slurm.env.SLURM_CONF, GITHUB_ACTIONS = "" } }
            local first = process.start(command)
            expect.eventually(function() return begun(folder) == 3 end)
            first:kill("SIGKILL")
            first:wait()
            table.remove(command, 2)
            command.stderr = "capture"
            local second = process.start(command)
            expect.eventually(function()
                local status = process.run({ command[1], "--state", folder .. "/state", "fleet", "list", "--json" })
                local runs = json.decode(status.stdout).runs
                return runs[1].counts.running == 3
            end)
            fs.write(folder .. "/go", "")
            local result = second:wait()
            assert.equal(1, result.code, result.stderr)
            ci_world.assert_schema("fleet_report", result.stdout)
            local report = json.decode(result.stdout)
            assert.same({ fine = 2, findings = 1 }, report.counts)
            assert.equal(1, report.run.id)
            assert.equal(3, begun(folder), fs.read(folder .. "/notes") .. result.stderr)
            local jobs = slurm.run{ "squeue", "-h", "--states=all", "-o", "%i" }.stdout
            for _, shard in ipairs(report.shards) do
                assert.equal(1, shard.attempts)
                assert.matches("%f[%d]" .. shard.place .. "%f[%D]", jobs)
            end
            assert.equal(3, select(2, jobs:gsub("%d+", "")))
        end)
    end)
end)
