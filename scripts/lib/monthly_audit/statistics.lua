-- The numbers under the report.
local M = {}

local function percent(part, whole)
    if whole == 0 then return 0 end
    return math.floor(1000 * part / whole + 0.5) / 10
end

-- The state that a deleted file counts under: "open" if any of its issues is, else "closed" if any is.
local function file_state(deletion, states)
    local found
    for _, issue in ipairs(deletion.issues) do
        local answer = states[issue]
        local state = answer and answer.kind == "issue" and answer.state
        if state == "open" then return state end
        found = found or state or nil
    end
    return found
end

---@class monthly_audit.Statistics
---@field deleted_files integer  deletions in the window; a file that was deleted twice counts twice
---@field files_without_issue integer
---@field files_with_open_issue integer
---@field files_with_open_issue_percent number  of deleted_files, to one decimal
---@field files_with_closed_issue integer  and no open one
---@field files_with_closed_issue_percent number
---@field issues integer
---@field fully_cleaned_up integer  issues that are closed and have no test left
---@field needing_attention integer  issues about which there is something to do
---@field out_of_sync integer
---@field moved integer
---@field partial integer
---@field back integer
---@field unknown integer
---@field in_sync integer

--- Counts evidence and verdicts.
---@param evidence monthly_audit.Evidence
---@param verdicts monthly_audit.Verdict[]
---@return monthly_audit.Statistics
function M.of(evidence, verdicts)
    local stats = {
        deleted_files = #evidence.deletions, files_without_issue = 0,
        files_with_open_issue = 0, files_with_closed_issue = 0,
        issues = #verdicts, fully_cleaned_up = 0, needing_attention = 0,
        out_of_sync = 0, moved = 0, partial = 0, back = 0, unknown = 0, in_sync = 0,
    }
    local function count(name) stats[name] = stats[name] + 1 end
    for _, deletion in ipairs(evidence.deletions) do
        if #deletion.issues == 0 then count "files_without_issue" end
        local state = file_state(deletion, evidence.states)
        if state then count("files_with_" .. state .. "_issue") end
    end
    for _, verdict in ipairs(verdicts) do
        count(verdict.verdict)
        if verdict.attention then count "needing_attention" end
        if verdict.state == "closed" and #verdict.remaining == 0 then count "fully_cleaned_up" end
    end
    stats.files_with_open_issue_percent = percent(stats.files_with_open_issue, stats.deleted_files)
    stats.files_with_closed_issue_percent = percent(stats.files_with_closed_issue, stats.deleted_files)
    return stats
end

return M
