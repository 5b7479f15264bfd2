-- Where deleted files went beyond what the walk over the audited path shows: what became of those that were moved out
-- of it, and files that came with a deletion and may be the same test, too much edited to be known by its content.
local fates = require("lib.monthly_audit.fates")

local M = {}

-- A trail of more moves is a made-up one.
local max_moves = 50
-- Of more files that came with one deletion, none is taken for the test.
local max_added = 5000

--- A deletion as the audit keeps it.
---@param record git.Deletion
---@param place integer?  in the walk over the audited path
---@return monthly_audit.Deletion
function M.deletion(record, place)
    return {
        path = record.path, commit = record.commit, date = record.time, pr = record.pr, merge = record.merge,
        in_mainline = record.in_mainline, moved_to = record.moved_to, present = record.present, blob = record.blob,
        place = place,
    }
end

-- The targets outside of the audited path that were not looked up yet.
local function new_targets(evidence, records)
    local targets, since = {}, nil
    for _, record in ipairs(records) do
        local target = fates.target_of(record)
        if target and not fates.is_within(target, evidence.path) and evidence.absent[target] == nil then
            evidence.absent[target] = false
            targets[#targets + 1] = target
            since = since and (since < record.date and since or record.date) or record.date
        end
    end
    return targets, since
end

--- Follows the files that `records` moved out of the audited path: fills `absent` (by path, whether the tip lacks it)
--- and `outside` (the deletions of those that are not there) of the evidence.
---@param repo git.Repository
---@param evidence monthly_audit.Evidence
---@param records monthly_audit.Deletion[]
function M.follow(repo, evidence, records)
    evidence.absent, evidence.outside = evidence.absent or {}, evidence.outside or {}
    for _ = 1, max_moves do
        local targets, since = new_targets(evidence, records)
        if #targets == 0 then return end
        local missing = {}
        for i, is_there in ipairs(repo:has_files(evidence.tip_commit, targets)) do
            if not is_there then
                evidence.absent[targets[i]] = true
                missing[#missing + 1] = targets[i]
            end
        end
        records = {}
        if #missing == 0 then return end
        for record in repo:deletions{ path = missing, since = since, revision = evidence.tip_commit, index = false } do
            records[#records + 1] = M.deletion(record)
            table.insert(evidence.outside, records[#records])
        end
    end
end

-- Edited files --------------------------------------------------------------------------------------------------------

local function added_in(repo, commit)
    local found = repo:diff(commit .. "^", commit, { stats = false, renames = false, max_files = 1000000 })
    local added = {}
    for _, file in ipairs(found.files) do
        if file.status == "added" then added[#added + 1] = file.path end
    end
    return #added <= max_added and added or {}
end

--- For the issues that are out of sync: looks for a file that came with the deletion, or with the merge that brought it
--- in, and that the policy takes for the same test. It becomes `edited_to` of the deletion, and is followed.
---@param repo git.Repository
---@param rules policy.Policy
---@param evidence monthly_audit.Evidence
---@param verdicts monthly_audit.Verdict[]
function M.find_edited(repo, rules, evidence, verdicts)
    local questions, deletions, added = {}, {}, {}
    local function ask(deletion, commit)
        added[commit] = added[commit] or added_in(repo, commit)
        if #added[commit] == 0 then return end
        questions[#questions + 1], deletions[#deletions + 1] = { deletion.path, added[commit], n = 2 }, deletion
    end
    for _, verdict in ipairs(verdicts) do
        for _, fate in ipairs(verdict.verdict == "out_of_sync" and verdict.fates or {}) do
            if not fate.last.moved_to then
                ask(fate.last, fate.last.commit)
                if fate.last.merge then ask(fate.last, fate.last.merge) end
            end
        end
    end
    local found = {}
    local answers = #questions > 0 and rules:map("successor_of", questions) or {}
    for i, deletion in ipairs(deletions) do
        if type(answers[i]) == "string" and not deletion.edited_to then
            deletion.edited_to = answers[i]
            found[#found + 1] = deletion
        end
    end
    M.follow(repo, evidence, found)
end

return M
