-- What a release does to a fork.
local base_of = require("lib.upstream.impact.base")
local dependencies = require("lib.upstream.impact.dependencies")
local effort = require("lib.upstream.impact.effort")
local footprint = require("lib.upstream.impact.footprint")
local judging = require("lib.upstream.impact.judging")
local languages_of = require("lib.upstream.impact.languages")
local merging = require("lib.upstream.impact.merging")
local points_of = require("lib.upstream.impact.points")
local pull_requests = require("lib.upstream.impact.pull_requests")
local releases_of = require("lib.upstream.impact.releases")
local safety = require("lib.upstream.impact.safety")
local steps_of = require("lib.upstream.impact.steps")
local texts_of = require("lib.upstream.impact.texts")

local M = {}

---@class impact.Context
---@field project upstream.Project
---@field repo git.Repository
---@field points table  the data of the policy `integration_points`
---@field languages table
---@field texts impact.Texts
---@field base impact.Base
---@field fork table<string, impact.Change>
---@field commits table<string, impact.ForkCommit[]>

---@class impact.File
---@field path string
---@field risk impact.Risk
---@field policy_risk? "low"|"medium"|"high"  of the point that declares it
---@field points string[]  ids
---@field is_declared boolean
---@field changes string[]
---@field functions table[]
---@field action string
---@field commits impact.ForkCommit[]
---@field hunks table[]

---@class impact.Analysis
---@field from_version string
---@field to_version string
---@field analysis_date string
---@field base impact.Base
---@field head string
---@field overall_risk "LOW"|"MEDIUM"|"HIGH"
---@field affected_files impact.File[]
---@field dependencies impact.Dependency[]
---@field undeclared_files string[]
---@field untouched_points string[]
---@field own_files integer  that the fork added
---@field policy_problems string[]
---@field conflicts_expected impact.Conflict[]
---@field replay? impact.Replay
---@field safety impact.Finding[]
---@field pull_requests impact.PullRequest[]
---@field steps impact.Step[]
---@field estimated_effort impact.Effort
---@field auto_mergeable boolean
---@field way "direct"|"by_release"
---@field way_reason string

local policy_ranks = { low = 1, medium = 2, high = 3 }

local function policy_risk_of(points)
    local worst
    for _, point in ipairs(points) do
        if not worst or policy_ranks[point.risk] > policy_ranks[worst] then worst = point.risk end
    end
    return worst
end

local function places_of(conflicts)
    local words = {}
    for i, conflict in ipairs(conflicts) do words[i] = merging.place(conflict) end
    return table.concat(words, "; ")
end

local function action_of(risk, conflicts, findings, subject)
    if #conflicts > 0 then return "resolve the conflict: " .. places_of(conflicts) end
    local point = subject.points[1]
    local words = point and point.modification ~= "" and point.modification
    if #findings == 1 and findings[1].kind == "caller_lost" then return "see what took its place" end
    if #findings > 0 or risk == "BREAKING" then
        return words and "make the fork's change anew: " .. words or "make the fork's change anew"
    end
    return risk == "MODERATE" and "read what the merge made of it" or "nothing"
end

