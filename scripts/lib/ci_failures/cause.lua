-- Why a job failed: from its log to a cause that is the same each time that it comes back.
local characters = require("uhost.notify.text")
local conclusions = require("lib.conclusions")
local places = require("lib.diagnose.places")
local reporting = require("lib.diagnose.report")

local M = {}

-- Of logs and lists, as much as an issue shows.
local max_line_bytes, max_tests, max_context = 600, 400, 12
local max_name, max_title, max_message = 300, 300, 2000  -- characters

---@class ci_failures.Cause
---@field key string  what identifies it within its job
---@field kind "kb"|"test"|"tests"|"passage"|"step"|"run"
---@field title string  one line
---@field entry string?  of the knowledge base
---@field class string?  of the entry
---@field step string?
---@field step_number integer?
---@field line string?
---@field line_number integer?
---@field step_line integer?  the line's number within its step, as GitHub counts
---@field first_line integer?  of `context`
---@field context string[]  the line with its neighbours
---@field cause string?  Markdown
---@field fix string?  Markdown
---@field commands string[]
---@field docs string[]
---@field confidence string?
---@field owner string?
---@field file string?  in the repository
---@field tests string[]  that failed
---@field group string?  of several tests: the fingerprint of the failure that they were found to belong to
---@field failed_tests integer
---@field total_tests integer?

