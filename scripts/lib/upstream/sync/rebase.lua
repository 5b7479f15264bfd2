-- The second stage: the fork's commits are made again on the release, in memory. What is made depends on the document
-- alone, so that after any interruption the same commits are made again, with the same ids.
local conflicts = require("lib.upstream.sync.conflicts")
local engine = require("lib.upstream.sync.engine")
local handover = require("lib.upstream.sync.handover")
local memory = require("lib.upstream.resolution.memory")
local syncs = require("lib.upstream.syncs")

local M = {}

local save_every = 20

local function labels_of(state, commit)
    return { ours = "upstream " .. state.steps[state.step].version, base = "before the fork's commit",
        theirs = "the fork: " .. commit.subject:sub(1, 60) }
end

-- Whether a commit brought a release in that the fork has no history of: its change is counted from that release.
local function is_import(entry) return entry.changed_from ~= nil and entry.source == entry.original end

-- What the parents of a commit have become. Those outside of the fork are the release.
local function parents_of(state, entry, commit, known)
    if is_import(entry) then return { state.steps[state.step].commit } end
    local parents, seen = {}, {}
    for _, parent in ipairs(commit.parents) do
        local new = known[parent] or state.steps[state.step].commit
        if not seen[new] then parents[#parents + 1] = new end
        seen[new] = true
    end
    if state.merges == "flatten" then parents = { parents[1] } end
    return parents
end

local function record(context, entry, file, resolution)
    entry.resolutions = entry.resolutions or {}
    table.insert(entry.resolutions, { path = file.path, kind = file.kind, how = resolution.how, rule = resolution.rule,
        why = resolution.why, hashes = resolution.hashes })
    if context.is_dry_run then return end
    for _, hash in ipairs(resolution.hashes or {}) do
        memory.note_use(context.store, hash, file.path, context.source)
    end
    if resolution.how == "path" then
        memory.note_path_use(context.store, resolution.rule, file.path, context.source)
    end
    if resolution.command then
        table.insert(context.state.regenerate, { path = file.path, command = resolution.command })
    end
    syncs.record_resolution(context.store, context.state.id, {
        file_path = file.path, conflict_type = file.kind,
        resolution_type = ({ person = "manual", remembered = "pattern" })[resolution.how] or "auto",
        rule = resolution.rule,
        resolution_description = resolution.why or "by a person",
    })
end

-- A commit of which nothing is left; what an earlier release made of it does not count any more.
local function drop(entry, reason) entry.outcome, entry.reason, entry.commit = "dropped", reason, nil end

-- A commit whose conflicts are resolved.
local function commit_resolved(context, entry, original, tree, parents)
    local is_empty = #parents == 1 and tree == context.repo:commit(parents[1]).tree
    if is_empty then
        drop(entry, "nothing of it was left once its conflicts were resolved")
        return parents[1]
    end
    entry.commit = engine.commit_again(context.repo, original, tree, parents)
    entry.outcome = "resolved"
    return entry.commit
end

-- All files, or none: a commit is resolved as a whole. Gives the changes to the tree, and what is left for a person.
local function try_all(context, outcome, original)
    local changes, left, made = {}, {}, {}
    for _, file in ipairs(outcome.files) do
        local resolution = conflicts.resolve(context, file, original)
        if resolution then
            changes[file.path] = resolution.text and { text = resolution.text, mode = resolution.mode } or false
            made[#made + 1] = { file = file, resolution = resolution }
        else
            left[#left + 1] = file
        end
    end
    return changes, left, made
end

local reasons = {
    patch_id = "the release has the same change", trailer = "the release has a commit with the same trailer",
    tweaked = "the release has it with another change", empty = "the release has all that it changes",
    merge = "a merge, and merges are flattened",
}

local function note_dropped(entry, dropped)
    drop(entry, reasons[dropped.reason])
    entry.upstream, entry.difference = dropped.upstream, dropped.difference
end

-- One commit. Gives what it became (for its children), or nil where a person is needed; and how its conflicts were
-- resolved, to be recorded.
local function make_again(context, entry, known, contained)
    local state, repo = context.state, context.repo
    local original = repo:commit(entry.source)
    local parents = parents_of(state, entry, original, known)
    if contained[entry.source] then
        note_dropped(entry, contained[entry.source])
        return parents[1]
    end
    local outcome = engine.pick(repo, original, parents, labels_of(state, original),
        is_import(entry) and entry.changed_from or nil)
    if outcome.dropped then
        drop(entry, reasons.empty)
        return parents[1]
    elseif outcome.commit then
        entry.outcome, entry.commit = entry.resolutions and "resolved" or "replayed", outcome.commit
        return outcome.commit
    end
    local changes, left, made = try_all(context, outcome, original)
    local tree = next(changes) and repo:write_tree{ tree = outcome.tree, changes = changes } or outcome.tree
    if #left > 0 then
        entry.conflict = { parents = parents, tree = tree, files = left, made = made }
        return nil
    end
    return commit_resolved(context, entry, original, tree, parents), made
end

-- Records what settled the conflicts of a commit together with the document in which it is made: a sync that is killed
-- makes the commit again and records all of it, or does neither.
local function record_all(context, entry, made)
    context.store:transaction(function()
        for _, each in ipairs(made) do record(context, entry, each.file, each.resolution) end
        context.save()
    end)
    context.reached("rebase")
end

-- The next release: what became of the commits so far is what is brought onto it. In the place of one that was dropped
-- stands what it was dropped onto: an earlier commit of the fork, or the release.
local function next_step(state)
    local known = state.known
    state.step, state.known = state.step + 1, {}
    for _, entry in ipairs(state.commits) do
        if entry.commit then entry.outcome = "pending" end
        entry.source = entry.commit or known[entry.source]
    end
end

-- The tip that a step works on: the last commit that is still there.
local function tip_of(state)
    local last = state.commits[#state.commits]
    return last and state.known[last.source] or state.steps[state.step].commit
end

-- The commits that the release has in another form, by what is known of each.
local function contained_in(context)
    local state, list, contained = context.state, {}, {}
    for _, entry in ipairs(state.commits) do
        if entry.outcome == "pending" and not is_import(entry) then list[#list + 1] = entry.source end
    end
    if #list == 0 then return contained end
    local preview = engine.preview(context, list, state.steps[state.step].commit)
    for _, dropped in ipairs(preview.dropped) do
        if dropped.upstream then contained[dropped.original] = dropped end
    end
    return contained
end

local function run_step(context)
    local state = context.state
    local contained = contained_in(context)
    for number, entry in ipairs(state.commits) do
        if entry.outcome == "pending" then
            local became, made = make_again(context, entry, state.known, contained)
            if not became then return number end
            state.known[entry.source] = became
            if made then
                record_all(context, entry, made)
            elseif number % save_every == 0 then
                context.checkpoint("rebase")
            end
        elseif not state.known[entry.source] then
            -- Dropped in a step before, onto the release of then.
            state.known[entry.source] = state.steps[state.step].commit
        end
    end
end

-- A conflict of a preview: would it be settled, and by what?
local function preview_conflict(context, entry, stopped)
    local original, names = context.repo:commit(entry.source), {}
    for _, conflict in ipairs(stopped.conflicts) do
        local file = engine.file_of(context.repo, conflict)
        local resolution = conflicts.resolve(context, file, original)
        if resolution then record(context, entry, file, resolution) else names[#names + 1] = file.path end
    end
    if #names == 0 then
        entry.outcome = "resolved"
        return
    end
    entry.outcome, entry.reason = "conflict", "left for a person: " .. table.concat(names, ", ")
    context.left_for_a_person = true
end

-- The commit that brought a release in, which a replay does not know.
local function preview_import(context, entry)
    local merge = context.repo:merge_trees{ base = entry.changed_from, ours = context.state.target,
        theirs = entry.source, conflict_style = "diff3", write = false }
    if not merge.clean then return preview_conflict(context, entry, merge) end
    entry.outcome = "replayed"
    if merge.tree == context.repo:commit(context.state.target).tree then return drop(entry, reasons.empty) end
    context.say(("%s changes more than the release that it brought in: conflicts of later commits with these changes "
        .. "are seen by the sync itself"):format(entry.source:sub(1, 12)))
end

--- Says what would become of the commits, and writes nothing: onto the last release at once, which finds the conflicts
--- that there are with it.
---@param context table
function M.preview(context)
    local state, list, by_source = context.state, {}, {}
    for _, entry in ipairs(state.commits) do
        if is_import(entry) then
            preview_import(context, entry)
        elseif entry.outcome == "pending" then
            list[#list + 1], by_source[entry.source] = entry.source, entry
        end
    end
    if #list == 0 then return end
    local preview = engine.preview(context, list, state.target)
    for _, made in ipairs(preview.commits) do by_source[made.original].outcome = "replayed" end
    for _, dropped in ipairs(preview.dropped) do note_dropped(by_source[dropped.original], dropped) end
    for _, stopped in ipairs(preview.conflicts) do
        preview_conflict(context, by_source[stopped.original], stopped)
    end
end

--- Goes on until all commits are made again, or a person is needed.
---@param context table
---@return boolean finished
function M.run(context)
    local state = context.state
    while true do
        local stopped = run_step(context)
        if stopped then
            handover.give(context, stopped)
            return false
        end
        state.tip = tip_of(state)
        if state.step == #state.steps then break end
        next_step(state)
        context.checkpoint("rebase")
    end
    state.stage = "adapt"
    context.checkpoint("rebased")
    return true
end

--- Goes on after a person has resolved what was left. Gives false where they have not.
---@param context table
---@return boolean resolved
function M.take_back(context)
    local state = context.state
    local number = state.conflict.number
    local entry = state.commits[number]
    local tree, files = handover.take(context)
    if not tree then return false end
    context.store:transaction(function()
        local original = context.repo:commit(entry.source)
        for _, each in ipairs(state.conflict.made) do record(context, entry, each.file, each.resolution) end
        for _, file in ipairs(files) do record(context, entry, file, { how = "person" }) end
        state.known[entry.source] = commit_resolved(context, entry, original, tree, state.conflict.parents)
        state.conflict, entry.conflict, state.stage = nil, nil, "rebase"
        context.save()
    end)
    context.reached("resolved")
    handover.clean_up(context)
    return true
end

return M
