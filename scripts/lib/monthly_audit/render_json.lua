-- The report for programs. Its shape is documented in scripts/README.md and does not change.
local M = {}

local function or_null(value)
    if value == nil then return json.null end
    return value
end

local function file(deletion)
    return {
        path = deletion.path, commit = deletion.commit, date = deletion.date, pr = or_null(deletion.pr),
        moved_to = or_null(deletion.moved_to), present = deletion.present,
    }
end

local function verdict(judged)
    local files = json.array({})
    for i, deletion in ipairs(judged.files) do files[i] = file(deletion) end
    local remaining = json.array({})
    for i, path in ipairs(judged.remaining) do remaining[i] = path end
    return {
        issue = judged.issue, verdict = judged.verdict, state = judged.state, files = files, remaining = remaining,
        action = judged.action,
    }
end

local function closing(outcome)
    local closed, left = json.array({}), json.array({})
    for i, issue in ipairs(outcome.closed) do closed[i] = issue end
    for i, each in ipairs(outcome.left) do
        left[i] = { issue = each.issue, why = each.why, failed = each.failed or false }
    end
    return { closed = closed, left = left, over_limit = outcome.over_limit, planned = outcome.planned }
end

--- The report as JSON, with a line feed at its end.
---@param model monthly_audit.Model
---@return string
function M.render(model)
    local stats = {
        repository = model.home, path = model.path, tip = or_null(model.tip),
        from = or_null(model.from), to = or_null(model.to),
    }
    for name, value in pairs(model.stats) do stats[name] = value end
    local verdicts = json.array({})
    for i, judged in ipairs(model.verdicts) do verdicts[i] = verdict(judged) end
    -- File names are bytes; JSON is UTF-8.
    local whole = { verdicts = verdicts, stats = stats }
    if model.closing then whole.closing = closing(model.closing) end
    whole.tracking_issue = model.tracking
    return json.encode(whole, { indent = 2, invalid_utf8 = "replace" }) .. "\n"
end

return M
