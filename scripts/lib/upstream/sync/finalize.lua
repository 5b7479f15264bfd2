-- The sixth stage: the references change together, the work tree follows, the remote is asked to follow.
local adapt = require("lib.upstream.sync.adapt")
local counted = require("lib.counted")
local prepare = require("lib.upstream.sync.prepare")
local syncs = require("lib.upstream.syncs")
local worktrees = require("lib.upstream.sync.worktrees")

local M = {}

-- What the branch becomes, and every reference that changes.
local function plan_updates(context)
    local state, settings = context.state, context.settings
    local repo = context.repo
    if settings.version_file ~= "" and repo:read(state.tip, settings.version_file) ~= state.version .. "\n" then
        state.tip = adapt.commit(context, { state.tip }, ("Follow %s\n"):format(state.version),
            { [settings.version_file] = state.version .. "\n" })
    end
    local tip = state.tip
    if settings.finish == "merge" then
        tip = adapt.commit(context, { state.old_tip, tip }, ("Merge the fork as it is on %s\n"):format(state.version))
    end
    local new, updates = prepare.new_refs(settings, state.version), {}
    updates[1] = new.branch and { ref = new.branch, from = false, to = tip }
        or { ref = state.branch, from = state.old_tip, to = tip }
    if new.tag then updates[2] = { ref = new.tag, from = false, to = tip } end
    return { tip = tip, updates = updates }
end

--- Whether the branch has moved since the sync began. Commits that came on top are taken along.
local function take_along(context)
    local state, repo = context.state, context.repo
    local now = repo:resolve(state.branch)
    if now == state.old_tip or state.final and now == state.final.tip then return false end
    if not now or not repo:is_ancestor(state.old_tip, now) then
        uhost.fail("upstream.branch_moved", ("%s was moved elsewhere during the sync"):format(state.branch), {
            hint = "uhost upstream sync --abort leaves it where it is now; then begin again",
            details = { ref = state.branch, expected = state.old_tip, actual = now } })
    end
    local count = 0
    for commit in repo:log{ range = state.old_tip .. ".." .. now, order = "topo", reverse = true } do
        table.insert(state.commits, { original = commit.id, source = commit.id, subject = commit.subject,
            outcome = "pending" })
        count = count + 1
    end
    context.say(("%s came to the branch meanwhile, and will come along"):format(counted(count, "commit")))
    context.update_refs({ { ref = prepare.backup_ref(state, (state.branch:gsub("^refs/", ""))), to = now } },
        "uhost upstream sync: backup")
    state.known[state.old_tip] = state.tip
    state.old_tip, state.stage, state.final = now, "rebase", nil
    context.checkpoint("branch moved")
    return true
end

local function check_worktree(context)
    local state = context.state
    if state.worktree and state.final.updates[1].ref == state.branch
        and context.repo:resolve(state.branch) == state.old_tip then
        worktrees.check(context, state.worktree, state.old_tip, state.final.tip)
    end
end

