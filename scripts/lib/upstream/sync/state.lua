-- Where a sync stands, in the store: one document for each sync, written as a whole at every checkpoint, and the lock
-- of its fork. What a stage does follows from the document alone, so that it may be done again after any interruption.
local store_of = require("lib.upstream.store")

local M = {}

---@class upstream.SyncState
---@field id integer
---@field stage "prepare"|"rebase"|"conflict"|"adapt"|"build"|"test"|"finalize"|"push"|"done"|"undo"|"undone"
---@field branch string  the fork's: "refs/heads/main"
---@field old_tip string  where it was
---@field version string
---@field steps { version: string, commit: string }[]  what the commits are brought onto, one after the other
---@field step integer
---@field tip string  the last commit that was made
---@field rest string[]  the commits that are still to be made again, in order
---@field commits table[]  what became of each commit of the fork

-- Locks --------------------------------------------------------------------------------------------------------------

local function boot() return (fs.read("/proc/sys/kernel/random/boot_id") or ""):match("%S*") end
local function machine() return (fs.read("/proc/sys/kernel/hostname") or ""):match("%S*") end

-- When a process began, in ticks since the start of the machine: a number that came again belongs to another one.
local function began(pid)
    local status = fs.read(("/proc/%d/stat"):format(pid))
    return status and tonumber(status:match("^.*%) %S+" .. (" %S+"):rep(18) .. " (%d+)"))
end

-- Of a process on another machine nobody here can tell whether it runs.
local function is_elsewhere(lock) return lock.machine ~= machine() end

local function is_held(lock)
    return is_elsewhere(lock) or lock.boot == boot() and began(lock.pid) == lock.began
end

local function fail_locked(lock)
    local hint = "wait for its end; uhost upstream history shows it"
    if is_elsewhere(lock) then
        hint = ("wait for its end; if %s no longer exists, like a removed container, add --take-over"):format(
            lock.machine)
    end
    local since = lock.taken_at and time.iso(lock.taken_at)
    uhost.fail("upstream.locked", ("another sync of this fork runs: process %d on %s%s"):format(lock.pid, lock.machine,
        since and ", since " .. since or ""),
        { hint = hint, details = { process = lock.pid, machine = lock.machine, since = since } })
end

---@class upstream.Killed  a sync that had the lock and is no more
---@field from number  when it took the lock, in Unix seconds
---@field to number  when the lock was taken from it

--- Takes the lock of a fork, if need be from a process that is no more. Raises `upstream.locked`.
---@param store db.Connection
---@param fork string
---@param options? { take_over: boolean? }  take_over: also from a process on another machine
---@return upstream.Killed?
function M.lock(store, fork, options)
    local pid, now = tonumber(fs.readlink("/proc/self")), time.now()
    return store:transaction(function()
        local lock = store:one("SELECT * FROM sync_locks WHERE fork = ?", { fork })
        local is_taken_over = lock and options and options.take_over and is_elsewhere(lock)
        if lock and is_held(lock) and not is_taken_over then fail_locked(lock) end
        store:execute([[INSERT INTO sync_locks (fork, machine, boot, pid, began, taken_at)
            VALUES (:fork, :machine, :boot, :pid, :began, :now)
            ON CONFLICT (fork) DO UPDATE SET machine = excluded.machine, boot = excluded.boot, pid = excluded.pid,
                began = excluded.began, taken_at = excluded.taken_at]],
            { fork = fork, machine = machine(), boot = boot(), pid = pid, began = began(pid), now = now })
        return lock and { from = lock.taken_at or 0, to = now }
    end)
end

---@param store db.Connection
---@param fork string
function M.unlock(store, fork) store:execute("DELETE FROM sync_locks WHERE fork = ?", { fork }) end

-- Documents ----------------------------------------------------------------------------------------------------------

--- Keeps where a sync stands.
---@param store db.Connection
---@param state upstream.SyncState
function M.save(store, state)
    store:execute([[INSERT INTO sync_states VALUES (:id, :stage, :document, :now)
        ON CONFLICT (sync_id) DO UPDATE SET stage = excluded.stage, document = excluded.document,
            updated_at = excluded.updated_at]],
        { id = state.id, stage = state.stage, document = json.encode(state), now = time.iso() })
end

local function decoded(row) return row and json.decode(row.document) end

--- The sync of a fork that is not over; nil when there is none.
---@param store db.Connection
---@param project string
---@param fork string
---@return upstream.SyncState?
function M.unfinished(store, project, fork)
    return decoded(store:one([[SELECT document FROM sync_states JOIN sync_operations ON id = sync_id
        WHERE project = ? AND fork = ? AND stage NOT IN ('done', 'undone') ORDER BY id DESC LIMIT 1]],
        { project, fork }))
end

--- The newest sync of a fork that ended well; nil when there is none.
---@param store db.Connection
---@param project string
---@param fork string
---@return upstream.SyncState?
function M.last_done(store, project, fork)
    return decoded(store:one([[SELECT document FROM sync_states JOIN sync_operations ON id = sync_id
        WHERE project = ? AND fork = ? AND stage = 'done' ORDER BY id DESC LIMIT 1]], { project, fork }))
end

--- A folder of a sync, for logs, reports and what a person edits.
---@param state upstream.SyncState
---@return string
function M.folder(state) return fs.join(uhost.state_folder(), "syncs", tostring(state.id or "planned")) end

M.open = store_of.open

return M
