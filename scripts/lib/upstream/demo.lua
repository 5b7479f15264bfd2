-- `uhost upstream --demo`: monitor, status and analyze on a fork made for it. Nothing leaves the machine, nothing is
-- left behind, and the store is one in memory.
local analyze = require("lib.upstream.analyze")
local history = require("lib.upstream.demo_history")
local monitor = require("lib.upstream.monitor")
local project_of = require("lib.upstream.project")
local status = require("lib.upstream.status")
local store_of = require("lib.upstream.store")

local M = {}

-- git must not read a configuration, hooks or templates that would make this repository another one.
local git_environment = {
    GIT_CONFIG_NOSYSTEM = "1", GIT_CONFIG_GLOBAL = "/dev/null", GIT_TEMPLATE_DIR = "", GIT_DIR = false,
    GIT_WORK_TREE = false, GIT_INDEX_FILE = false, GIT_OBJECT_DIRECTORY = false,
}

-- `reads`: it changes nothing but the demonstration's own folder.
local function run_git(arguments, stdin)
    local command = { "git", env = git_environment, stdin = stdin, check = true, reads = true }
    for _, argument in ipairs(arguments) do command[#command + 1] = argument end
    process.run(command)
end

local function build(folder)
    local project, fork = fs.join(folder, "project"), fs.join(folder, "fork")
    run_git({ "init", "--quiet", "--initial-branch=main", project })
    run_git({ "-C", project, "fast-import", "--quiet", "--done" }, history.stream(math.floor(time.now())))
    run_git({ "clone", "--quiet", "--branch=fork", project, fork })
    fs.mkdir(fs.join(fork, "policies"))
    fs.write(fs.join(fork, "policies/integration_points.lua"), history.points)
    fs.write(fs.join(fork, "policies/upstream.lua"), ("return { upstream = { url = %q } }"):format(project))
    return project, fork
end

local function show(command, run)
    print(term.style("$ uhost upstream " .. command, "bold"))
    local exit_code = run()
    print(("(exit code %d)\n"):format(exit_code))
end

local function perform(folder)
    local project_folder, fork_folder = build(folder)
    -- The last release is not out yet when the project is looked at first.
    local v1_3 = git.open(project_folder):resolve("v1.3.0")
    run_git({ "-C", project_folder, "tag", "--delete", "v1.3.0" })
    local project = project_of.open({ folder = fork_folder, store = store_of.prepare(db.open(":memory:")) })
    show("monitor", function() return monitor.commands.monitor(project, {}) end)
    show("status", function() return status.commands.status(project, {}) end)
    run_git({ "-C", project_folder, "tag", "v1.3.0", v1_3 })
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