-- What is wrong in the file once the release is in.
local function findings_of(context, subject, change, target, places)
    local findings = {}
    local merged = safety.merged_text(context, subject.path, change, target)
    if not merged then return findings end
    for _, point in ipairs(subject.points) do
        local finding = places[point.id] == subject.path and safety.pattern(point, subject.path, merged)
        if finding then findings[#findings + 1] = finding end
    end
    if subject.fork and change then
        local read = context.texts.read
        local texts = { base = read(context.base.commit_id, subject.path) or "", merged = merged,
            ours = read("HEAD", subject.fork.new_path) or "", theirs = read(target, change.new_path) or "" }
        for _, finding in ipairs(safety.lost_lines(subject.fork, texts)) do findings[#findings + 1] = finding end
    end
    return findings
end

local function ids_of(points)
    local ids = {}
    for i, point in ipairs(points) do ids[i] = point.id end
    return ids
end

-- Whether the release's file is the fork's.
local function makes_same_change(context, subject, change, target)
    local ours = change and subject.fork and context.texts.read("HEAD", subject.fork.new_path)
    return ours ~= nil and ours == context.texts.read(target, change.new_path)
end

local function file_of(context, subject, change, target, conflicts, places, lost_callers)
    local texts = { old = "", new = "" }
    if change and #change.hunks > 0 and change.status ~= "deleted" then
        texts.old = context.texts.read(context.base.commit_id, subject.path) or ""
        texts.new = context.texts.read(target, change.new_path) or ""
    end
    local judgement = makes_same_change(context, subject, change, target)
            and { risk = "SAFE", changes = { "makes the fork's change, too" }, functions = {}, hunks = {} }
        or judging.file(change, subject.fork, texts, languages_of.of(context.languages, subject.path))
    local findings = findings_of(context, subject, change, target, places)
    for _, finding in ipairs(lost_callers) do
        if finding.path == subject.path then findings[#findings + 1] = finding end
    end
    local risk, changes = judgement.risk, judgement.changes
    if #conflicts > 0 then
        risk = "BREAKING"
        changes[#changes + 1] = "conflicts with the fork's change"
    end
    for _, finding in ipairs(findings) do
        risk = "BREAKING"
        changes[#changes + 1] = finding.text
    end
    return {
        path = subject.path, risk = risk, policy_risk = policy_risk_of(subject.points), points = ids_of(subject.points),
        is_declared = #subject.points > 0, changes = changes, functions = judgement.functions,
        action = action_of(risk, conflicts, findings, subject),
        commits = context.commits[subject.path] or {}, hunks = judgement.hunks,
    }, findings
end

local function conflicts_by_path(conflicts)
    local by_path = {}
    for _, conflict in ipairs(conflicts) do
        by_path[conflict.path] = by_path[conflict.path] or {}
        table.insert(by_path[conflict.path], conflict)
    end
    return by_path
end

local function upstream_changes(context, subjects, target)
    local paths = {}
    for i, subject in ipairs(subjects) do paths[i] = subject.path end
    return footprint.upstream(context.repo, context.base.commit_id, target, paths)
end

local function changed_paths(subjects, changes)
    local paths = {}
    for _, subject in ipairs(subjects) do
        if changes[subject.path] then paths[#paths + 1] = subject.path end
    end
    return paths
end

local function look_at_files(context, analysis, subjects, changes, target)
    local problems, places = points_of.check(context)
    analysis.policy_problems = problems
    local conflicts = conflicts_by_path(analysis.conflicts_expected)
    local lost_callers = safety.lost_callers(context, target)
    for _, subject in ipairs(subjects) do
        local change = changes[subject.path]
        local file, findings = file_of(context, subject, change, target, conflicts[subject.path] or {},
            places, lost_callers)
        table.insert(analysis.affected_files, file)
        for _, finding in ipairs(findings) do table.insert(analysis.safety, finding) end
        if not file.is_declared then table.insert(analysis.undeclared_files, subject.path) end
    end
    table.sort(analysis.affected_files, function(a, b)
        local left, right = judging.rank(a.risk), judging.rank(b.risk)
        if left ~= right then return left > right end
        return a.path < b.path
    end)
end

-- What a release does to code that matters little weighs less.
local function weight_of(file)
    if file.risk == "BREAKING" then return file.policy_risk == "low" and 2 or 3 end
    if file.risk == "MODERATE" then return file.policy_risk == "low" and 1 or 2 end
    return 1
end

local function overall_risk(analysis)
    local worst = (#analysis.conflicts_expected > 0 or #analysis.safety > 0) and 3 or 1
    for _, list in ipairs({ analysis.affected_files, analysis.dependencies }) do
        for _, each in ipairs(list) do worst = math.max(worst, weight_of(each)) end
    end
    return ({ "LOW", "MEDIUM", "HIGH" })[worst]
end

-- How much work some files and dependencies are; a file in conflict is counted with its conflicts.
local function estimate(context, analysis)
    local breaking, moderate = 0, 0
    local in_conflict = conflicts_by_path(analysis.conflicts_expected)
    for _, list in ipairs({ analysis.affected_files, analysis.dependencies }) do
        for _, each in ipairs(list) do
            if each.risk == "BREAKING" and not (each.path and in_conflict[each.path]) then breaking = breaking + 1 end
            if each.risk == "MODERATE" then moderate = moderate + 1 end
        end
    end
    return effort.estimate(context.project, #analysis.conflicts_expected, breaking, moderate)
end

local function way_of(list, base, target)
    local _, first = releases_of.find(list, base.release.tag)
    local _, last = releases_of.find(list, target.tag)
    local way = {}
    for position = first or 0, last or 1, -1 do way[#way + 1] = list[position] end
    return way
end

local function load_points(project)
    return policy.load("integration_points",
        { folder = project.policies, schema = require("lib.schemas.integration_points") }):data()
end

local function new_context(project, repo, base, points)
    local context = { project = project, repo = repo, base = base, points = points,
        languages = languages_of.compile(points.languages), texts = texts_of.new(repo) }
    local commits = task.spawn(footprint.commits, repo, base)
    context.fork = footprint.changes(repo, base.commit_id, "HEAD")
    context.commits = commits:await()
    return context
end

local function find_release(list, text)
    local release = releases_of.find(list, text)
    if release then return release end
    local names = {}
    for i, each in ipairs(list) do names[i] = each.version end
    uhost.fail("usage", ("there is no release '%s'"):format(text), {
        hint = uhost.suggest(text, names) or #list > 0 and "the newest is " .. list[1].version
            or "look for releases: uhost upstream monitor",
    })
end

-- All three versions of what both sides changed.
local function read_ahead(context, subjects, changes, target)
    local base, ours, theirs = {}, {}, {}
    for _, subject in ipairs(subjects) do
        local change = changes[subject.path]
        if subject.fork then ours[#ours + 1] = subject.fork.new_path end
        if subject.fork or change then base[#base + 1] = subject.path end
        if change then theirs[#theirs + 1] = change.new_path end
    end
    context.texts.load(context.base.commit_id, base)
    context.texts.load("HEAD", ours)
    context.texts.load(target, theirs)
end

-- Everything that is known once the base is.
local function analyse(context, list, target)
    local base, repo = context.base, context.repo
    local subjects = points_of.subjects(context)
    local analysis = {
        from_version = base.release.version, to_version = target.version, base = base, head = repo:head().id,
        analysis_date = time.iso(time.now()), affected_files = {}, undeclared_files = {}, safety = {},
        untouched_points = ids_of(points_of.untouched(context)), own_files = 0,
    }
    for _, change in pairs(context.fork) do
        if change.status == "added" then analysis.own_files = analysis.own_files + 1 end
    end
    local changes = upstream_changes(context, subjects, target.commit_id)
    -- The repository answers these meanwhile.
    local replay = task.spawn(merging.replay, context, target.commit_id, changes)
    local requests = task.spawn(pull_requests.behind, repo, context.project.rules,
        base.commit_id .. ".." .. target.commit_id, changed_paths(subjects, changes))
    read_ahead(context, subjects, changes, target.commit_id)
    local merge = merging.merge(context, target.commit_id)
    analysis.replay = replay:await()
    analysis.conflicts_expected = merging.conflicts(context, merge, analysis.replay)
    look_at_files(context, analysis, subjects, changes, target.commit_id)
    for _, finding in ipairs(safety.taken_commits(analysis.replay)) do table.insert(analysis.safety, finding) end
    analysis.dependencies = dependencies.look(context, target.commit_id)
    analysis.pull_requests = requests:await()
    local direct
    analysis.steps, direct = steps_of.go(context, subjects, way_of(list, base, target))
    analysis.overall_risk = overall_risk(analysis)
    analysis.estimated_effort = estimate(context, analysis)
    analysis.auto_mergeable = #analysis.conflicts_expected == 0 and #analysis.safety == 0
    analysis.way, analysis.way_reason = steps_of.cheapest(analysis.steps, direct)
    return analysis
end

--- Analyses what going to a release would mean. Work tree and index of the fork do not matter. Fetches releases that
--- are missing.
---@param project upstream.Project
---@param version string  a version or a tag
---@param options? { from?: string, releases?: upstream.Release[] }  from: the release that the fork is made from,
---    default: found; releases: default: those in the store
---@return impact.Analysis
function M.run(project, version, options)
    options = options or {}
    local points = task.spawn(load_points, project)  -- meanwhile
    local repo = git.open(project.folder)
    if not repo:head() then uhost.fail("git.unborn_head", "the fork has no commits", { hint = "commit something" }) end
    local list = releases_of.list(project, repo, options.releases)
    local target = find_release(list, version)
    releases_of.ensure(repo, project, target)
    local base
    if options.from then
        local release = find_release(list, options.from)
        releases_of.ensure(repo, project, release)
        base = base_of.given(repo, release, target.commit_id)
    else
        base = base_of.find(repo, list, target.commit_id)
    end
    if target.tag ~= base.release.tag and repo:is_ancestor(target.commit_id, base.commit_id) then
        uhost.fail("usage", ("the fork is based on %s, which contains %s"):format(base.release.version,
            target.version), { hint = "name a newer release: uhost upstream status says which there are" })
    end
    local analysis = analyse(new_context(project, repo, base, points:await()), list, target)
    repo:close()
    return analysis
end

return M
