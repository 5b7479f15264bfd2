-- Mirrors: bare clones that shards share, each brought up to date when it is used, and work trees made from them.
--
-- A mirror is a folder KEY of the mirrors' folder: `repository.git`; `mirror.json`, what is known of it; and `work/`,
-- the work trees made from it. These take their objects from the mirror, so that it is not removed while one is in use.
-- The database `mirrors.sqlite` lends leases: one for each mirror, to whoever changes it, and one for each work tree,
-- whose folder begins with its token. Mirrors belong to one machine: a shard on another one makes its own.
local store_of = require("lib.fleet.store")

local M = {}

local max_wait_s = 3600  -- for another process that clones or fetches the same
local fetches_between_repacks, max_packs = 20, 40
local remote_refs = { "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*" }

-- What is no fault of the mirror.
local kinds_of_the_world = tables.set({ "git.auth", "git.network", "git.certificate", "git.host_key", "git.url",
    "git.remote_not_found", "git.offline", "cancelled", "interrupted", "timeout", "permission.denied", "db.busy" })

---@class fleet.Mirrors
---@field folder string
---@field filter string|false  of partial clones: "blob:none"
---@field leases db.Connection
local Mirrors, new_mirrors = uhost.class("fleet.Mirrors")

--- The mirrors in a folder, by default that of the state folder.
---@param options? { folder: string?, filter: string? }
---@return fleet.Mirrors
function M.open(options)
    options = uhost.check_options(options, "mirrors.open", { "folder", "filter" })
    local folder = options.folder or fs.join(uhost.state_folder(), "mirrors")
    fs.mkdir(folder)
    return new_mirrors({ folder = fs.absolute(folder), filter = options.filter or false,
        leases = db.open(fs.join(folder, "mirrors.sqlite")) })
end

-- A name that says what it is, and that no other address has.
local function key_of(url, filter)
    local readable = url:gsub("%.git/*$", ""):match("([^/:]+/[^/:]+)/*$") or fs.basename(url)
    readable = readable:gsub("[^%w_%-]+", "-"):gsub("^%-+", ""):sub(-60)
    return ("%s-%s"):format(readable, hash.text(url .. "\n" .. (filter or "")):sub(1, 12))
end

-- git ----------------------------------------------------------------------------------------------------------------

