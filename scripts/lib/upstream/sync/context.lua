-- What the stages of a sync work with.
local memory = require("lib.upstream.resolution.memory")
local resolution = require("lib.upstream.resolution")
local state_of = require("lib.upstream.sync.state")

local M = {}

local function git_in(path, words)
    local command = { "git", "-C", path, "--literal-pathspecs", "-c", "core.hooksPath=/dev/null" }
    for _, word in ipairs(words) do command[#command + 1] = word end
    return command
end

-- When a file was written, in Unix seconds with their fraction; nil when it is gone.
local function written_at(path)
    return tonumber(process.run{ "stat", "-c", "%.9Y", "--", path, reads = true }.stdout)
end

-- Whether a lock is of the sync that was killed before this one: it is from the time when that one had the fork.
local function is_left_behind(killed, lock)
    local written = killed and written_at(lock)
    return written ~= nil and written >= killed.from and written < killed.to
end

-- A sync that is killed while references change leaves their locks. All others belong to a git that is at work.
local function wait_for_lock(context, lock)
    local deadline = time.monotonic() + 30
    while fs.exists(lock) do
        if is_left_behind(context.killed, lock) then return fs.remove(lock) end
        if time.monotonic() > deadline then
            uhost.fail("upstream.reference_locked", "another git holds the lock " .. lock,
                { hint = ("if none runs, remove %s; then uhost upstream sync --resume"):format(lock),
                details = { path = lock } })
        end
        task.sleep(0.05)
    end
end

local function update_refs(context, updates, message)
    local repo = context.repo
    local ok, failure = pcall(repo.update_refs, repo, updates, { message = message })
    if ok then return end
    if not uhost.is_error(failure) or failure.kind ~= "git.locked" then error(failure, 0) end
    local locks = { "packed-refs.lock" }
    for _, update in ipairs(updates) do locks[#locks + 1] = update.ref .. ".lock" end
    for _, lock in ipairs(locks) do wait_for_lock(context, fs.join(repo:common_folder(), lock)) end
    repo:update_refs(updates, { message = message })
end

local function identity_of(repo)
    local line = process.run{ "git", "-C", repo:path(), "var", "GIT_COMMITTER_IDENT", reads = true }.stdout
    local name, email = line:match("^(.-) <(.-)> %d+")
    return { name = name or "uhost", email = email or "uhost@localhost" }
end

---@param project upstream.Project
---@param options table  of the command line
---@param hooks { on_checkpoint: fun(name: string)?, say: fun(line: string)? }?
---@return table context
function M.new(project, options, hooks)
    hooks = hooks or {}
    local context = {
        store = memory.open(project.store), project = project.name, fork = project.fork, rules = project.rules,
        whole_project = project, settings = project.rules.sync, options = options,
        repo = git.open(project.folder), is_dry_run = plan.dry_run(),
    }
    context.identity = identity_of(context.repo)
    local resolver
    function context.resolver()
        resolver = resolver or resolution.new{ memory = context.store }
        return resolver
    end
    function context.say(line)
        if hooks.say then hooks.say(line) else io.stderr:write(term.untrusted(line), "\n") end
    end
    function context.show(text)
        for line in text:gmatch("[^\n]+") do context.say(line) end
    end
    function context.reached(name)
        if hooks.on_checkpoint then hooks.on_checkpoint(name) end
    end
    function context.save() state_of.save(context) end
    function context.checkpoint(name)
        if not context.is_dry_run then context.save() end
        context.reached(name)
    end
    function context.adopt(state)
        context.state, context.folder = state, state_of.folder(state)
        context.source = "sync " .. tostring(state.id)
    end
    function context.try_git(path, ...) return process.run(git_in(path, { ... })) end
    function context.git(path, ...)
        local command = git_in(path, { ... })
        command.check = true
        return process.run(command).stdout
    end
    function context.update_refs(updates, message) update_refs(context, updates, message) end
    return context
end

return M