-- Those that have not been made. What is neither old nor new was changed by somebody else.
local function pending(context)
    local list = {}
    for _, update in ipairs(context.state.final.updates) do
        local now = context.repo:resolve(update.ref) or false
        if now ~= update.to then list[#list + 1] = update end
    end
    return list
end

--- Changes the references. Gives false where the branch has moved, so that there is more to bring along.
---@param context table
---@return boolean finished
function M.run(context)
    local state = context.state
    if take_along(context) then return false end
    if not state.final then
        state.final = plan_updates(context)
        context.checkpoint("planned")
    end
    check_worktree(context)
    state.moving = true
    context.checkpoint("moving")
    local updates = pending(context)
    if #updates > 0 then context.update_refs(updates, "uhost upstream sync: " .. state.version) end
    context.reached("references")
    if state.worktree and state.final.updates[1].ref == state.branch then
        worktrees.follow(context, state.worktree, state.old_tip, state.final.tip)
    end
    state.stage = "push"
    context.checkpoint("finalized")
    return true
end

-- The remote ---------------------------------------------------------------------------------------------------------

local function remote_of(context)
    for _, remote in ipairs(context.repo:remotes()) do
        if remote.name == context.settings.push then return remote end
    end
    uhost.fail("upstream.no_remote", ("there is no remote %s"):format(context.settings.push),
        { hint = "set sync.push in policies/upstream.lua" })
end

--- Where the branch is at the remote; false if it is not there, nil if nothing is to be pushed.
---@param context table
---@return string|false|nil
function M.remote_tip(context)
    if context.settings.push == "" or uhost.offline then return nil end
    remote_of(context)
    for _, reference in ipairs(context.repo:ls_remote(context.settings.push)) do
        if reference.name == context.state.branch then return reference.id end
    end
    return false
end

--- Raises `upstream.behind` where the branch at the remote has commits that the fork does not have: a push would take
--- them away. What an earlier sync pushed before it was undone does not count.
---@param context table
---@param tip string|false|nil  of the remote's branch
---@param hint string
function M.check_remote(context, tip, hint)
    local state, repo = context.state, context.repo
    if not tip or context.settings.finish == "branch" then return end
    if repo:resolve(tip) and repo:is_ancestor(tip, state.old_tip) then return end
    if syncs.has_made(context.store, context.project, context.fork, tip) then return end
    uhost.fail("upstream.behind", ("%s has commits on %s that the fork does not have"):format(context.settings.push,
        state.branch:match("[^/]+$")), { hint = hint, details = { ref = state.branch, remote_tip = tip } })
end

-- The token of a workflow run may not change workflows, and no `permissions:` key grants that.
local function check_workflows(context, from)
    if os.getenv("GITHUB_ACTIONS") ~= "true" or context.settings.push_workflows or not from then return end
    local files = {}
    if context.repo:resolve(from) then
        for _, path in ipairs(context.repo:changed_paths(from, context.state.final.tip)) do
            if path:find("^%.github/workflows/") then files[#files + 1] = path end
        end
    end
    if #files == 0 then return end
    uhost.fail("upstream.workflows", "upstream changed workflows, which this job's token may not push: "
        .. table.concat(files, ", "), {
        hint = "no `permissions:` key grants it: push with a token that has the `workflow` scope, and set "
            .. "sync.push_workflows = true", details = { files = files } })
end

-- A hook, a protected branch, or somebody who pushed just now. What was made is on the branch here.
local refusals = { ["git.push_rejected"] = true, ["git.reference_changed"] = true, ["git.not_fast_forward"] = true }

local function push_with_lease(context, ref, expected)
    local remote = context.settings.push
    local ok, failure = pcall(context.repo.push, context.repo, { remote = remote,
        refspecs = ("+%s:%s"):format(ref, ref), expect = { [ref] = expected } })
    if ok then return end
    if not uhost.is_error(failure) or not refusals[failure.kind] then error(failure, 0) end
    uhost.fail("upstream.push_refused", ("%s refuses the push: %s"):format(remote, failure.message), {
        native = failure.native, hint = "what the sync made is on the branch here, and nothing was pushed; once the "
            .. "reason is gone, uhost upstream sync --resume pushes it, or --rollback undoes it",
        details = { ref = ref, remote = remote, reason = failure.kind } })
end

--- Asks the remote to follow, if the policy names one. What was pushed before is not pushed again.
---@param context table
function M.push(context)
    local state = context.state
    local now = M.remote_tip(context)
    local ref = state.final.updates[1].ref
    if now ~= nil and ref == state.branch and now ~= state.final.tip then
        check_workflows(context, now)
        local expected = state.remote_tip
        if expected == nil then expected = now end
        M.check_remote(context, expected, "uhost upstream sync --rollback, then git pull, then begin again")
        push_with_lease(context, ref, expected)
    end
    context.reached("pushed")
end

return M