-- No hook, no question, no upkeep behind our back, and no template of the user's.
local function run_git(folder, words, env)
    local command = { "git", "-C", folder, "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", check = true,
        mutates = ("git %s in %s"):format(words[1], folder), env = { GIT_DIR = false, GIT_WORK_TREE = false,
            GIT_INDEX_FILE = false, GIT_TERMINAL_PROMPT = "0", GIT_TEMPLATE_DIR = "" } }
    for _, word in ipairs(words) do command[#command + 1] = word end
    for name, value in pairs(env or {}) do command.env[name] = value end
    return process.run(command)
end

-- One mirror ---------------------------------------------------------------------------------------------------------

---@class fleet.Mirror
---@field key string
---@field url string
---@field filter string?
---@field folder string
---@field git string  the bare repository
---@field work string  the folder of its work trees
---@field leases db.Connection

local function mirror_of(mirrors, key, url, filter)
    local folder = fs.join(mirrors.folder, key)
    return { key = key, url = url, filter = filter or nil, folder = folder, git = fs.join(folder, "repository.git"),
        work = fs.join(folder, "work"), leases = mirrors.leases }
end

local function read_notes(folder)
    local ok, notes = pcall(function() return json.decode(fs.read(fs.join(folder, "mirror.json")) or "{}") end)
    return ok and type(notes) == "table" and notes or {}
end

local function write_notes(place, notes) fs.write(fs.join(place.folder, "mirror.json"), json.encode(notes)) end

-- Removes the work trees of processes that were killed. Gives how many are in use.
local function remove_left_work(place)
    local used = 0
    for _, name in ipairs(fs.exists(place.work) and fs.list(place.work) or {}) do
        local is_free = store_of.try_lease(place.leases, "taker " .. name:match("^%d*"), function()
            return fs.remove(fs.join(place.work, name), { recursive = true })
        end)
        if not is_free then used = used + 1 end
    end
    return used
end

local function clone(place)
    if fs.exists(place.git) then fs.remove(place.git, { recursive = true }) end
    local repo = git.clone(place.url, place.git, { bare = true, filter = place.filter })
    if repo then repo:close() end
    return { url = place.url, filter = place.filter, fetches = 0, is_new = true }
end

-- The branch that a clone begins with may have been renamed meanwhile.
local function follow_head(place, repo)
    if repo:resolve("HEAD") then return end
    for _, ref in ipairs(repo:ls_remote()) do
        if ref.name == "HEAD" and ref.symbolic then run_git(place.git, { "symbolic-ref", "HEAD", ref.symbolic }) end
    end
end

local function fetch(place)
    local notes, repo = read_notes(place.folder), git.open(place.git)
    return task.finally(function()
        local fetched = repo:fetch{ refspecs = remote_refs, prune = true, tags = "none" }
        follow_head(place, repo)
        notes.url, notes.filter = place.url, place.filter
        notes.is_new, notes.fetches = nil, (notes.fetches or 0) + (#fetched.changes > 0 and 1 or 0)
        notes.has_changed = #fetched.changes > 0
        return notes
    end, function() repo:close() end)
end

-- A clone of its own with the mirror's objects, so that a script may commit and push as in any clone. The files are
-- checked out through the mirror: what a partial one lacks is fetched into it, once for all.
local function make_work_tree(place, path)
    fs.mkdir(place.work)
    if fs.exists(path) then fs.remove(path, { recursive = true }) end
    run_git(place.work, { "clone", "--quiet", "--shared", "--no-checkout", "--", place.git, path })
    run_git(path, { "remote", "set-url", "origin", place.url })
    if place.filter then
        run_git(path, { "config", "remote.origin.promisor", "true" })
        run_git(path, { "config", "remote.origin.partialclonefilter", place.filter })
    end
    local repo = git.open(place.git)
    local has_commits = repo:resolve("HEAD") ~= nil
    repo:close()
    if has_commits then
        run_git(path, { "--git-dir=" .. place.git, "--work-tree=" .. path, "read-tree", "-u", "--reset", "HEAD" },
            { GIT_INDEX_FILE = fs.join(path, ".git", "index") })
    end
end

local function is_damage(failure)
    return not (uhost.is_error(failure) and kinds_of_the_world[failure.kind]) and not task.cancelled()
end

-- Brings the mirror up to date and makes a work tree. A damaged mirror is cloned again, unless others use it.
local function prepare(place, path)
    local used = remove_left_work(place)
    local function attempt(bring)
        local notes = bring(place)
        make_work_tree(place, path)
        return notes
    end
    if not fs.exists(place.git) then return attempt(clone) end
    local ok, notes = pcall(attempt, fetch)
    if ok then return notes end
    if not is_damage(notes) then error(notes, 0) end
    if used > 0 then
        uhost.fail("fleet.mirror_damaged", ("the mirror of %s seems to be damaged: %s"):format(place.url,
            tostring(notes)), { hint = "it is cloned again when nobody uses it; run this again then" })
    end
    log.warn(("the mirror of %s is damaged, and is cloned again: %s"):format(place.url, tostring(notes)))
    return attempt(clone)
end

-- Upkeep -------------------------------------------------------------------------------------------------------------

local function size_of(folder)
    local result = process.run{ "du", "-sk", "--", folder, reads = true }
    return (tonumber(result.stdout:match("^%d+")) or 0) * 1024
end

local function packs_of(place)
    local count = 0
    for _, name in ipairs(fs.list(fs.join(place.git, "objects", "pack"))) do
        if name:find("%.pack$") then count = count + 1 end
    end
    return count
end

-- What makes later walks fast, as `git maintenance` does it. Nothing that is unreachable is dropped: work trees may
-- have it still. git does not put together the packs of partial clones.
local function keep_up(place, notes)
    if not notes.is_new and not notes.has_changed then return end
    run_git(place.git, { "commit-graph", "write", "--reachable", "--changed-paths", "--split", "--no-progress" })
    if not place.filter and (notes.fetches >= fetches_between_repacks or packs_of(place) > max_packs) then
        run_git(place.git, { "repack", "-d", "--geometric=2", "--write-midx", "--quiet" })
        run_git(place.git, { "pack-refs", "--all" })
        notes.fetches = 0
    end
    notes.is_new, notes.has_changed, notes.size_bytes = nil, nil, size_of(place.git)
    write_notes(place, notes)
end

--- Runs `body(path)` with a fresh work tree of a repository, checked out at its HEAD, and removes it afterwards. Gives
--- what `body` gives. Raises as `git.clone`, and `fleet.mirror_damaged`.
---@param url string
---@param body fun(path: string): any ...
---@return any ...
function Mirrors:with(url, body)
    local place = mirror_of(self, key_of(url, self.filter), url, self.filter)
    return self.leases:lease(nil, { owner = "a work tree of " .. url }, function(lease)
        local path = fs.join(place.work, ("%d-%d"):format(lease.token, time.now() * 1000))
        local notes
        return task.finally(function()
            notes = self.leases:lease(place.key, { wait_s = max_wait_s, owner = url }, function()
                local fresh = prepare(place, path)
                fresh.used_at, fresh.fetched_at = time.now(), time.now()
                write_notes(place, fresh)
                return fresh
            end)
            return body(path)
        end, function()
            if fs.exists(path) then fs.remove(path, { recursive = true }) end
            -- Whoever has the mirror now has newer notes, and keeps it up.
            local ok, failure = pcall(store_of.try_lease, self.leases, place.key, function()
                if notes then keep_up(place, notes) end
            end)
            if not ok then log.warn(("the mirror of %s was not kept up: %s"):format(url, tostring(failure))) end
        end)
    end)
end

---@class fleet.MirrorNotes
---@field key string
---@field url string
---@field filter string?
---@field used_at number
---@field size_bytes integer  as far as it is known

--- The mirrors there are, those that were used longest ago first.
---@return fleet.MirrorNotes[]
function Mirrors:list()
    local list = {}
    for _, name in ipairs(fs.exists(self.folder) and fs.list(self.folder) or {}) do
        local folder = fs.join(self.folder, name)
        local notes = read_notes(folder)
        if notes.url then
            list[#list + 1] = { key = name, url = notes.url, filter = notes.filter, used_at = notes.used_at or 0,
                size_bytes = notes.size_bytes or size_of(folder) }
        end
    end
    table.sort(list, function(a, b)
        if a.used_at ~= b.used_at then return a.used_at < b.used_at end
        return a.key < b.key
    end)
    return list
end

-- Takes a mirror away; false when somebody uses it.
local function remove(mirrors, notes)
    local place = mirror_of(mirrors, notes.key, notes.url, notes.filter)
    return store_of.try_lease(mirrors.leases, notes.key, function()
        if remove_left_work(place) > 0 then return false end
        -- Out of the way first: nobody may find half of it.
        local trash = fs.join(mirrors.folder, notes.key .. ".trash")
        fs.rename(place.folder, trash)
        return fs.remove(trash, { recursive = true })
    end)
end

--- Removes those that were used longest ago until the rest fits. Mirrors in use stay.
---@param max_bytes integer
---@return fleet.MirrorNotes[] removed
function Mirrors:prune(max_bytes)
    local list, total, removed = self:list(), 0, {}
    for _, mirror in ipairs(list) do total = total + mirror.size_bytes end
    for _, mirror in ipairs(list) do
        if total <= max_bytes then break end
        if remove(self, mirror) then
            total = total - mirror.size_bytes
            removed[#removed + 1] = mirror
        end
    end
    return removed
end

return M
