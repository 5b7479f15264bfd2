-- The way over several releases, one after the other: what each does to the fork as it would be by then.
local effort = require("lib.upstream.impact.effort")
local footprint = require("lib.upstream.impact.footprint")
local judging = require("lib.upstream.impact.judging")
local languages_of = require("lib.upstream.impact.languages")
local merging = require("lib.upstream.impact.merging")
local releases_of = require("lib.upstream.impact.releases")

local M = {}

---@class impact.Step
---@field from_version string
---@field to_version string
---@field risk impact.Risk
---@field files { path: string, risk: impact.Risk, changes: string[] }[]
---@field conflicts string[]  paths
---@field estimated_effort impact.Effort

-- A file on its way: its name and its text with the fork's changes. After a conflict nobody knows the text.
local function travellers(context, subjects)
    local list = {}
    for _, subject in ipairs(subjects) do
        if subject.fork and not subject.fork.binary then
            list[#list + 1] = { path = subject.path, text = context.texts.read("HEAD", subject.fork.new_path) }
        end
    end
    return list
end

-- The fork's changes in the lines of a release, from the text that it has by then.
local function changes_on(release_text, text)
    local hunks = {}
    for i, change in ipairs(git.compare_texts(release_text, text)) do
        hunks[i] = { first = change.old_start, count = change.old_lines }
    end
    return { hunks = hunks }
end

local function pass(context, traveller, change, from, to)
    local old = context.texts.read(from.commit_id, traveller.path) or ""
    local new = context.texts.read(to.commit_id, change.new_path) or ""
    local judgement = judging.file(change, changes_on(old, traveller.text), { old = old, new = new },
        languages_of.of(context.languages, traveller.path))
    if change.status == "deleted" then
        traveller.text = nil
    else
        traveller.text = merging.text(old, traveller.text, new)
    end
    if not traveller.text then judgement.risk = "BREAKING" end
    local path = traveller.path
    traveller.path = change.new_path
    return { path = path, risk = judgement.risk, changes = judgement.changes }, traveller.text == nil
end

local function step(context, list, from, to)
    local paths, made = {}, { from_version = from.version, to_version = to.version, risk = "SAFE", files = {},
        conflicts = {} }
    for _, traveller in ipairs(list) do
        if traveller.text then paths[#paths + 1] = traveller.path end
    end
    local changes = footprint.upstream(context.repo, from.commit_id, to.commit_id, paths)
    local counts = { BREAKING = 0, MODERATE = 0, MINOR = 0, SAFE = 0 }
    for _, traveller in ipairs(list) do
        local change = traveller.text and changes[traveller.path]
        if change then
            local file, is_conflict = pass(context, traveller, change, from, to)
            made.risk = judging.worse(made.risk, file.risk)
            table.insert(made.files, file)
            if is_conflict then table.insert(made.conflicts, file.path) else
                counts[file.risk] = counts[file.risk] + 1
            end
        end
    end
    made.estimated_effort = effort.estimate(context.project, #made.conflicts, counts.BREAKING, counts.MODERATE)
    return made
end

--- Goes from release to release; nothing for a way of one step.
---@param context impact.Context
---@param subjects impact.Subject[]
---@param way impact.Release[]  from the base to the target, both included
---@return impact.Step[] steps
---@return impact.Step? direct  the same way in one step
function M.go(context, subjects, way)
    local list, steps = travellers(context, subjects), {}
    if #way < 3 then return steps end
    for i = 2, #way do
        releases_of.ensure(context.repo, context.project, way[i])
        steps[#steps + 1] = step(context, list, way[i - 1], way[i])
    end
    return steps, step(context, travellers(context, subjects), way[1], way[#way])
end

--- The cheaper way: at once, or by each release; and why. What concerns the release as a whole costs the same on both.
---@param steps impact.Step[]
---@param direct? impact.Step
---@return "direct"|"by_release" way
---@return string why
function M.cheapest(steps, direct)
    if not direct then return "direct", "there is no release between" end
    local hours, at_once = 0, direct.estimated_effort.hours
    for _, each in ipairs(steps) do hours = hours + each.estimated_effort.hours end
    local both = "beside what either way costs"
    if at_once <= hours then return "direct", ("%g h, or %g h by each release, %s"):format(at_once, hours, both) end
    return "by_release", ("%g h, or %g h at once, %s"):format(hours, at_once, both)
end

return M
