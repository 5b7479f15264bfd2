-- The index, the work tree, and linked work trees.
local program = require("uhost.git.internal.program")

local M = {}

local worktree = uhost.record("git.Worktree", { "path", "id", "branch", "bare", "locked", "prunable" })

local function check_work_tree(repository, what)
    if not repository:is_bare() then return end
    uhost.fail("git.bare", ("cannot %s: the repository is bare, it has no work tree"):format(what),
        { hint = "open a clone that has one" })
end

local function shown(paths) return #paths == 1 and paths[1] or ("%d paths"):format(#paths) end

function M.add(repository, paths, options)
    local owner = "Repository:add"
    paths = program.texts(paths, "paths", owner)
    options = uhost.check_options(options, owner, { "force" })
    check_work_tree(repository, "add to the index")
    local arguments = program.add_paths({ "add", "--all", options.force and "--force" or nil }, paths)
    program.change(repository, "git.add", ("add %s to the index"):format(shown(paths)), function()
        program.run(repository, arguments, "cannot add to the index")
    end)
end

function M.remove(repository, paths, options)
    local owner = "Repository:remove"
    paths = program.texts(paths, "paths", owner)
    options = uhost.check_options(options, owner, { "force", "keep" })
    check_work_tree(repository, "remove from the index")
    local arguments = { "rm", "--quiet", "-r" }
    if options.keep then arguments[#arguments + 1] = "--cached" end
    if options.force then arguments[#arguments + 1] = "--force" end
    program.change(repository, "git.remove", ("remove %s"):format(shown(paths)), function()
        program.run(repository, program.add_paths(arguments, paths), "cannot remove from the index")
    end)
end

function M.checkout(repository, revision, options)
    local owner = "Repository:checkout"
    options = uhost.check_options(options, owner, { "paths", "create", "detach", "force" })
    check_work_tree(repository, "check out")
    local id = program.commit_id(repository, revision, owner)
    local arguments = { "checkout", "--quiet", options.force and "--force" or nil }
    if options.paths then
        program.add_paths(arguments, program.texts(options.paths, "paths", owner))
        table.insert(arguments, options.force and 4 or 3, id)
    elseif options.create then
        uhost.check_argument(options.create, "create", owner, "string")
        repository:resolve("refs/heads/" .. options.create)  -- raises for a name that cannot be one
        for _, argument in ipairs{ "-b", options.create, id } do arguments[#arguments + 1] = argument end
    else
        local is_branch = not options.detach and repository:resolve("refs/heads/" .. revision)
        if not is_branch then arguments[#arguments + 1] = "--detach" end
        arguments[#arguments + 1] = is_branch and revision or id
        arguments[#arguments + 1] = "--"
    end
    return program.change(repository, "git.checkout", "check out " .. revision, function()
        program.run(repository, arguments, "cannot check out " .. revision, { kind = "git.checkout",
            hint = "commit or stash what would be overwritten, or pass force = true" })
        return repository:head()
    end)
end

local modes = { soft = true, mixed = true, hard = true, merge = true, keep = true }

function M.reset(repository, revision, options)
    local owner = "Repository:reset"
    options = uhost.check_options(options, owner, { "mode", "paths" })
    local mode = options.mode or "mixed"
    if not modes[mode] then
        local hint = uhost.suggest(tostring(mode), { "soft", "mixed", "hard", "merge", "keep" })
        uhost.fail("argument", ("bad option 'mode' to '%s': '%s' is none"):format(owner, tostring(mode)),
            { hint = hint })
    end
    check_work_tree(repository, "reset")
    local id = program.commit_id(repository, revision or "HEAD", owner)
    local arguments = { "reset", "--quiet" }
    if options.paths then
        arguments[#arguments + 1] = id
        program.add_paths(arguments, program.texts(options.paths, "paths", owner))
    else
        arguments[#arguments + 1] = "--" .. mode
        arguments[#arguments + 1] = id
        arguments[#arguments + 1] = "--"
    end
    program.change(repository, "git.reset", ("reset (%s) to %s"):format(mode, revision or "HEAD"), function()
        program.run(repository, arguments, "cannot reset to " .. (revision or "HEAD"))
    end)
end

function M.apply(repository, patch, options)
    local owner = "Repository:apply"
    uhost.check_argument(patch, "patch", owner, "string")
    options = uhost.check_options(options, owner, { "index", "staged", "reverse", "three_way" })
    check_work_tree(repository, "apply a patch")
    local arguments = { "apply" }
    for _, each in ipairs{ { "index", "--index" }, { "staged", "--cached" }, { "reverse", "--reverse" },
        { "three_way", "--3way" } } do
        if options[each[1]] then arguments[#arguments + 1] = each[2] end
    end
    local how = { stdin = patch, kind = "git.patch", hint = "its context has to be there; three_way = true merges" }
    program.change(repository, "git.apply", "apply a patch", function()
        program.run(repository, arguments, "cannot apply the patch", how)
    end, function()
        arguments[#arguments + 1] = "--check"
        program.read(repository, arguments, "the patch does not apply", how)
    end)
end

function M.worktrees(repository)
    local list = {}
    local output = program.read(repository, { "worktree", "list", "--porcelain", "-z" }, "cannot list the work trees")
    local names = { HEAD = "id", worktree = "path" }
    for _, field in ipairs(program.fields(output)) do
        local key, value = field:match("^(%S+) ?(.*)$")
        if key == "worktree" then list[#list + 1] = worktree({ bare = false, locked = false, prunable = false }) end
        local found = list[#list]
        if key == "branch" then
            found.branch = value:gsub("^refs/heads/", "")
        elseif names[key] then
            found[names[key]] = value
        elseif key == "bare" or key == "locked" or key == "prunable" then
            found[key] = true
        end
    end
    return list
end

function M.add_worktree(repository, path, options)
    local owner = "Repository:add_worktree"
    uhost.check_argument(path, "path", owner, "string")
    options = uhost.check_options(options, owner, { "revision", "create", "detach", "force", "checkout" })
    local revision = options.revision or "HEAD"
    local id = program.commit_id(repository, revision, owner)
    local arguments = { "worktree", "add", "--quiet" }
    if options.force then arguments[#arguments + 1] = "--force" end
    if options.checkout == false then arguments[#arguments + 1] = "--no-checkout" end
    local is_branch = not options.detach and not options.create and repository:resolve("refs/heads/" .. revision)
    if options.create then
        uhost.check_argument(options.create, "create", owner, "string")
        repository:resolve("refs/heads/" .. options.create)
        for _, argument in ipairs{ "-b", options.create } do arguments[#arguments + 1] = argument end
    elseif not is_branch then
        arguments[#arguments + 1] = "--detach"
    end
    local absolute = fs.absolute(path)
    local target = is_branch and revision or id
    for _, argument in ipairs{ "--", absolute, target } do arguments[#arguments + 1] = argument end
    local summary = ("add the work tree %s at %s"):format(path, revision)
    return program.change(repository, "git.add_worktree", summary, function()
        program.run(repository, arguments, "cannot add the work tree " .. path)
        return git.open(absolute)
    end)
end

function M.remove_worktree(repository, path, options)
    local owner = "Repository:remove_worktree"
    uhost.check_argument(path, "path", owner, "string")
    options = uhost.check_options(options, owner, { "force" })
    local arguments = { "worktree", "remove", options.force and "--force" or nil }
    for _, argument in ipairs{ "--", fs.absolute(path) } do arguments[#arguments + 1] = argument end
    program.change(repository, "git.remove_worktree", "remove the work tree " .. path, function()
        program.run(repository, arguments, "cannot remove the work tree " .. path,
            { hint = "it may have changes, or be locked: look at it, then pass force = true" })
    end)
end

return M
