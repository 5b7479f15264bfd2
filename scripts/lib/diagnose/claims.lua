-- What a report claims, and how sure it is. A finding is claimed as a cause only where it agrees with the passage: on
-- labelled logs of projects that had no part in fitting anything, findings in the passage were right in 19 of 20, those
-- elsewhere in 1 of 17. What is not claimed is a possible cause, and then the headline is the passage itself.
--
-- That is all the confidence there is: neither the passage's share of the weight, nor an entry's priority, nor whether
-- its line is the one that says most tells right claims from wrong ones in these logs.
local exit_codes = require("lib.diagnose.exit_codes")
local wording = require("lib.diagnose.wording")

local M = {}

-- A finding so many lines from the passage agrees with it.
local near = 3
-- Below this priority an entry recognises a failure without saying what it is.
local min_priority = 30
-- A passage with less of the weight than this might as well be another one.
local min_share = 0.3

---@alias diagnose.Confidence "high"|"low"

---@class diagnose.Headline
---@field kind "cause"|"tests"|"passage"|"green"|"empty"
---@field text string
---@field line_number integer?
---@field confidence diagnose.Confidence
---@field why string

local function last_line(finding) return math.max(finding.last_line or 0, finding.line_number) end

--- Whether a finding agrees with a passage.
---@param finding diagnose.Finding
---@param passage diagnose.Explanation?
---@return boolean
function M.agrees(finding, passage)
    return passage ~= nil and finding.line_number <= passage.line_end + near
        and last_line(finding) >= passage.line_start - near
end

local function is_at(finding, line) return line ~= nil and math.abs(finding.line_number - line) <= near end

-- The failed test that the passage is about.
local function quoted_test(report)
    local tests, passage = report.tests, report.explanation
    for _, test in ipairs(tests and tests.all or {}) do
        if passage and test.line_number and test.line_number >= passage.line_start - near
            and test.line_number <= passage.line_end + near then
            return test
        end
    end
end

-- The passage of a failing step that a finding agrees with. The message of a test may be further below its name than a
-- passage is long.
local function passage_of(finding, report)
    for _, passage in ipairs(report.passages) do
        if M.agrees(finding, passage) then return passage end
    end
    local test = quoted_test(report)
    return test and is_at(finding, test.message_line) and report.explanation or nil
end

-- Whether a finding is in a step that failed, its last line included, as far as it is known which did.
local function is_in_failed_step(finding, report)
    local steps = report.structure.failed_steps or {}
    for _, step in ipairs(steps) do
        if not step.focus or last_line(finding) >= step.first_line and finding.line_number <= step.last_line then
            return true
        end
    end
    return #steps == 0
end

--- How sure it is that a finding is the cause, and why, from what holds of it.
---@param finding diagnose.Finding
---@param report diagnose.Report
---@return diagnose.Confidence, string
function M.confidence(finding, report)
    local passage = passage_of(finding, report)
    if report.is_green then return "low", "the job ended well" end
    if finding.rank then return "high", "it comes first in its list of rules" end
    if not passage then return "low", "it is not in the passage that explains the failure" end
    if not is_in_failed_step(finding, report) then return "low", "it is in a step that did not fail" end
    if (finding.priority or 50) < min_priority then return "low", "it recognises a failure, not its cause" end
    if finding.severity ~= "error" then return "low", "work continues after it" end
    if passage.confidence < min_share then return "low", "other passages explain the failure as well" end
    local test = quoted_test(report)
    if is_at(finding, passage.line_number) or test and is_at(finding, test.message_line) then
        return "high", "its line is the one that explains most"
    end
    return "high", "it is in the passage that explains the failure"
end

-- Green: the CI system says that the job ended well; or it says nothing, tests ran and passed, and nothing failed.
function M.is_green(report)
    local structure, tests = report.structure, report.tests
    if structure.ended_well then return true end
    if structure.exit_code or #(structure.failed_steps or {}) > 0 or report.lines == 0 then return false end
    if tests and #tests.all > 0 or report.compile_error then return false end
    return tests ~= nil and (tests.passed or 0) > 0 and #report.possible == 0
end

local function of_passage(report)
    local passage = report.explanation
    local text = passage and passage.line and passage.line:match("^%s*(.-)%s*$") or ""
    local meaning = exit_codes.meaning(((report.structure.failed_steps or {})[1] or {}).exit_code)
    return { kind = "passage", text = text, line_number = passage and passage.line_number, confidence = "low",
        why = meaning or #report.possible > 0 and "no entry is sure enough to be the cause" or "no entry explains it" }
end

--- What the report leads with.
---@param report diagnose.Report
---@return diagnose.Headline
function M.headline(report)
    local causes = wording.causes(report)
    if causes[1] then
        local lead = causes[1].lead
        return { kind = "cause", text = lead.title, line_number = lead.line_number, confidence = lead.confidence,
            why = lead.confidence_why }
    end
    if report.lines == 0 then
        return { kind = "empty", text = "The log is empty.", confidence = "high", why = "it has no lines" }
    end
    if report.is_green then
        return { kind = "green", text = "Nothing failed, as far as this log shows.", confidence = "high",
            why = "the job ended well" }
    end
    local test = quoted_test(report)
    if test then
        return { kind = "tests", text = wording.tests(report.tests), confidence = "high",
            line_number = test.message_line or test.line_number, why = "the failed tests were read" }
    end
    return of_passage(report)
end

--- Whether the cause is known: some entry says why, or the failed tests were read; or there is nothing to know.
---@param headline diagnose.Headline
---@return boolean
function M.is_known(headline)
    return headline.kind == "cause" or headline.kind == "tests" or headline.kind == "green"
end

-- Whether a finding explains the first of the steps that failed.
local function explains_first(finding, report)
    local test = quoted_test(report)
    return finding.rank ~= nil or M.agrees(finding, report.explanation)
        or test ~= nil and is_at(finding, test.message_line)
end

-- Of several steps that failed, the first leads. What is known of others is no cause as long as that one has none.
local function of_first(claimed, report)
    local first, others, symptoms = {}, {}, {}
    for _, finding in ipairs(claimed) do
        table.insert(finding.is_symptom and symptoms or explains_first(finding, report) and first or others, finding)
    end
    local kept, doubted = first, {}
    if #first > 0 then
        for _, finding in ipairs(others) do kept[#kept + 1] = finding end
    else
        doubted = others
    end
    for _, finding in ipairs(doubted) do
        finding.confidence, finding.confidence_why = "low", "it explains another step that failed"
    end
    for _, finding in ipairs(symptoms) do kept[#kept + 1] = finding end
    return kept, doubted
end

--- Parts findings in order into those that are claimed and those that are only possible. Symptoms stay with the
--- claimed: they say that something failed, which is true.
---@param report diagnose.Report
---@param ordered diagnose.Finding[]
---@return diagnose.Finding[] claimed, diagnose.Finding[] possible
function M.part(report, ordered)
    local claimed, possible = {}, {}
    for _, finding in ipairs(ordered) do
        finding.confidence, finding.confidence_why = M.confidence(finding, report)
        local is_claimed = finding.confidence == "high" or finding.is_symptom and not report.is_green
        table.insert(is_claimed and claimed or possible, finding)
    end
    if #report.passages < 2 then return claimed, possible end
    local kept, doubted = of_first(claimed, report)
    for i, finding in ipairs(doubted) do table.insert(possible, i, finding) end
    return kept, possible
end

return M
