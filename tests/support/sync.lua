-- A project with two releases and a fork of it whose commits meet every fate in a sync: one comes along, one the
-- project has by now, one is settled by a rule, one is a merge with its branch, and one is left for a person.
local M = {}

local binary = os.getenv("UHOST")

local function lines(...) return table.concat({ ... }, "\n") .. "\n" end

-- A text long enough that changes at its two ends have nothing to do with each other.
local function long(first, last)
    local list = { first }
    for i = 1, 20 do list[#list + 1] = ("line %d"):format(i) end
    list[#list + 1] = last
    return table.concat(list, "\n") .. "\n"
end

local clock = 1700000000

local function git_in(path)
    return function(...)
        clock = clock + 60
        local command = { "git", "-C", path, ... }
        local stamp = clock .. " +0000"
        command.env = { GIT_CONFIG_GLOBAL = "/dev/null", GIT_CONFIG_NOSYSTEM = "1", GIT_AUTHOR_NAME = "Ann",
            GIT_AUTHOR_EMAIL = "ann@x", GIT_COMMITTER_NAME = "Carl", GIT_COMMITTER_EMAIL = "carl@x",
            GIT_AUTHOR_DATE = stamp, GIT_COMMITTER_DATE = stamp }
        command.check = true
        return (process.run(command).stdout:gsub("\n$", ""))
    end
end

---@class sync.World
---@field folder string
---@field fork string  its path
---@field git fun(...): string  in the fork
---@field upstream fun(...): string  git in the project

--- Makes project and fork in a folder. The same each time: ids too.
---@param folder string
---@param options? { conflict: boolean? }  conflict: with the commit that needs a person; default true
---@return sync.World
function M.make(folder, options)
    options = options or {}
    clock = 1700000000
    local project, fork = folder .. "/project", folder .. "/fork"
    process.run{ "git", "init", "-q", "-b", "main", project, check = true }
    local upstream = git_in(project)
    local function write(repository, files)
        for path, text in pairs(files) do
            fs.mkdir(fs.dirname(repository .. "/" .. path))
            fs.write(repository .. "/" .. path, text)
        end
    end
    local function commit(git, repository, files, message)
        write(repository, files)
        git("add", "-A")
        git("commit", "-q", "-m", message)
    end
    commit(upstream, project, {
        ["main.c"] = long("int old_name(void);", "int last;"), ["options.txt"] = lines("alpha", "beta", "gamma"),
        ["hooks.c"] = lines("void hooks(void) {", "    first();", "}"), ["typo.txt"] = lines("teh end"),
        ["lib/a.c"] = lines("int a;"),
    }, "Begin")
    upstream("tag", "v1.0.0")
    process.run{ "git", "clone", "-q", project, fork, check = true }
    local git = git_in(fork)
    commit(git, fork, { ["own.c"] = lines("int own(void) { return old_name(); }") }, "Add a file of our own")
    commit(git, fork, { ["typo.txt"] = lines("the end") }, "Correct a typo")
    commit(git, fork, { ["hooks.c"] = lines("void hooks(void) {", "    first( 1 );", "}") }, "Give a hook its argument")
    git("checkout", "-q", "-b", "feature", "HEAD~2")
    commit(git, fork, { ["feature.c"] = lines("int feature;") }, "Add a feature")
    git("checkout", "-q", "main")
    git("merge", "-q", "--no-ff", "-m", "Merge the feature", "feature")
    git("branch", "-q", "-D", "feature")
    if options.conflict ~= false then
        commit(git, fork, { ["options.txt"] = lines("alpha", "beta, ours", "gamma") }, "Change an option")
    end
    commit(git, fork, { ["main.c"] = long("int old_name(void);", "int last, ours;") }, "Change the end")
    commit(upstream, project, { ["typo.txt"] = lines("the end"), ["lib/b.c"] = lines("int b;") }, "Correct, too")
    commit(upstream, project, { ["main.c"] = long("int new_name(void);", "int last;"),
        ["hooks.c"] = lines("void hooks(void) {", "    first(1);", "}"),
        ["options.txt"] = lines("alpha", "beta, theirs", "gamma") }, "Rename a function")
    upstream("tag", "v1.1.0")
    local world = { folder = folder, project = project, fork = fork, git = git, upstream = upstream,
        target = upstream("rev-parse", "HEAD") }

    -- What the policy `upstream` says of a sync, and other policies by name.
    function world.policies(sync, others)
        fs.mkdir(fork .. "/policies")
        fs.write(fork .. "/policies/upstream.lua",
            ("return { upstream = { url = %q }, sync = { %s } }"):format(project, sync or ""))
        for name, text in pairs(others or {}) do fs.write(("%s/policies/%s.lua"):format(fork, name), text) end
        fs.write(fork .. "/.git/info/exclude", "policies/\n")
    end

    function world.command(...)
        local words = { binary, ... }
        words.cwd = fork
        words.env = { HOME = folder, GITHUB_TOKEN = false, UHOST_STATE = folder .. "/state", GITHUB_ACTIONS = false,
            GIT_CONFIG_NOSYSTEM = "1" }
        return words
    end
    function world.sync(...) return process.run(world.command("upstream", "sync", ...)) end
    -- Runs the sync in a host that kills itself at a checkpoint.
    function world.killed_at(checkpoint, given)
        return process.run(world.command("-e", ([[
            local options = { to = "1.1.0", priority = "normal", format = "json" }
            for name, value in pairs(json.decode(%q)) do options[name] = value end
            if options.resume or options.rollback then options.to = nil end
            local project = require("lib.upstream.project").open()
            require("lib.upstream.sync.main").run(project, options, { on_checkpoint = function(name)
                if name == %q then process.run{ "kill", "-9", fs.readlink("/proc/self") } task.sleep(60) end
            end })
        ]]):format(json.encode(given or {}), checkpoint)))
    end
    -- Begins or resumes a sync and kills the host after so many seconds, or lets it end.
    function world.killed_after(seconds, ...)
        local child = process.start(world.command("upstream", "sync", ...))
        local ended = child:wait(seconds)
        if not ended then
            child:kill("SIGKILL")
            child:wait()
        end
        return ended == nil
    end
    -- Goes on, as a person would, until the sync is over.
    function world.bring_to_end()
        for _ = 1, 4 do
            local result = world.sync("--resume")
            if result.code == 0 then return end
            if result.stderr:find("no sync of this fork is unfinished", 1, true) then
                result = world.sync("--to", "1.1.0")
                if result.code == 0 then return end
            end
            assert(result.code == 1, result.stderr)
            world.resolve()
        end
        error("the sync does not end")
    end
    -- Branch, tag and files once everything is over.
    function world.ending()
        return table.concat({ git("rev-parse", "main"), git("rev-parse", "fork-1.1.0"), git("status", "--porcelain"),
            git("ls-files", "--stage") }, "\n")
    end
    function world.guide_folder()
        local ids = fs.list(folder .. "/state/syncs")
        return ("%s/state/syncs/%s"):format(folder, ids[#ids])
    end
    -- A person's work.
    function world.resolve()
        fs.write(world.guide_folder() .. "/conflicts/options.txt", lines("alpha", "beta, both", "gamma"))
    end
    -- Everything that a sync could change in the fork.
    function world.snapshot()
        return {
            refs = git("for-each-ref", "--format=%(refname) %(objectname)"), head = git("symbolic-ref", "HEAD"),
            index = git("ls-files", "--stage"), status = git("status", "--porcelain"),
            worktrees = git("worktree", "list", "--porcelain"),
        }
    end
    world.policies()
    return world
end

return M
