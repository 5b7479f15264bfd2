-- The Lua half of `git`: iterators over batches that the worker pool reads, and methods built from the native ones.
local native = ...

local M = {
    open = native.open, init = native.init, merge_file = native.merge_file, compare_texts = native.compare_texts,
}

local Repository = native.Repository

-- Small batches first, so that the first records come soon.
local function each(walk, smallest, largest)
    local batch, index, size = {}, 0, smallest
    return function()
        index = index + 1
        if index > #batch then
            batch, index = walk:next_batch(size), 1
            size = math.min(size * 2, largest)
        end
        return batch[index]
    end
end

-- Times as options: Unix seconds, or text. Returns a copy with seconds.
local function with_seconds(options)
    if type(options) ~= "table" then return options end
    local copy = {}
    for key, value in pairs(options) do copy[key] = value end
    for _, key in ipairs{ "since", "until", "time" } do
        -- A window may be a duration, as on the command line; the time of a commit is a point.
        if type(copy[key]) == "string" then copy[key] = (key == "time" and time.parse or time.resolve)(copy[key]) end
        if type(copy[key]) == "number" then copy[key] = math.floor(copy[key]) end
    end
    return copy
end

function Repository:log(options)
    return each(native["Repository:log"](self, with_seconds(options)), 16, 512)
end

-- Loaded when first used: the index needs the store, and a script that asks no such thing should not pay for it.
function Repository:deletions(options)
    local deletions = require("uhost.git.deletions")
    deletions.use(native, each)
    return deletions.iterate(self, with_seconds(options))
end

function Repository:update_refs(updates, options)
    local update = native["Repository:update_refs"]
    return update(self, update(self, updates), options)
end

-- One reference: `from` is what it has to be; with force, anything.
local function update_one(repository, ref, to, from, message)
    local change = repository:update_refs({ { ref = ref, to = to, from = from } }, { message = message })[1]
    return change.after or change.before
end

local function from_of(options)
    if type(options) == "table" and options.force then return nil end
    return false
end

function Repository:create_branch(name, revision, options)
    revision = native["Repository:create_branch"](self, name, revision, options)
    return update_one(self, "refs/heads/" .. name, revision .. "^{commit}", from_of(options),
        "branch: created from " .. revision)
end

function Repository:delete_branch(name)
    name = native["Repository:delete_branch"](self, name)
    return update_one(self, "refs/heads/" .. name, false, nil, "branch: deleted")
end

function Repository:create_tag(name, revision, options)
    return native["Repository:create_tag"](self, name, revision, with_seconds(options))
end

function Repository:delete_tag(name)
    name = native["Repository:delete_tag"](self, name)
    return update_one(self, "refs/tags/" .. name, false, nil, "tag: deleted")
end

function Repository:create_commit(options)
    return native["Repository:create_commit"](self, with_seconds(options))
end

for _, name in ipairs{ "merge_trees", "replay", "write_tree", "commit_tree" } do
    Repository[name] = function(self, options) return native["Repository:" .. name](self, with_seconds(options)) end
end

-- What the installed git does; loaded when first used.
local by_program = {
    work_tree = { "add", "remove", "checkout", "reset", "apply", "worktrees", "add_worktree", "remove_worktree" },
    picks = { "cherry_pick", "revert", "commit_index", "stash", "stashes", "unstash", "drop_stash" },
    signatures = { "verify", "verify_tag", "sign_tag" },
    configuration = { "config", "set_config", "add_remote", "remove_remote", "set_remote_url" },
    annotations = { "reflog", "note", "notes", "set_note" },
    submodules = { "submodules", "update_submodules" },
}

for part, names in pairs(by_program) do
    for _, name in ipairs(names) do
        Repository[name] = function(...) return require("uhost.git.internal." .. part)[name](...) end
    end
end

local status_by_libgit2 = Repository.status

function Repository:status(options)
    return require("uhost.git.internal.status").read(self, options, status_by_libgit2)
end

-- Options without `progress`, and that function.
local function split_progress(options)
    if type(options) ~= "table" then return options, nil end
    local rest = {}
    for key, value in pairs(options) do
        if key ~= "progress" then rest[key] = value end
    end
    if options.progress ~= nil and type(options.progress) ~= "function" then
        uhost.fail("argument", "bad option 'progress': expected a function, got " .. type(options.progress))
    end
    return rest, options.progress
end

local progress_interval_s = 0.1

-- Runs `transfer(progress)`, calling `report` every now and then, and once at the end.
local function with_progress(report, transfer)
    if not report then return transfer(nil) end
    local progress = native.new_progress()
    return task.scope(function()
        local work = task.spawn(transfer, progress)
        repeat
            local ended = work:join(progress_interval_s)
            report(progress:read())
        until ended
        return work:await()
    end)
end

function M.clone(url, path, options)
    local rest, report = split_progress(options)
    return with_progress(report, function(progress) return native.clone(url, path, rest, progress) end)
end

function M.ls_remote(url) return native.ls_remote(nil, url) end

function Repository:ls_remote(remote) return native.ls_remote(self, remote or "origin") end

function Repository:fetch(options)
    local rest, report = split_progress(options)
    local fetch = native["Repository:fetch"]
    local url = fetch(self, rest)
    return with_progress(report, function(progress) return fetch(self, rest, url, progress) end)
end

function Repository:push(options)
    local rest, report = split_progress(options)
    local push = native["Repository:push"]
    local refspecs, url = push(self, rest)
    rest.refspecs = refspecs
    return with_progress(report, function(progress) return push(self, rest, url, progress) end)
end

return M
