-- Where a sync stands, in the store: one document for each sync, written as a whole at every checkpoint under the lease
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

-- One at a time -------------------------------------------------------------------------------------------------------

-- What tells a fork from others on all machines: where it is pushed to; else where it is.
local function name_of(context)
    for _, remote in ipairs(context.repo:remotes()) do
        if remote.name == context.settings.push then return remote.url end
    end
    return context.fork
end

--- Runs `body` while no other sync has the fork, here or on another machine with the same store. `context.lease` is its
--- lease, and `context.killed` the time in which a sync had this repository that was killed. Raises `db.leased`.
---@param context table
---@param body fun(): any
---@return any
function M.alone(context, body)
    return context.store:lease("upstream sync of " .. name_of(context), { owner = context.fork }, function(lease)
        local before = lease.taken_from
        context.lease = lease
        context.killed = before and before.owner == context.fork and { from = before.taken_at, to = time.now() } or nil
        return body()
    end)
end

-- Documents ----------------------------------------------------------------------------------------------------------

--- Keeps where a sync stands. Raises `db.lease_lost` where another one has the fork by now.
---@param context table
function M.save(context)
    local store, state = context.store, context.state
    store:transaction(function()
        context.lease:check()
        store:execute([[INSERT INTO sync_states VALUES (:id, :stage, :document, :now)
            ON CONFLICT (sync_id) DO UPDATE SET stage = excluded.stage, document = excluded.document,
                updated_at = excluded.updated_at]],
            { id = state.id, stage = state.stage, document = json.encode(state), now = time.iso() })
    end)
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
