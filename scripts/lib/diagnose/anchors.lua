-- What is known of the lines that an explanation may be made of: which signals they are, what stands around them, and
-- where they stand between the start of the failing step and its end. `explanation` weighs these properties.
local exit_codes = require("lib.diagnose.exit_codes")
local line_kinds = require("lib.diagnose.line_kinds")
local violations = require("lib.diagnose.violations")

local M = {}

-- So many lines are looked at, however long the log is.
local max_lines = 1500
-- A failing step of more lines is not looked at again.
local max_second_look = 500000
-- Lines without any signal count near the end of the failing step and near its start.
local tail, head = 60, 30

-- Signals that make a line worth a look in the failing step.
local salient = {}
for _, role in ipairs({
    "failure_heading", "failure_item", "failed_name", "assertion", "difference", "test_summary", "diagnostic",
    "diagnostic_plain", "error_line", "error_mention", "exception", "exception_start", "crash", "not_found", "network",
    "timeout", "lint", "lint_row", "usage", "stack_frame", "wrapper", "ci_error", "time_limit", "retry",
    "failed_test", "first_test", "first_message", "first_error", "first_violation", "finding",
    "exit_meaning",
}) do salient[role] = true end
-- Those that do not make one worth a look elsewhere.
local weak = {
    error_mention = true, wrapper = true, stack_frame = true, diagnostic_plain = true, assertion = true, retry = true,
}
-- Of these it matters which line is the first, how many there are, and how far the end is.
local counted = {}
for _, role in ipairs({
    "failure_heading", "failure_item", "failed_name", "assertion", "difference", "test_summary", "diagnostic",
    "diagnostic_plain", "error_line", "error_mention", "exception", "exception_start", "crash", "not_found", "network",
    "timeout", "lint", "lint_row", "usage", "wrapper", "red", "finding",
}) do counted[role] = true end
-- Of these it matters whether they stand within three lines.
local neighbours = {}
for _, role in ipairs({
    "failure_heading", "failure_item", "failed_name", "assertion", "difference", "diagnostic", "error_line",
    "exception", "exception_start", "stack_frame", "wrapper", "passing", "progress", "blankish", "lint_row",
    "diagnostic_plain", "crash", "not_found", "test_summary", "warning", "error_mention", "usage", "terminal",
}) do neighbours[role] = true end
-- These show that a failed test's block has something to say.
local details = { assertion = true, exception = true, stack_frame = true, difference = true, exception_start = true }

---@class diagnose.Anchors
---@field lines integer[]  the lines that may be part of the explanation, ascending
---@field roles table<integer, table<string, number>>  what each line is
---@field texts table<integer, string>
---@field focus log_text.Focus

local function add(roles, line, role, value)
    local own = roles[line]
    if not own then
        own = {}
        roles[line] = own
    end
    own[role] = math.max(own[role] or 0, value or 1)
end

-- Whether the scan found more salient signals than it gave.
local function is_cut(scan)
    local given = {}
    for _, hit in ipairs(scan.signals) do given[hit.entry.id] = (given[hit.entry.id] or 0) + 1 end
    for _, hit in ipairs(scan.signals) do
        local id = hit.entry.id
        if salient[hit.entry.role] and ((scan.counts or {})[id] or 0) > given[id] then return true end
    end
    return false
end

