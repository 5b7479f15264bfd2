-- Commits made from the index, from other commits, and stashes.
local program = require("uhost.git.internal.program")

local M = {}

local stash_record = uhost.record("git.Stash", { "id", "message", "time" })

local function conflicts_of(repository)
    local paths, seen = {}, {}
    local unmerged = program.read(repository, { "ls-files", "--unmerged", "-z" }, "cannot read the index")
    for _, field in ipairs(program.fields(unmerged)) do
        local path = field:match("\t(.*)$")
        if not seen[path] then
            paths[#paths + 1] = path
            seen[path] = true
        end
    end
    return paths
end

local function conflict(repository, what, paths, left)
    uhost.fail("git.conflict", ("%s: %d files are in conflict"):format(what, #paths), {
        hint = left and "resolve them in the work tree, then add and commit them"
            or "nothing was changed; leave_conflicts = true leaves them in the work tree",
        details = { paths = paths, repository = repository:path() },
    })
end

-- Runs cherry-pick or revert; a conflict is undone, unless it is to be left.
local function pick(repository, verb, revisions, options, owner)
    options = uhost.check_options(options, owner, { "mainline", "no_commit", "leave_conflicts", "record_origin" })
    if repository:is_bare() then
        uhost.fail("git.bare", ("cannot %s: the repository is bare"):format(verb),
            { hint = "open a clone that has a work tree" })
    end
    local arguments = { verb }
    if options.mainline then
        uhost.check_argument(options.mainline, "mainline", owner, "number")
        for _, argument in ipairs{ "-m", tostring(options.mainline) } do arguments[#arguments + 1] = argument end
    end
    if options.no_commit then arguments[#arguments + 1] = "--no-commit" end
    if options.record_origin then arguments[#arguments + 1] = "-x" end
    local names = program.texts(revisions, "revisions", owner)
    for _, revision in ipairs(names) do arguments[#arguments + 1] = program.commit_id(repository, revision, owner) end
    local what = ("cannot %s %s"):format(verb, table.concat(names, ", "))
    return program.change(repository, "git." .. verb:gsub("-", "_"), what:gsub("^cannot ", ""), function()
        local before = repository:resolve("HEAD")
        local _, code = program.run(repository, arguments, what, { accept = { [1] = true } })
        if code == 0 then return repository:resolve("HEAD") end
        local paths = conflicts_of(repository)
        if not options.leave_conflicts or #paths == 0 then
            if options.no_commit then
                program.run(repository, { "reset", "--quiet", "--merge", before }, what)
            else
                program.run(repository, { verb, "--abort" }, what, { accept = { [128] = true } })
            end
        end
        if #paths > 0 then conflict(repository, what, paths, options.leave_conflicts) end
        uhost.fail("git.failed", what, { hint = "its change may be there already, or the work tree has changes" })
    end)
end

function M.cherry_pick(repository, revisions, options)
    return pick(repository, "cherry-pick", revisions, options, "Repository:cherry_pick")
end

function M.revert(repository, revisions, options)
    return pick(repository, "revert", revisions, options, "Repository:revert")
end

local function date_of(instant)
    if type(instant) == "string" then instant = time.parse(instant) end
    return instant and ("%d +0000"):format(instant)
end

function M.commit_index(repository, options)
    local owner = "Repository:commit_index"
    options = uhost.check_options(options, owner,
        { "message", "author", "author_email", "time", "amend", "allow_empty", "sign" })
    uhost.check_argument(options.message, "message", owner, "string")
    local arguments = { "commit", "--quiet", "--cleanup=verbatim", "--file=-" }
    if options.amend then arguments[#arguments + 1] = "--amend" end
    if options.allow_empty then arguments[#arguments + 1] = "--allow-empty" end
    if options.sign then
        arguments[#arguments + 1] = type(options.sign) == "string" and "--gpg-sign=" .. options.sign or "--gpg-sign"
    else
        arguments[#arguments + 1] = "--no-gpg-sign"
    end
    local env = {
        GIT_AUTHOR_NAME = options.author, GIT_AUTHOR_EMAIL = options.author_email,
        GIT_AUTHOR_DATE = date_of(options.time), GIT_COMMITTER_DATE = date_of(options.time),
    }
    return program.change(repository, "git.commit_index", options.message:match("^[^\n]*"), function()
        program.run(repository, arguments, "cannot commit the index",
            { stdin = program.message(options.message), env = env,
            hint = "there may be nothing to commit, or no user.name and user.email" })
        return repository:resolve("HEAD")
    end)
end

function M.stash(repository, options)
    local owner = "Repository:stash"
    options = uhost.check_options(options, owner, { "message", "untracked", "keep_index", "paths" })
    local arguments = { "stash", "push", "--quiet" }
    if options.untracked then arguments[#arguments + 1] = "--include-untracked" end
    if options.keep_index then arguments[#arguments + 1] = "--keep-index" end
    if options.message then
        uhost.check_argument(options.message, "message", owner, "string")
        arguments[#arguments + 1] = "--message=" .. uhost.mask(options.message)
    end
    if options.paths then
        program.add_paths(arguments, program.texts(options.paths, "paths", owner))
    end
    return program.change(repository, "git.stash", options.message or "stash what changed", function()
        local before = repository:resolve("refs/stash")
        program.run(repository, arguments, "cannot stash")
        local after = repository:resolve("refs/stash")
        if after ~= before then return after end
    end)
end

function M.stashes(repository)
    local stashes = {}
    if not repository:resolve("refs/stash") then return stashes end
    local output = program.read(repository,
        { "log", "--walk-reflogs", "-z", "--format=%H%x01%ct%x01%gs", "refs/stash", "--" }, "cannot list the stashes")
    for id, seconds, message in (output .. "\0"):gmatch("(%x+)\1(%d+)\1([^%z]*)%z") do
        stashes[#stashes + 1] = stash_record({ id = id, message = message, time = time.iso(tonumber(seconds)) })
    end
    return stashes
end

local function stash_name(repository, number, owner)
    number = number or 1
    uhost.check_argument(number, "number", owner, "number")
    if not M.stashes(repository)[number] then
        uhost.fail("git.unknown_revision", ("there is no stash %d"):format(number), { hint = "see repo:stashes()" })
    end
    return ("stash@{%d}"):format(number - 1)
end

function M.unstash(repository, number, options)
    local owner = "Repository:unstash"
    options = uhost.check_options(options, owner, { "index", "keep" })
    local arguments = { "stash", options.keep and "apply" or "pop", "--quiet", options.index and "--index" or nil }
    arguments[#arguments + 1] = stash_name(repository, number, owner)
    program.change(repository, "git.unstash", "bring back a stash", function()
        local _, code = program.run(repository, arguments, "cannot bring back the stash", { accept = { [1] = true } })
        if code == 0 then return end
        local paths = conflicts_of(repository)
        if #paths > 0 then conflict(repository, "the stash was brought back", paths, true) end
        uhost.fail("git.conflict", "cannot bring back the stash: files in the work tree are in its way",
            { hint = "commit or stash them first" })
    end)
end

function M.drop_stash(repository, number)
    local name = stash_name(repository, number, "Repository:drop_stash")
    program.change(repository, "git.drop_stash", "drop " .. name, function()
        program.run(repository, { "stash", "drop", "--quiet", name }, "cannot drop the stash")
    end)
end

return M
