-- The passage of a failed log that a person would quote to a colleague: at most 25 lines. Each line that may be part of
-- it is weighed by its properties; the passage is where most of the weight is, cut where blocks begin and end.
local anchors_of = require("lib.diagnose.anchors")
local line_kinds = require("lib.diagnose.line_kinds")
local model = require("lib.diagnose.explanation_model")

local M = {}

--- The most lines of a passage.
M.max_lines = 25
-- Lines at the edges of the passage go when all of them together are so unlikely to matter.
local spare_share = 0.1
-- A passage of fewer lines continues over a blank line.
local enough_lines = 16
local max_text_bytes = 16384

---@class diagnose.Explanation
---@field line_start integer
---@field line_end integer
---@field text string  the cleaned lines
---@field confidence number  the share of the weight that the passage has, 0 to 1
---@field line_number integer  the line that says most
---@field line string

-- The likelihood of each line, in the order of `anchors.lines`; they add up to 1.
local function likelihoods(anchors)
    local scores, highest = {}, -math.huge
    for i, line in ipairs(anchors.lines) do
        local score = 0
        anchors_of.each_property(anchors, line, function(name, value)
            score = score + (model.weights[name] or 0) * value
        end)
        scores[i] = score
        highest = math.max(highest, score)
    end
    local sum = 0
    for i, score in ipairs(scores) do
        scores[i] = math.exp(score - highest)
        sum = sum + scores[i]
    end
    for i, score in ipairs(scores) do scores[i] = score / sum end
    return scores
end

-- The run of lines, no longer than a passage may be, that has the most of the likelihood.
local function best_run(lines, shares)
    local best, from, to = 0, 1, 1
    local sum, last = 0, 0
    for first = 1, #lines do
        while lines[last + 1] and lines[last + 1] - lines[first] < M.max_lines do
            last = last + 1
            sum = sum + shares[last]
        end
        if sum > best + 1e-9 then best, from, to = sum, first, last end
        sum = sum - shares[first]
    end
    return from, to, best
end

local function is_plain(roles)
    for role in pairs(roles or {}) do
        if role ~= "blankish" and role ~= "passing" and role ~= "progress" and role ~= "warning"
            and role ~= "no_error" and role ~= "command_start" then
            return false
        end
    end
    return true
end

-- Takes lines off both ends while they say nothing.
local function trim(anchors, shares, from, to)
    local lines, left = anchors.lines, spare_share
    local function spare(i)
        local own = anchors.roles[lines[i]] or {}
        local allowed = (own.blankish or own.cleanup or own.command_exit or own.build_exit) and 1
            or is_plain(own) and left or left / 3
        if shares[i] > allowed then return false end
        left = left - shares[i]
        return true
    end
    while from < to and spare(from) do from = from + 1 end
    while to > from and spare(to) do to = to - 1 end
    return from, to
end

-- Work in progress, tests that pass: what does not belong to a failure.
local function is_other_work(text)
    for _, kind in ipairs(line_kinds.of(text)) do
        if kind == "passing" or kind == "progress" then return true end
    end
    return false
end

-- How many of the lines belong to the passage that has `length` lines already: up to a blank line, or over it when the
-- passage is short.
local function belonging(texts, length)
    local count = 0
    for i, text in ipairs(texts) do
        local is_blank = not text:find("%S")
        if is_blank and length + i > enough_lines or is_other_work(text) then break end
        if not is_blank then count = i end
    end
    return count
end

-- Lets the passage grow to the blank line that ends its block, and to the one above it.
local function grow(anchors, log, first, last)
    local focus = anchors.focus
    local lowest = math.max(last, math.min(first + M.max_lines - 1, focus.before - 1))
    last = last + belonging(log:lines(last + 1, lowest), last - first + 1)
    local highest = math.max(last - M.max_lines + 1, math.min(first, focus.after + 1), 1)
    local above = log:lines(highest, first - 1)
    local upwards = {}
    for i = #above, 1, -1 do upwards[#upwards + 1] = above[i] end
    return first - belonging(upwards, last - first + 1), last
end

