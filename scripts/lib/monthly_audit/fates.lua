-- What became of each deleted file. The last deletion of a path counts, and moves are followed from deletion to
-- deletion, within the audited path and outside of it, so that a file that was renamed first and deleted later is gone:
--   back   the tip has a file of this path, and it stands for the issue
--   kept   it was renamed to a file that stands for the issue at the tip
--   moved  it was renamed to a place outside of the audited path, or to a file that stands for other issues now
--   gone   anything else
local M = {}

---@class monthly_audit.Fate
---@field what "back"|"kept"|"moved"|"gone"
---@field where string?  the file, unless it is gone
---@field deletion monthly_audit.Deletion
---@field last monthly_audit.Deletion  where the trail ends: the deletion itself, or one of a file that it became
---@field edited boolean?  whether a step of the trail is a guess by the name: the contents are too different

--- Whether a path is the audited one, or below it.
---@param path string
---@param audited string
---@return boolean
function M.is_within(path, audited)
    return audited == "" or path == audited or path:sub(1, #audited + 1) == audited .. "/"
end

--- Where a deletion put its file, surely or by the name.
---@param deletion monthly_audit.Deletion
---@return string?
function M.target_of(deletion) return deletion.moved_to or deletion.edited_to end

local function contains(list, wanted)
    for _, item in ipairs(list) do
        if item == wanted then return true end
    end
    return false
end

--- What fate_of looks up: the newest deletion of every path, the place of each in the walk, and all records by path.
---@param evidence monthly_audit.Evidence
---@return table
function M.index(evidence)
    local index = { newest = {}, place = {}, by_path = {} }
    for i, deletion in ipairs(evidence.deletions) do
        index.place[deletion] = deletion.place or i
        index.newest[deletion.path] = index.newest[deletion.path] or deletion
    end
    for _, record in ipairs(evidence.passing or {}) do index.place[record] = record.place end
    for _, list in ipairs({ evidence.deletions, evidence.passing or {}, evidence.outside or {} }) do
        for _, record in ipairs(list) do
            index.by_path[record.path] = index.by_path[record.path] or {}
            table.insert(index.by_path[record.path], record)
        end
    end
    return index
end

-- Records of one walk have places, newest first; others are compared by their dates.
local function is_after(index, later, earlier)
    local a, b = index.place[later], index.place[earlier]
    if a and b then return a < b end
    return later.date >= earlier.date
end

-- The newest deletion of `path` after `deletion`: from the mainline, or within the merge that brought in both.
local function deletion_after(index, deletion, path, seen)
    local found
    for _, record in ipairs(index.by_path[path] or {}) do
        local counts = record.in_mainline ~= false or record.merge == deletion.merge
        if counts and not seen[record] and is_after(index, record, deletion)
            and (not found or is_after(index, record, found)) then
            found = record
        end
    end
    return found
end

-- What became of the file of a deletion, where it is now, where the trail ends, and whether a step was a guess.
local function follow(evidence, index, issue, deletion)
    local seen, edited = {}, nil
    while true do
        seen[deletion] = true
        local target = M.target_of(deletion)
        if not target then return "gone", nil, deletion end
        edited = edited or not deletion.moved_to
        local there = evidence.tip[target]
        if there then return contains(there, issue) and "kept" or "moved", target, deletion, edited end
        local later = deletion_after(index, deletion, target, seen)
        if not later then
            -- Not at the tip, so it went away unseen: after the window, or by a merge.
            local is_gone = M.is_within(target, evidence.path) or (evidence.absent or {})[target]
            if is_gone then return "gone", nil, deletion end
            return "moved", target, deletion, edited
        end
        deletion = later
    end
end

--- The fates of the files that an issue lost, one for each path.
---@param evidence monthly_audit.Evidence
---@param index table  of M.index
---@param issue monthly_audit.Issue
---@param deletions monthly_audit.Deletion[]  of the issue
---@return monthly_audit.Fate[]
function M.of(evidence, index, issue, deletions)
    local fates = {}
    for _, deletion in ipairs(deletions) do
        if index.newest[deletion.path] == deletion then
            local fate = { what = "back", where = deletion.path, deletion = deletion, last = deletion }
            local here = evidence.tip[deletion.path]
            if not here or not contains(here, issue) then
                fate.what, fate.where, fate.last, fate.edited = follow(evidence, index, issue, deletion)
            end
            fates[#fates + 1] = fate
        end
    end
    return fates
end

return M
