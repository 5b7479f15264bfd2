-- `uhost upstream sync --demo`: all six stages on a fork made for it, in a folder that goes away. One conflict is
-- settled by a rule, one is left for a person, whose part is played here, and one is resolved as that person did
-- before. Each command is a process of its own with a store of its own, as a person would run it.
local demo_git = require("lib.demo_git")

local M = {}

local function lines(...) return table.concat({ ... }, "\n") .. "\n" end

local clock = 1767225600

local function git_in(path)
    return function(...)
        clock = clock + 3600
        local date = ("@%d +0000"):format(clock)
        demo_git.run({ "-C", path, ... }, { env = {
            GIT_AUTHOR_NAME = "Ada", GIT_AUTHOR_EMAIL = "ada@example.org", GIT_COMMITTER_NAME = "Ada",
            GIT_COMMITTER_EMAIL = "ada@example.org", GIT_AUTHOR_DATE = date, GIT_COMMITTER_DATE = date,
        } })
    end
end

local function commit(git, folder, files, message)
    for path, text in pairs(files) do
        fs.mkdir(fs.dirname(fs.join(folder, path)))
        fs.write(fs.join(folder, path), text)
    end
    git("add", "--all")
    git("commit", "--quiet", "--message", message)
end

local function options(value) return lines("# options", "speed = 1", "limit = " .. value, "colour = on") end

local function make(folder)
    local project, fork = fs.join(folder, "project"), fs.join(folder, "fork")
    local upstream, git = git_in(project), git_in(fork)
    git_in(folder)("init", "--quiet", "--initial-branch=main", project)
    commit(upstream, project, {
        ["server.conf"] = options("10"), ["client.conf"] = options("10"), ["run.c"] = lines("run(fast, safe);"),
        ["notes.txt"] = lines("teh notes"),
    }, "Begin")
    upstream("tag", "v1.0.0")
    git_in(folder)("clone", "--quiet", project, fork)
    commit(git, fork, { ["ours.c"] = lines("start(old_call());") }, "Add what makes this fork")
    commit(git, fork, { ["notes.txt"] = lines("the notes") }, "Correct a typo")
    commit(git, fork, { ["run.c"] = lines("run( fast, safe, traced );") }, "Trace runs")
    commit(git, fork, { ["server.conf"] = options("20  # ours") }, "Raise the server's limit")
    commit(git, fork, { ["client.conf"] = options("20  # ours") }, "Raise the client's limit")
    commit(upstream, project, { ["notes.txt"] = lines("the notes") }, "Correct a typo")
    commit(upstream, project, {
        ["server.conf"] = options("15"), ["client.conf"] = options("15"), ["run.c"] = lines("run(fast, safe, traced);"),
    }, "Raise limits, and trace runs")
    upstream("tag", "v1.1.0")
    fs.mkdir(fs.join(fork, ".git/info"))
    fs.write(fs.join(fork, ".git/info/exclude"), "/policies/\n")
    fs.mkdir(fs.join(fork, "policies"))
    fs.write(fs.join(fork, "policies/upstream.lua"), ([[return {
        upstream = { url = %q },
        sync = { tag = "fork-%%V", build = { { "sh", "-c", "echo building; test -e ours.c" } },
            test = { { "sh", "-c", "printf 'TAP version 13\n1..2\nok 1 - limits\nok 2 - calls\n'" } } },
    }]]):format(project))
    fs.write(fs.join(fork, "policies/migrations.lua"), [=[return { rules = { {
        id = "new_call", files = { "*.c" }, pattern = [[\bold_call\(\)]], replacement = "new_call()",
        description = "1.1.0 renamed old_call.",
    } } }]=])
    return fork
end

-- A command as a person types it, with its output.
local function show(folder, fork, ...)
    print(term.style("$ uhost upstream " .. table.concat({ ... }, " "), "bold"))
    local command = { fs.readlink("/proc/self/exe"), "upstream", ... }
    command.cwd, command.stdout, command.merge_stderr, command.reads = fork, "pass", true, true
    command.env = tables.copy(demo_git.environment)
    command.env.UHOST_STATE, command.env.GITHUB_ACTIONS = fs.join(folder, "state"), false
    command.env.UHOST_OFFLINE = false  -- nothing but the folder is asked
    local result = process.run(command)
    print(("(exit code %s)\n"):format(tostring(result.code)))
end

local function perform(folder)
    local fork = make(folder)
    show(folder, fork, "monitor")
    show(folder, fork, "sync", "--to", "1.1.0")
    local conflicted = fs.join(folder, "state/syncs/1/conflicts/server.conf")
    print(term.style("$ edit " .. conflicted, "bold"))
    fs.write(conflicted, options("30  # both"))
    print("")
    show(folder, fork, "sync", "--resume")
    show(folder, fork, "sync", "--rollback")
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