local function text_of(log, first, last)
    local text = table.concat(log:lines(first, last), "\n")
    if #text <= max_text_bytes then return text end
    local lines = log:lines(first, last)
    for i, line in ipairs(lines) do
        local most = math.floor(max_text_bytes / #lines)
        if #line > most then lines[i] = line:sub(1, most):gsub("[\128-\255]*$", "") .. "…" end
    end
    return table.concat(lines, "\n")
end

--- Finds the passage; nil when the log is empty.
---@param scan kb.Scan
---@param log log_text.Log
---@param structure { focus: log_text.Focus }  where to look: of the log, or of one of its steps that failed
---@param tests? table  what `log_readers.tests` read
---@param diagnostics? table[]  what `log_readers.diagnostics` read
---@param findings? table[]  entries that matched, with `line_number` and `priority`
---@return diagnose.Explanation?
function M.find(scan, log, structure, tests, diagnostics, findings)
    local count = scan.lines or log.count or 0
    if count == 0 then return nil end
    local anchors = anchors_of.read(scan, log, structure.focus, {
        tests = tests, diagnostics = diagnostics, findings = findings,
    })
    if #anchors.lines == 0 then
        local first = math.max(1, count - M.max_lines + 1)
        return { line_start = first, line_end = count, text = text_of(log, first, count), confidence = 0,
            line_number = count, line = log:line(count) or "" }
    end
    return M.of_anchors(anchors, log)
end

-- Roles of lines that pass on that something failed, which the lines around them say.
local passing_on = { wrapper = true, usage = true, terminal = true, failure_heading = true, lint_row = true }

-- Whether a line says nothing by itself.
local function is_mute(roles)
    if roles and (roles.wrapper or (roles.command_exit or roles.build_exit) and not roles.exit_meaning) then
        return true
    end
    for role in pairs(roles or {}) do
        if not passing_on[role] and not is_plain({ [role] = true }) then return false end
    end
    return true
end

-- How far above a line of a comparison what shows it to be one may stand.
local max_comparison = 20

-- Whether a line is the side of a comparison that did not come: "-" below the comparison's heading or "@@".
local function is_expected_side(anchors, number)
    if not (anchors.texts[number] or ""):find("^%s*%-") then return false end
    for above = number, number - max_comparison, -1 do
        local text = anchors.texts[above]
        if not text or not text:find("^[%s@+-]") and text ~= "" then return false end
        if (anchors.roles[above] or {}).difference then return true end
    end
    return false
end

-- The line that says most: of those that say anything by themselves, if there is one. Else the mistake, which stands
-- before a usage text, or the last word before what passes the failure on.
local function telling(anchors, shares, from, to)
    local best
    for i = from, to do
        local number = anchors.lines[i]
        local may_be = not is_mute(anchors.roles[number]) and not is_expected_side(anchors, number)
        if may_be and (not best or shares[i] > shares[best]) then best = i end
    end
    if best then return anchors.lines[best] end
    local last = to
    for i = to, from, -1 do
        if (anchors.roles[anchors.lines[i]] or {}).usage then last = i - 1 end
    end
    for i = last, from, -1 do
        if not next(anchors.roles[anchors.lines[i]] or {}) then return anchors.lines[i] end
    end
    best = from
    for i = from, to do
        if shares[i] > shares[best] then best = i end
    end
    return anchors.lines[best]
end

-- The passage of a failed test has its message, also where that stands before the test's name.
local function with_message(anchors, from, to)
    local lines, has_test, message = anchors.lines, false, nil
    for i = from, to do has_test = has_test or (anchors.roles[lines[i]] or {}).first_test ~= nil end
    for i, line in ipairs(has_test and lines or {}) do
        if (anchors.roles[line] or {}).first_message then message = i end
    end
    if not message then return from, to end
    local first, last = math.min(from, message), math.max(to, message)
    if lines[last] - lines[first] >= M.max_lines then return from, to end
    return first, last
end

--- The passage around the anchors that weigh most.
---@param anchors diagnose.Anchors  at least one
---@param log log_text.Log
---@return diagnose.Explanation
function M.of_anchors(anchors, log)
    local shares = likelihoods(anchors)
    local from, to, confidence = best_run(anchors.lines, shares)
    from, to = trim(anchors, shares, from, to)
    local number = telling(anchors, shares, from, to)
    from, to = with_message(anchors, from, to)
    local first, last = grow(anchors, log, anchors.lines[from], anchors.lines[to])
    return { line_start = first, line_end = last, text = text_of(log, first, last), confidence = confidence,
        line_number = number, line = anchors.texts[number] or log:line(number) or "" }
end

return M