-- The signals; those of the failing step from a look at it alone when there were too many in the whole log.
local function signals_of(scan, log, focus)
    local first, last = focus.after + 1, math.min(focus.before - 1, scan.lines or math.huge)
    local length = last - first + 1
    if not scan.base or length < 1 or length > max_second_look or length >= scan.lines or not is_cut(scan) then
        return scan.signals
    end
    local signals = {}
    for _, hit in ipairs(scan.signals) do
        if hit.line_number < first or hit.line_number > last then signals[#signals + 1] = hit end
    end
    for _, hit in ipairs(scan.base:scan(log, { from = first, to = last }).signals) do signals[#signals + 1] = hit end
    return signals
end

local function from_signals(roles, signals)
    for _, hit in ipairs(signals) do add(roles, hit.line_number, hit.entry.role) end
end

local function is_inside(focus, line) return line ~= nil and line > focus.after and line < focus.before end

-- The failed test of the failing step that a person would read first: the first one whose reason is in the log. What
-- only marks show to be a test may be something else that failed.
local function first_failed(tests, focus)
    local named, explained
    for _, test in ipairs(tests) do
        if is_inside(focus, test.line_number) and not test.is_guess then
            if not named or test.line_number < named.line_number then named = test end
            if test.message and (not explained or test.line_number < explained.line_number) then explained = test end
        end
    end
    return explained or named
end

-- What readers and entries found, where there are any.
local function from_findings(roles, log, focus, tests, diagnostics, findings)
    local failed = tests and tests.all or {}
    for _, test in ipairs(failed) do
        if test.line_number then add(roles, test.line_number, "failed_test") end
    end
    local first = first_failed(failed, focus)
    if first then
        add(roles, first.line_number, "first_test")
        add(roles, first.message_line or first.line_number, "first_message")
    end
    local error_line
    for _, diagnostic in ipairs(diagnostics or {}) do
        local line = diagnostic.line_number
        if line and diagnostic.severity == "error" then
            add(roles, line, "diagnostic")
            if diagnostic.file and is_inside(focus, line) then error_line = math.min(error_line or line, line) end
        end
    end
    -- What comes after a failed test is where that test failed.
    if error_line and not (first and error_line >= first.line_number) then add(roles, error_line, "first_error") end
    local violation = violations.of(log, focus, tests, diagnostics or {})
    if violation then add(roles, violation, "first_violation") end
    -- What an entry finds again says less than what it found first.
    local seen = {}
    for _, finding in ipairs(findings or {}) do
        local line = finding.line_number
        if line and (finding.severity or "error") == "error" then
            local again = seen[finding.id or line]
            add(roles, line, "finding", ((finding.priority or 50) / 100) ^ 2 * (again and 0.3 or 1))
            if is_inside(focus, line) then seen[finding.id or line] = true end
        end
    end
end

local function is_salient(own, outside)
    for role in pairs(own) do
        if salient[role] and not (outside and weak[role]) then return true end
    end
    return false
end

-- The lines of the focus that have one of the roles, ascending.
local function lines_with(roles, all, focus, role)
    local found = {}
    for _, line in ipairs(all) do
        if line > focus.after and line < focus.before and roles[line][role] then found[#found + 1] = line end
    end
    return found
end

-- Of too many, the first and the last.
local function limited(lines)
    if #lines <= max_lines then return lines end
    local kept, half = {}, max_lines / 2
    for i = 1, half do kept[i] = lines[i] end
    for i = #lines - half + 1, #lines do kept[#kept + 1] = lines[i] end
    return kept
end

local function candidates(roles, all, focus, count, wrappers)
    local chosen = {}
    local function choose(first, last)
        for line = math.max(first, 1), math.min(last, count) do chosen[line] = true end
    end
    for _, line in ipairs(all) do
        local own, outside = roles[line], line <= focus.after or line >= focus.before
        local ends = own.exit_meaning or own.time_limit and line == focus.before
        if line <= count and (ends or not (outside and focus.certain)) and is_salient(own, outside) then
            chosen[line] = true
            local has_block = own.failure_heading or own.exception_start or own.failure_item
            if has_block then choose(line + 1, outside and line + 3 or math.min(line + 3, focus.before - 1)) end
        end
    end
    choose(math.max(focus.after + 1, focus.before - tail), focus.before - 1)
    choose(focus.after + 1, math.min(focus.after + head, focus.before - 1))
    for i = 1, math.min(3, #wrappers) do choose(math.max(focus.after + 1, wrappers[i] - 6), wrappers[i] - 1) end
    return limited(tables.sorted_keys(chosen))
end

-- Reads the lines and their neighbours, a run of lines at a time, and classifies them.
local function read_lines(anchors, log)
    local lines, wanted, i = anchors.lines, {}, 1
    while i <= #lines do
        local first, last = math.max(1, lines[i] - 3), lines[i] + 3
        while lines[i + 1] and lines[i + 1] - 3 <= last + 1 do
            i = i + 1
            last = lines[i] + 3
        end
        for offset, text in ipairs(log:lines(first, last)) do wanted[first + offset - 1] = text end
        i = i + 1
    end
    anchors.texts = wanted
    for line, text in pairs(wanted) do
        for _, kind in ipairs(line_kinds.of(text)) do add(anchors.roles, line, kind) end
    end
end

-- In a warning, in a test that passed and in a count of none, words of failure do not mean one.
local hushed = {
    warning = { "error_mention", "not_found", "network", "timeout", "usage", "lint", "diagnostic_plain" },
    passing = { "error_mention", "not_found", "network", "timeout" },
    no_error = { "error_mention" },
}

local function hush(anchors)
    for line in pairs(anchors.texts) do
        local own = anchors.roles[line]
        for kind, roles in pairs(hushed) do
            if own and own[kind] then
                for _, role in ipairs(roles) do own[role] = nil end
            end
        end
    end
end

-- The raw line has a red piece of text.
local function is_red(raw)
    for parameters in raw:gmatch("\27%[([%d;]*)m") do
        for number in parameters:gmatch("%d+") do
            if number == "31" or number == "91" or number == "41" or number == "101" then return true end
        end
        if parameters:find("^[34]8;") then return false end
    end
    return false
end

local function mark_red(anchors, log)
    for _, line in ipairs(anchors.lines) do
        local raw = log:raw(line)
        if raw and raw:find("\27[", 1, true) and is_red(raw) then add(anchors.roles, line, "red") end
    end
end

-- Blocks of failed tests that say more than a name.
local function detailed(anchors, items)
    local found = {}
    for i, line in ipairs(items) do
        local last = math.min(line + 12, items[i + 1] and items[i + 1] - 1 or line + 12)
        for inner = line + 1, last do
            local own, says_more = anchors.roles[inner], false
            for role in pairs(own or {}) do says_more = says_more or details[role] end
            if says_more then
                found[#found + 1] = line
                break
            end
        end
    end
    return found
end

local function below_headings(items, headings)
    local under, at = {}, 0
    for _, line in ipairs(items) do
        while headings[at + 1] and headings[at + 1] < line do at = at + 1 end
        if at > 0 and line - headings[at] <= 3 then under[#under + 1] = line end
    end
    return under
end

local function count_roles(anchors)
    anchors.count, anchors.first = {}, {}
    for _, line in ipairs(tables.sorted_keys(anchors.roles)) do
        if line > anchors.focus.after and line < anchors.focus.before then
            for role in pairs(anchors.roles[line]) do
                anchors.count[role] = (anchors.count[role] or 0) + 1
                anchors.first[role] = anchors.first[role] or line
            end
        end
    end
end

---@param scan kb.Scan
---@param log log_text.Log
---@param focus log_text.Focus
---@param found { tests?: table, diagnostics?: table[], findings?: table[] }
---@return diagnose.Anchors
function M.read(scan, log, focus, found)
    local roles = {}
    from_signals(roles, signals_of(scan, log, focus))
    if exit_codes.means_something(focus.exit_code) then add(roles, focus.before, "exit_meaning") end
    from_findings(roles, log, focus, found.tests, found.diagnostics, found.findings)
    local count, all = scan.lines or log.count or log:index(), tables.sorted_keys(roles)
    local anchors = { roles = roles, focus = focus, wrappers = lines_with(roles, all, focus, "wrapper") }
    anchors.lines = candidates(roles, all, focus, count, anchors.wrappers)
    read_lines(anchors, log)
    hush(anchors)
    mark_red(anchors, log)
    local items = lines_with(roles, all, focus, "failure_item")
    anchors.blocks = detailed(anchors, items)
    anchors.under = below_headings(items, lines_with(roles, all, focus, "failure_heading"))
    count_roles(anchors)
    return anchors
end

-- Properties ----------------------------------------------------------------------------------------------------------

local function bucket(distance, edges)
    for i = 1, #edges do
        if distance <= edges[i] then return edges[i] end
    end
    return "more"
end

-- How many of the ascending lines are not behind `line`.
local function count_to(lines, line)
    local low, high = 0, #lines
    while low < high do
        local middle = math.floor((low + high + 1) / 2)
        if lines[middle] <= line then low = middle else high = middle - 1 end
    end
    return low
end

local end_edges, start_edges = { 1, 2, 4, 8, 16, 25, 50, 100, 300 }, { 1, 2, 4, 8, 25 }
local wrapper_edges, above_edges, block_edges = { 1, 2, 4, 8, 20, 50 }, { 0, 1, 4, 20 }, { 0, 3, 10, 25 }

local function place(anchors, line, visit)
    local focus = anchors.focus
    visit("end_" .. bucket(focus.before - line, end_edges), 1)
    visit("start_" .. bucket(line - focus.after, start_edges), 1)
    local passed = count_to(anchors.wrappers, line)
    local next_wrapper = anchors.wrappers[passed + 1]
    visit(next_wrapper and "wrapper_in_" .. bucket(next_wrapper - line, wrapper_edges) or "wrapper_none", 1)
    local at = count_to(anchors.wrappers, line - 1)
    visit("wrappers_above_" .. bucket(at, above_edges), 1)
    return (next_wrapper or focus.before) - line
end

local function blocks(anchors, line, visit)
    local passed = count_to(anchors.blocks, line)
    if passed > 0 then
        local distance = line - anchors.blocks[passed]
        if distance <= 25 then
            visit("block_" .. bucket(distance, block_edges), 1)
            if passed == 1 then visit("first_block_" .. bucket(distance, block_edges), 1) end
        end
    elseif #anchors.blocks > 0 then
        visit("before_blocks", 1)
    end
    local own = anchors.roles[line]
    if own and own.failure_item and anchors.under[count_to(anchors.under, line)] == line then
        visit("under_heading", 1)
        if anchors.under[1] == line then visit("first_under_heading", 1) end
    end
end

local function around(anchors, line, from, to, prefix, visit)
    local seen = {}
    for other = line + from, line + to do
        for role in pairs(anchors.roles[other] or {}) do
            if neighbours[role] and not seen[role] then
                seen[role] = true
                visit(prefix .. role, 1)
            end
        end
    end
end

local function shape(text, visit)
    if text:find("^[ \t]") then visit("indented", 1) end
    if #text > 300 then visit("long", 1) end
    if not text:find("%S") then visit("blank", 1) end
end

--- Gives the properties of a line by name, each with a number.
---@param anchors diagnose.Anchors
---@param line integer
---@param visit fun(name: string, value: number)
function M.each_property(anchors, line, visit)
    local own, focus = anchors.roles[line] or {}, anchors.focus
    for role, value in pairs(own) do visit("is_" .. role, value) end
    if line <= focus.after then
        visit("outside_before", 1)
    elseif line >= focus.before and not (own.time_limit or own.exit_meaning) then
        visit("outside_after", 1)
    else
        local distance = place(anchors, line, visit)
        local far = distance <= 6 and "near_" or distance <= 40 and "mid_" or distance <= 300 and "far_" or "very_far_"
        blocks(anchors, line, visit)
        for role in pairs(own) do
            if counted[role] then
                visit(far .. role, 1)
                if anchors.first[role] == line then visit("first_" .. role, 1) end
                visit("many_" .. role, math.log(anchors.count[role] or 1))
            end
        end
    end
    around(anchors, line, -3, -1, "above_", visit)
    around(anchors, line, 1, 3, "below_", visit)
    shape(anchors.texts[line] or "", visit)
end

return M