--- A line without what differs from run to run: numbers, times, hashes, and the folder that a runner works in.
---@param line string
---@return string
function M.template(line)
    local text = line:gsub("/[^%s:\"']*/_?work/[^/%s]+/[^/%s]+/", ""):gsub("%a:\\a\\[^\\%s]+\\[^\\%s]+\\", "")
    return (log_text.mask(text):gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

local function shown(line)
    if #line <= max_line_bytes then return line end
    return line:sub(1, max_line_bytes):gsub("[\192-\255][\128-\191]*$", "") .. " …"
end

local function context_of(opened, number)
    local first = math.max(1, number - max_context)
    local lines = opened:lines(first, number + 3)
    for i, line in ipairs(lines) do lines[i] = shown(line) end
    return lines, first
end

local function step_of(job, report, number)
    for _, known in ipairs(report.structure.jobs or {}) do
        for _, step in ipairs(known.steps or {}) do
            if number >= step.first_line and number <= step.last_line then return number - step.first_line + 1 end
        end
    end
    return #(job.steps or {}) == 1 and number or nil
end

-- What every cause has that a line of the log shows.
local function at_line(job, report, opened, number, cause)
    cause.commands, cause.docs, cause.tests = cause.commands or {}, cause.docs or {}, cause.tests or {}
    cause.failed_tests = cause.failed_tests or #cause.tests
    if not number or report.lines == 0 then
        cause.context = {}
        return cause
    end
    cause.line_number, cause.line = number, shown(opened:line(number) or "")
    cause.context, cause.first_line = context_of(opened, number)
    local _, step = places.step_of(report.source, opened, report.structure, number)
    cause.step, cause.step_line = step, step_of(job, report, number)
    for _, each in ipairs(job.steps or {}) do
        if each.name == step then cause.step_number = each.number end
    end
    return cause
end

local function of_finding(job, report, opened, finding)
    local captures = {}
    for name, value in pairs(finding.captures or {}) do
        captures[#captures + 1] = ("%s=%s"):format(name, M.template(tostring(value)))
    end
    table.sort(captures)
    return at_line(job, report, opened, finding.line_number, {
        kind = "kb", key = ("kb %s %s"):format(finding.id, table.concat(captures, " ")), title = finding.title,
        entry = finding.id, class = finding.class, cause = finding.cause, fix = finding.fix,
        commands = finding.commands,
        docs = finding.docs, confidence = finding.confidence, owner = finding.owner,
        file = finding.place and finding.place.file,
    })
end

local function of_tests(job, report, opened)
    local failed, names, seen = report.tests.failed, {}, {}
    for _, test in ipairs(failed) do
        if not seen[test.name] then
            seen[test.name] = true
            names[#names + 1] = characters.cut(test.name, max_name)
        end
    end
    local first, first_name, is_one = failed[1], names[1], #names == 1
    -- Of too many, the same ones each time, in whatever order they failed.
    if #names > max_tests then
        table.sort(names)
        names = seq(names):take(max_tests):list()
    end
    local total = report.tests.total
    return at_line(job, report, opened, first.message_line or first.line_number, {
        kind = is_one and "test" or "tests", key = "test " .. first_name, tests = names, failed_tests = #failed,
        total_tests = total, file = places.relative(first.file), confidence = "high",
        title = is_one and ("test %s fails"):format(first_name)
            or ("%d%s tests fail, the first is %s"):format(#failed, total and " of " .. total or "", first_name),
        cause = first.message and first.message ~= ""
            and characters.cut(first.message, max_message):gsub("[`*%[]", "\\%0") or nil,
    })
end

local function of_passage(job, report, opened)
    local headline = report.headline
    local text = headline.text:gsub("%s+", " ")
    return at_line(job, report, opened, headline.line_number, {
        kind = "passage", key = "line " .. M.template(text), confidence = "low",
        title = characters.cut(text, max_title),
    })
end

--- The cause of a failure that left no log: the step that failed, or the conclusion alone.
---@param conclusion string
---@param job github.Job?
---@return ci_failures.Cause
function M.without_log(conclusion, job)
    local failed
    for _, step in ipairs(job and job.steps or {}) do
        if not failed and conclusions.is_failure(step.conclusion) then failed = step end
    end
    local words = conclusion:gsub("_", " ")
    return {
        kind = failed and "step" or "run", step = failed and failed.name, step_number = failed and failed.number,
        key = ("%s %s"):format(conclusion, failed and failed.name or ""), context = {}, commands = {}, docs = {},
        tests = {}, failed_tests = 0, confidence = "low",
        title = failed and ("the step '%s' ended with %s"):format(failed.name, words) or words,
    }
end

-- A second step that failed for a reason of its own is a cause of its own.
local function of_findings(job, report, opened)
    local causes, steps = {}, {}
    for _, each in ipairs(report.causes) do
        local lead = each.lead
        local step = lead.step or ""
        local is_sure = lead.confidence == "high" or #causes == 0 and lead.confidence ~= "low"
        if is_sure and not lead.is_symptom and not steps[step] then
            steps[step] = true
            causes[#causes + 1] = of_finding(job, report, opened, lead)
        end
    end
    return causes
end

-- What a test says when it fails ("a thread panicked") explains the test, which is the cause to be tracked.
local function with_explanation(cause, known)
    if not known then return cause end
    cause.entry, cause.cause, cause.fix, cause.docs = known.entry, known.cause, known.fix, known.docs
    cause.owner, cause.file = known.owner, cause.file or known.file
    return cause
end

--- The causes that the log of a job shows; the first explains most.
---@param job github.Job
---@param opened log_text.Log
---@param base kb.Base
---@return ci_failures.Cause[]
function M.of_log(job, opened, base)
    local source = { kind = "ci_job", name = job.name, job_name = job.name, job = job, url = job.url }
    local report = reporting.of(source, opened, base, { context = 3, explanation_only = true })
    local kind = report.headline.kind
    local causes = kind == "cause" and of_findings(job, report, opened) or {}
    local has_failed_tests = report.tests and #report.tests.failed > 0
    if has_failed_tests and (#causes == 0 or causes[1].class == "code bug") then
        return { with_explanation(of_tests(job, report, opened), causes[1]) }
    end
    if #causes > 0 then return causes end
    if kind == "passage" and report.headline.text ~= "" then return { of_passage(job, report, opened) } end
    return { M.without_log(job.conclusion or "failure", job) }
end

--- The name of a job without the values of its matrix, and these.
---@param name string
---@return string job
---@return string? matrix
function M.job_name(name)
    local job, matrix = name:match("^(.-)%s+%((.+)%)$")
    return job or name, matrix
end

--- What identifies a failure: 16 hexadecimal digits.
---@param workflow string
---@param job string  without its matrix
---@param key string
---@return string
function M.fingerprint(workflow, job, key)
    return hash.text(table.concat({ workflow, job, key }, "\0")):sub(1, 16)
end

return M
