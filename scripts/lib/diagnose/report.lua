-- What is reported about one log: the model that every format is rendered from.
local claims = require("lib.diagnose.claims")
local groups = require("lib.diagnose.groups")
local line_kinds = require("lib.diagnose.line_kinds")
local places = require("lib.diagnose.places")

local M = {}

-- So many hits are looked at; of a log with more, others say nothing new.
local max_hits, max_of_an_entry = 400, 20
-- So many findings are shown, and so many steps that failed have a passage.
local max_findings, max_passages = 50, 4
-- A finding below this priority is a symptom ("exit code 1"): it does not explain.
local least_priority = 20

---@class diagnose.Finding
---@field id string
---@field title string
---@field class string
---@field severity "error"|"warning"|"note"
---@field priority integer
---@field line_number integer
---@field last_line integer?
---@field line string
---@field captures table
---@field context { before: string[], after: string[] }
---@field job string?
---@field step string?
---@field cause string  Markdown
---@field fix string  Markdown
---@field commands string[]
---@field docs string[]
---@field patch { file: string?, description: string?, yaml: string }?
---@field why string  why it stands before the next
---@field times integer  how often the entry matched
---@field place { file: string, line: integer, column: integer? }?  where in the repository
---@field rank integer?  its place in a list of rules that has an order
---@field rules string?  the file of that list
---@field is_symptom boolean
---@field confidence diagnose.Confidence
---@field confidence_why string

---@class diagnose.Report
---@field source diagnose.Source
---@field name string  of the log
---@field lines integer
---@field bytes integer
---@field explanation { line_start: integer, line_end: integer, text: string }?
---@field around { before: string[], after: string[] }?  lines around the explanation
---@field passages diagnose.Explanation[]  one of each step that failed; the first is `explanation`
---@field headline diagnose.Headline
---@field findings diagnose.Finding[]  those that are claimed, in the order of explanatory power
---@field possible diagnose.Finding[]  those that are not sure enough, in the same order
---@field causes { lead: diagnose.Finding, follows: diagnose.Finding[] }[]
---@field left_out integer  findings that are not shown
---@field tests table?  see lib.log_readers.tests
---@field diagnostics table[]  see lib.log_readers.diagnostics
---@field unknown { line_number: integer, line: string }[]
---@field structure table
---@field comparison table?  see lib.log_comparison
---@field is_green boolean  whether the job ended well
---@field compile_error table?  the first diagnostic that is an error and says where
---@field is_known boolean

