-- The way back: every reference, index and work tree as before the sync. It may be interrupted and called again.
local memory = require("lib.upstream.resolution.memory")
local prepare = require("lib.upstream.sync.prepare")
local syncs = require("lib.upstream.syncs")
local worktrees = require("lib.upstream.sync.worktrees")

local M = {}

-- The references that the sync has changed and nobody has changed since.
local function updates_back(context)
    local state, list = context.state, {}
    for _, update in ipairs(state.final and state.final.updates or {}) do
        local now = context.repo:resolve(update.ref) or false
        if now == update.to then
            list[#list + 1] = { ref = update.ref, from = update.to, to = update.from }
        elseif state.moving and now and now ~= update.from and context.repo:is_ancestor(update.to, now) then
            uhost.fail("upstream.branch_moved", ("%s has moved since the sync"):format(update.ref), {
                hint = ("what it was is %s; take your new commits there by hand"):format(
                    prepare.backup_ref(state, (state.branch:gsub("^refs/", "")))),
                details = { ref = update.ref, expected = update.to, actual = now } })
        end
    end
    return list
end

-- The backups, to be removed; none where the branch was moved to where the old commits are not: nothing else has them.
local function backups(context)
    local state, repo, list = context.state, context.repo, {}
    local now = repo:resolve(state.branch)
    if not now or not repo:is_ancestor(state.old_tip, now) then return list end
    for _, reference in ipairs(repo:refs(("refs/uhost/backup/%d/"):format(state.id))) do
        list[#list + 1] = { ref = reference.name, to = false }
    end
    return list
end

--- Undoes a sync, finished or not.
---@param context table
function M.run(context)
    local state = context.state
    local back = updates_back(context)
    state.stage = "undo"
    context.checkpoint("undoing")
    if state.moving and state.worktree and #back > 0 and back[1].ref == state.branch then
        worktrees.follow(context, state.worktree, state.old_tip, state.final.tip)
        worktrees.check(context, state.worktree, state.final.tip, state.old_tip)
    end
    if #back > 0 then context.update_refs(back, "uhost upstream sync: undone") end
    context.reached("references back")
    if state.moving and state.worktree and state.final.updates[1].ref == state.branch
        and context.repo:resolve(state.branch) == state.old_tip then
        worktrees.follow(context, state.worktree, state.final.tip, state.old_tip)
    end
    for _, name in ipairs({ "conflicts", "build" }) do worktrees.remove(context, name) end
    local kept = backups(context)
    if #kept > 0 then context.update_refs(kept, "uhost upstream sync: undone") end
    context.reached("backups gone")
    context.store:transaction(function()
        memory.forget(context.store, { source = context.source })
        syncs.finish_sync(context.store, state.id, { status = "rolled_back" })
        state.stage = "undone"
        context.save()
    end)
    context.reached("undone")
end

return M
