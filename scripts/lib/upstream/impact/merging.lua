-- What comes of bringing a fork's changes and a release's together, in memory: conflicts with their places, what would
-- become of each commit of the fork, and the text of each file that both sides changed.
local languages_of = require("lib.upstream.impact.languages")
local memory = require("lib.upstream.resolution.memory")
local resolution = require("lib.upstream.resolution")

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
    return resolution.new({
        handle = policy.load("resolution_rules",
            { folder = project.policies, schema = require("lib.schemas.resolution_rules") }),
        memory = memory.open(project.store),
    })
end

-- What the rules for conflicts would do; as a sync asks them, the release is "ours" and the fork's commit "theirs".
local function proposal_for(context, conflict)
    local ok, proposal = pcall(function()
        context.resolver = context.resolver or new_resolver(context.project)
        return context.resolver:resolve({
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
        languages_of.lines(context.texts.read("HEAD", path) or ""))
    for _, hunk in ipairs(conflict.hunks) do
        local first, count = hunk.ours.first, hunk.ours.count
        local enclosing = languages_of.function_at(functions, first)
        list[#list + 1] = {
            path = made.path, kind = made.kind, rule = made.rule, is_safe = made.is_safe, first_line = first,
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
        rule = proposal.resolved and proposal.rule or nil, is_safe = proposal.resolved and proposal.safe,
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
---@field conflicts { commit: string, subject: string, paths: string[] }[]

local function subject_of(repo, id)
    local commit = repo:commit(id)
    return commit and commit.subject or ""
end

-- Whether the project may have taken a commit of the fork: one of its commits has the same subject. To compare all
-- patches takes much longer; what was taken under another subject is still found where it leaves nothing to do.
local function may_be_taken(context, target)
    local subjects, paths = {}, {}
    for path, commits in pairs(context.commits) do
        paths[#paths + 1] = path
        for _, commit in ipairs(commits) do subjects[commit.subject] = true end
    end
    if #paths == 0 then return false end
    for commit in context.repo:log{ range = context.base.commit_id .. ".." .. target, paths = paths,
        merges = false } do
        if subjects[commit.subject] then return true end
    end
    return false
end

local function replay(context, target)
    local repo = context.repo
    local result = repo:replay{ commits = context.base.commit_id .. "..HEAD", onto = target, merges = "flatten",
        skip_upstream = may_be_taken(context, target), on_conflict = "continue", write = false, committer = "uhost",
        committer_email = "uhost@localhost" }
    local made = { replayed = #result.commits, dropped = {}, conflicts = {} }
    for _, dropped in ipairs(result.dropped) do
        if dropped.reason ~= "merge" then
            table.insert(made.dropped, { commit = dropped.original, subject = subject_of(repo, dropped.original),
                reason = dropped.reason, upstream = dropped.upstream, difference = dropped.difference })
        end
    end
    for _, stopped in ipairs(result.conflicts) do
        local paths = {}
        for i, conflict in ipairs(stopped.conflicts) do paths[i] = conflict.path end
        table.insert(made.conflicts, { commit = stopped.original, subject = stopped.subject, paths = paths })
    end
    return made, result.conflicts
end

--- The conflicts that a release would give: those of a merge, and those that only the single commits have; and what
--- would become of the commits, where the fork has the project's history.
---@param context impact.Context
---@param target string
---@return impact.Conflict[]
---@return impact.Replay?
function M.conflicts(context, target)
    local merge = context.repo:merge_trees{ base = context.base.commit_id, ours = "HEAD", theirs = target,
        write = false }
    local list, known = {}, {}
    for _, conflict in ipairs(merge.conflicts) do
        known[conflict.path] = true
        add_conflict(list, context, conflict)
    end
    if context.base.kind == "snapshot" or not context.repo:is_ancestor(context.base.commit_id, "HEAD") then
        return list
    end
    local replayed, stops = replay(context, target)
    for _, stop in ipairs(stops) do
        for _, conflict in ipairs(stop.conflicts) do
            if not known[conflict.path] then
                known[conflict.path] = true
                add_conflict(list, context, { path = conflict.path, kind = conflict.kind, base = conflict.base,
                    ours = conflict.theirs, theirs = conflict.ours, hunks = {} },
                    { { id = stop.original, subject = stop.subject } })
            end
        end
    end
    return list, replayed
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