-- The hits that are worth filling in: of each entry some whose lines differ by more than numbers.
local function chosen_hits(hits)
    local of_entry, seen, list, last = {}, {}, {}, {}
    for _, hit in ipairs(hits) do
        if hit.entry.occurrence == "last" then last[hit.entry.id] = hit end
    end
    for _, hit in ipairs(hits) do
        local id = hit.entry.id
        local key = id .. "\n" .. groups.template(hit.line)
        of_entry[id] = of_entry[id] or 0
        local counts = (last[id] or hit) == hit and not seen[key] and not line_kinds.hushes(hit)
        if counts and of_entry[id] < max_of_an_entry and #list < max_hits then
            seen[key], of_entry[id] = true, of_entry[id] + 1
            list[#list + 1] = hit
        end
    end
    return list
end

local function context_of(opened, first, last, lines)
    return {
        before = first > 1 and lines > 0 and opened:lines(math.max(1, first - lines), first - 1) or {},
        after = lines > 0 and opened:lines(last + 1, last + lines) or {},
    }
end

local function findings_of(state)
    local list = {}
    for _, hit in ipairs(chosen_hits(state.scan.entries)) do
        local job, step = places.step_of(state.source, state.log, state.structure, hit.line_number)
        local last = math.max(hit.last_line or 0, hit.line_number)
        local around = context_of(state.log, hit.line_number, last, state.options.context)
        local finding = state.base:finding(hit, {
            job = job, step = step, ci = state.structure.ci, line = hit.line, line_number = hit.line_number,
            before = around.before, after = around.after,
        })
        if finding then
            finding.job, finding.step, finding.context = job, step, around
            finding.times = state.scan.counts and state.scan.counts[hit.entry.id] or 1
            finding.rank, finding.rules = hit.entry.rank, hit.entry.file
            finding.place = places.of(finding, state.diagnostics)
            finding.is_symptom = (finding.priority or 50) < least_priority or finding.severity == "note"
            list[#list + 1] = finding
        end
    end
    return list
end

-- The first error of a compiler or linter that says where; "error: …" alone is said by anybody.
local function error_in(diagnostics)
    for _, diagnostic in ipairs(diagnostics) do
        if diagnostic.severity == "error" and diagnostic.file and diagnostic.line then return diagnostic end
    end
end

local function green_log(state)
    if not state.options.compare and state.source.kind ~= "job" then return nil end
    local source = require("lib.diagnose.source")
    if state.options.compare then return source.green(state.options, state.source) end
    -- Only for what is new: without it, the report says less.
    local ok, opened, what = pcall(source.green, state.options, state.source)
    if ok then return opened, what end
    if not uhost.is_error(opened) or opened.kind == "interrupted" then error(opened, 0) end
    log.debug(opened)
end

-- A line that a symptom's entry matches is no news.
local function without_findings(lines, findings)
    local known, list = {}, {}
    for _, finding in ipairs(findings) do known[finding.line_number] = true end
    for _, each in ipairs(lines) do
        if not known[each.line_number] then list[#list + 1] = each end
    end
    return list
end

-- What differs from a green log, when that is asked for, and lines without a known meaning.
local function add_differences(report, state)
    if state.options.explanation_only or not state.options.compare and report.is_known then return end
    local green, what = green_log(state)
    if state.options.compare and not green then
        log.warn(("nothing to compare '%s' with: %s"):format(report.name, what))
    end
    task.finally(function()
        if state.options.compare and green then
            report.comparison = require("lib.log_comparison").logs(state.base, state.log, green, {
                failed = { scan = state.scan, structure = state.structure }, what = what,
            })
        end
        if not report.is_known and state.scan.lines > 0 then
            local new = log_text.salient_lines(state.log, state.structure,
                { green = green and { green } or nil })
            report.unknown = without_findings(new, report.findings)
        end
    end, function()
        if green then green:close() end
    end)
end

-- The passage of each step that failed, of the log when none says so. Commands that fail because an earlier one did are
-- many, so the first few count.
local function passages_of(state, found)
    local explanation, list = require("lib.diagnose.explanation"), {}
    local steps = state.structure.failed_steps
    for i = 1, math.max(1, math.min(#steps, max_passages)) do
        local where = i > 1 and steps[i].focus and { focus = steps[i].focus } or state.structure
        list[#list + 1] = explanation.find(state.scan, state.log, where, state.tests, state.diagnostics, found)
    end
    return list
end

-- Puts findings in order, keeps those that are sure enough to be claimed, and says which follow from which.
local function rank(report, state, found)
    if #found == 0 then return end
    local ranking = require("lib.diagnose.ranking")
    local ordered = ranking.rank(found, {
        scan = state.scan, log = state.log, structure = state.structure, tests = state.tests,
        diagnostics = state.diagnostics, explanation = report.explanation, history = state.history,
    })
    report.left_out = math.max(0, #ordered - max_findings)
    for i = #ordered, max_findings + 1, -1 do ordered[i] = nil end
    report.findings, report.possible = claims.part(report, ordered)
    report.causes = ranking.group(report.findings)
    for _, cause in ipairs(report.causes) do
        for _, follow in ipairs(cause.follows) do follow.follows_from = cause.lead.line_number end
    end
end

--- Explains one log.
---@param source diagnose.Source
---@param opened log_text.Log
---@param base kb.Base
---@param options diagnose.Options
---@param history table?  what the store knows of earlier hits
---@return diagnose.Report
function M.of(source, opened, base, options, history)
    local scan = base:scan(opened)
    local state = { source = source, log = opened, base = base, options = options, scan = scan, history = history }
    state.structure = log_text.structure(scan, opened)
    state.tests = #scan.tests > 0 and require("lib.log_readers.tests").read(scan, opened) or nil
    state.diagnostics = #scan.diagnostics > 0 and require("lib.log_readers.diagnostics").read(scan, opened) or {}
    local report = {
        source = source, name = source.name, lines = scan.lines, bytes = scan.bytes, findings = {}, causes = {},
        left_out = 0, tests = state.tests, diagnostics = state.diagnostics, unknown = {}, structure = state.structure,
    }
    local found = findings_of(state)
    report.passages = passages_of(state, found)
    report.explanation = report.passages[1]
    if report.explanation then
        report.around = context_of(opened, report.explanation.line_start, report.explanation.line_end, options.context)
    end
    report.compile_error = error_in(report.diagnostics)
    report.possible = found
    report.is_green = claims.is_green(report)
    report.possible = {}
    rank(report, state, found)
    report.headline = claims.headline(report)
    report.is_known = claims.is_known(report.headline)
    add_differences(report, state)
    return report
end

return M
