-- What comes of bringing a fork's changes and a release's together, in memory: conflicts with their places, what would
-- become of each commit of the fork, and the text of each file that both sides changed.
local languages_of = require("lib.upstream.impact.languages")
local taken = require("lib.upstream.impact.taken")

local M = {}

-- A rule is asked about texts up to this size.
local max_bytes = 1024 * 1024

---@class impact.Conflict
---@field path string  in the base; of a file that both added, its name
---@field kind string  as of `repo:merge_trees`
---@field first_line? integer  in the fork's file
---@field last_line? integer
---@field in_function? string
---@field commits impact.ForkCommit[]  of the fork, that wrote these lines; all that changed the file where none did
---@field rule? string  that would resolve it
---@field is_safe boolean  with nobody looking
---@field driver? string  the program that gitattributes name to merge the file, which is not run

local function commits_at(repo, path, first, count, all)
    if count > 0 and all and #all > 1 then
        local known, list = {}, {}
        for _, commit in ipairs(all or {}) do known[commit.id] = commit end
        local hunks = repo:blame(path, { first_line = first, last_line = first + count - 1 }) or {}
        for _, hunk in ipairs(hunks) do
            local commit = known[hunk.commit]
            if commit then
                list[#list + 1] = commit
                known[hunk.commit] = nil
            end
        end
        if #list > 0 then return list end
    end
    return all or {}
end

--- Where a conflict is, in words.
---@param conflict impact.Conflict
---@return string
function M.place(conflict)
    if not conflict.first_line then return (conflict.kind:gsub("_", "/")) end
    local lines = conflict.first_line == conflict.last_line and ("line %d"):format(conflict.first_line)
        or ("lines %d–%d"):format(conflict.first_line, conflict.last_line)
    return conflict.in_function and ("%s, in %s"):format(lines, conflict.in_function) or lines
end

local function text_of(repo, side)
    return side and repo:read_blob(side.oid, { limit_bytes = max_bytes }) or nil
end

local function new_resolver(project)
    local memory, resolution = require("lib.upstream.resolution.memory"), require("lib.upstream.resolution")
    return resolution.new({
        handle = policy.load("resolution_rules",
            { folder = project.policies, schema = require("lib.schemas.resolution_rules") }),
        memory = memory.open(project.store),
    })
end

-- What the rules for conflicts would do; as a sync asks them, the release is "ours" and the fork's commit "theirs".
local function proposal_for(context, conflict)
    local ok, proposal = pcall(function()
        context.resolver = context.resolver or task.spawn(new_resolver, context.project)
        return context.resolver:await():resolve({
            path = conflict.path, kind = conflict.kind, base = text_of(context.repo, conflict.base),
            ours = text_of(context.repo, conflict.theirs), theirs = text_of(context.repo, conflict.ours),
        })
    end)
    if not ok then
        if not uhost.is_error(proposal) or proposal.kind ~= "git.limit" then error(proposal, 0) end
        return { resolved = false, safe = false }
    end
    return proposal
end

local function add_hunks(list, context, conflict, made)
    local path = conflict.ours.path
    local functions = languages_of.functions(languages_of.of(context.languages, path),
        context.texts.read("HEAD", path) or "")
    for _, hunk in ipairs(conflict.hunks) do
        local first, count = hunk.ours.first, hunk.ours.count
        local enclosing = languages_of.function_at(functions, first)
        list[#list + 1] = {
            path = made.path, kind = made.kind, rule = made.rule, is_safe = made.is_safe, driver = made.driver,
            first_line = first,
            last_line = first + math.max(count, 1) - 1, in_function = enclosing and enclosing.name,
            commits = commits_at(context.repo, path, first, count, made.commits),
        }
    end
end

-- Appends the conflicts of one file.
local function add_conflict(list, context, conflict, commits)
    local proposal = proposal_for(context, conflict)
    local own = conflict.ours or conflict.base or conflict
    local made = {
        path = (conflict.base or conflict).path, kind = conflict.kind,
        commits = commits or context.commits[own.path] or {},
        rule = proposal.resolved and proposal.rule or nil, driver = conflict.driver,
        is_safe = proposal.resolved and proposal.safe and not conflict.driver,
    }
    if conflict.hunks[1] and conflict.ours and not commits then
        add_hunks(list, context, conflict, made)
    else
        list[#list + 1] = made
    end
end

---@class impact.Replay
---@field replayed integer  commits
---@field dropped { commit: string, subject: string, reason: string, upstream?: string, difference?: string }[]
---@field taken impact.Taken[]
---@field conflicts { commit: string, subject: string, paths: string[] }[]
---@field stops git.ReplayConflict[]

local function subject_of(repo, id)
    local commit = repo:commit(id)
    return commit and commit.subject or ""
end

local function dropped_of(repo, result)
    local list, ids = {}, {}
    for _, dropped in ipairs(result.dropped) do
        ids[dropped.original] = true
        if dropped.reason ~= "merge" then
            list[#list + 1] = { commit = dropped.original, subject = subject_of(repo, dropped.original),
                reason = dropped.reason, upstream = dropped.upstream, difference = dropped.difference }
        end
    end
    return list, ids
end

--- What would become of the fork's commits; nil where it does not share the project's history.
---@param context impact.Context
---@param target string
---@param changes table<string, impact.Change>  of the release
---@return impact.Replay?
function M.replay(context, target, changes)
    local repo, base = context.repo, context.base
    if base.kind == "snapshot" or not repo:is_ancestor(base.commit_id, "HEAD") then return nil end
    local suspicion, trailer = taken.suspect(context, target, changes), context.project.rules.sync.trailer
    local result = repo:replay{ commits = base.commit_id .. "..HEAD", onto = target, merges = "flatten",
        skip_upstream = suspicion.is_likely, trailer = trailer ~= "" and trailer or nil, on_conflict = "continue",
        write = false, committer = "uhost", committer_email = "uhost@localhost" }
    local dropped, ids = dropped_of(repo, result)
    local made = { replayed = #result.commits, dropped = dropped, conflicts = {}, stops = result.conflicts,
        taken = taken.find(context, suspicion, ids) }
    for i, stopped in ipairs(result.conflicts) do
        local paths = {}
        for j, conflict in ipairs(stopped.conflicts) do paths[j] = conflict.path end
        made.conflicts[i] = { commit = stopped.original, subject = stopped.subject, paths = paths }
    end
    return made
end

--- The merge of the fork and a release.
---@param context impact.Context
---@param target string
---@return git.TreeMerge
function M.merge(context, target)
    local merge = context.repo:merge_trees{ base = context.base.commit_id, ours = "HEAD", theirs = target,
        write = false }
    -- The rules are loaded while the commits are replayed.
    if merge.conflicts[1] then context.resolver = task.spawn(new_resolver, context.project) end
    return merge
end

--- The conflicts that a release would give: those of a merge, and those that only the single commits have.
---@param context impact.Context
---@param merge git.TreeMerge
---@param replayed? impact.Replay
---@return impact.Conflict[]
function M.conflicts(context, merge, replayed)
    local list, known = {}, {}
    for _, conflict in ipairs(merge.conflicts) do
        known[conflict.path] = true
        add_conflict(list, context, conflict)
    end
    for _, stop in ipairs(replayed and replayed.stops or {}) do
        for _, conflict in ipairs(stop.conflicts) do
            if not known[conflict.path] then
                known[conflict.path] = true
                add_conflict(list, context, { path = conflict.path, kind = conflict.kind, base = conflict.base,
                    ours = conflict.theirs, theirs = conflict.ours, driver = conflict.driver, hunks = {} },
                    { { id = stop.original, subject = stop.subject } })
            end
        end
    end
    return list
end

--- The text of a file once both sides' changes are in it; nil where they conflict, or a side has no such file.
---@param base? string
---@param ours? string
---@param theirs? string
---@return string?
function M.text(base, ours, theirs)
    if not ours or not theirs then return nil end
    if base == theirs or ours == theirs then return ours end
    if base == ours then return theirs end
    local merged = git.merge_file{ base = base, ours = ours, theirs = theirs }
    return merged.clean and merged.text or nil
end

return M
