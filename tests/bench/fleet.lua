-- Measures what a shard costs besides its script: a fleet of 100 small repositories, or as many as the first argument
-- says, four at once, on this machine and as jobs of a Slurm of one node on it; the script does nothing. Mirrors are
-- there already. Peer of both: the same clones made and removed one after the other by `git clone` alone. The answer
-- that is compared: whether the script ended well in all of them.
--
-- Prints: name, seconds, seconds of the peer, ratio, target, same answer; separated by tabs; then, a line each, what a
-- shard costs in wall time.
local shards = tonumber((...)) or 100
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = here .. "/../?.lua;" .. package.path
local demo_git = require("lib.demo_git")
local slurms = require("support.slurm")

local uhost_binary = os.getenv("UHOST") or "uhost"
local at_once = 4

local scratch = fs.temp_dir()
local folder = scratch:path()

local function make_repository(path)
    demo_git.run({ "init", "--quiet", "--initial-branch=main", path })
    demo_git.run({ "-C", path, "fast-import", "--quiet" }, { stdin = "commit refs/heads/main\n"
        .. "committer A <a@b.c> 1790000000 +0000\ndata 4\nMake\nM 100644 inline file\ndata 1\nx" })
end

local function clones()
    local began = time.monotonic()
    for i = 1, shards do
        process.run{ "git", "clone", "-q", ("%s/r%d"):format(folder, i), folder .. "/clone", check = true }
        fs.remove(folder .. "/clone", { recursive = true })
    end
    return time.monotonic() - began
end

-- Seconds, and whether all ended well.
local function fleet(executor, env)
    local command = { uhost_binary, "-q", "--state", folder .. "/state", "fleet", "run", folder .. "/nothing.lua",
        "--over", folder .. "/repos.txt", "--executor", executor, "--memory", "100MiB", "--json", "--max-parallel",
        at_once, env = env }
    local began = time.monotonic()
    local result = process.run(command)
    local seconds = time.monotonic() - began
    return seconds, result.code == 0 and json.decode(result.stdout).counts.fine == shards
end

local function show(name, seconds, peer_s, is_fine)
    print(("fleet of %d, %s\t%.2f s\t%.2f s\t%.2f\t-\t%s"):format(shards, name, seconds, peer_s, seconds / peer_s,
        is_fine and "yes" or "no"))
    print(("a shard of it, wall time\t%.0f ms\t%.0f ms\t-\t-\t%s"):format(1000 * seconds / shards,
        1000 * peer_s / shards, is_fine and "yes" or "no"))
end

task.finally(function()
    local lines = {}
    for i = 1, shards do
        lines[i] = ("./r%d"):format(i)
        make_repository(("%s/r%d"):format(folder, i))
    end
    fs.write(folder .. "/repos.txt", table.concat(lines, "\n"))
    fs.write(folder .. "/nothing.lua", "return 0\n")
    fleet("local")  -- makes the mirrors
    local peer_s = clones()
    local seconds, is_fine = fleet("local")
    show("here", seconds, peer_s, is_fine)
    local missing = slurms.missing()
    if missing then return io.stderr:write("Slurm is left out: ", missing, "\n") end
    slurms.with(function(slurm)
        local slurm_s, slurm_is_fine = fleet("slurm", { SLURM_CONF = slurm.env.SLURM_CONF })
        show("as jobs of Slurm", slurm_s, peer_s, slurm_is_fine)
        print(("overhead of a job of Slurm\t%.0f ms\t-\t-\t-\t%s"):format(1000 * (slurm_s - seconds) / shards,
            slurm_is_fine and "yes" or "no"))
    end)
end, function() scratch:close() end)
