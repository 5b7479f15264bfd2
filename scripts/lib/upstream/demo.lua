-- `uhost upstream --demo`: monitor, status and analyze on a fork made for it. Nothing leaves the machine, nothing is
-- left behind, and the store is one in memory.
local analyze = require("lib.upstream.analyze")
local demo_git = require("lib.demo_git")
local history = require("lib.upstream.demo_history")
local monitor = require("lib.upstream.monitor")
local project_of = require("lib.upstream.project")
local status = require("lib.upstream.status")
local store_of = require("lib.upstream.store")

local M = {}

local function build(folder)
    local project, fork = fs.join(folder, "project"), fs.join(folder, "fork")
    demo_git.run({ "init", "--quiet", "--initial-branch=main", project })
    demo_git.run({ "-C", project, "fast-import", "--quiet", "--done" },
        { stdin = history.stream(math.floor(time.now())) })
    demo_git.run({ "clone", "--quiet", "--branch=fork", project, fork })
    fs.mkdir(fs.join(fork, "policies"))
    fs.write(fs.join(fork, "policies/integration_points.lua"), history.points)
    fs.write(fs.join(fork, "policies/upstream.lua"), ("return { upstream = { url = %q } }"):format(project))
    return project, fork
end

local function show(command, run)
    print(term.style("$ uhost upstream " .. command, "bold"))
    io.flush()  -- commands also write to standard error
    local exit_code = run()
    print(("(exit code %d)\n"):format(exit_code))
end

local function perform(folder)
    local project_folder, fork_folder = build(folder)
    -- The last release is not out yet when the project is looked at first.
    local v1_3 = git.open(project_folder):resolve("v1.3.0")
    demo_git.run({ "-C", project_folder, "tag", "--delete", "v1.3.0" })
    local project = project_of.open({ folder = fork_folder, store = store_of.prepare(db.open(":memory:")) })
    show("monitor", function() return monitor.commands.monitor(project, {}) end)
    show("status", function() return status.commands.status(project, {}) end)
    demo_git.run({ "-C", project_folder, "tag", "v1.3.0", v1_3 })
    show("monitor", function() return monitor.commands.monitor(project, {}) end)
    show("check", function() return status.commands.check(project, {}) end)
    show("analyze 1.3.0", function() return analyze.commands.analyze(project, { version = "1.3.0" }) end)
end

---@return integer exit_code
function M.run()
    local folder = fs.temp_dir()
    return task.finally(function()
        perform(folder:path())
        return 0
    end, function() folder:close() end)
end

return M
