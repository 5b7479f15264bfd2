-- The sentences that all formats share.
local counted = require("lib.counted")
local M = {}

--- What each class means, in a few words.
M.classes = {
    ["missing setup"] = "something that the job needs is not there",
    ["version mismatch"] = "two versions do not fit each other",
    ["cache corruption"] = "something that was stored went bad",
    ["permission"] = "the job may not do what it tries to",
    ["matrix gap"] = "a combination of the matrix cannot work",
    ["flaky"] = "the same commit may pass on another try",
    ["code bug"] = "the code is at fault",
    ["infrastructure"] = "the failure came from outside of the repository",
}

local untouched = {
    ["missing setup"] = "Source code and tests: the same commit passes once what is missing is there.",
    ["version mismatch"] = "What the program does: only which versions are chosen.",
    ["cache corruption"] = "Source code, tests and dependencies: what is stored is made anew.",
    ["permission"] = "Source code and tests: only what the job is allowed to do.",
    ["matrix gap"] = "The combinations of the matrix that pass.",
    ["flaky"] = "What the tests assert: none is loosened, skipped or deleted.",
    ["code bug"] = "The configuration of CI: the step did what it is for. No test is skipped, loosened or deleted.",
    ["infrastructure"] = "Source code, tests and configuration: none of them caused this.",
}

--- "build › Run tests", or what is known of it; nil for nothing.
---@param finding { job: string?, step: string? }
---@return string?
function M.where(finding)
    if finding.job and finding.step then return ("%s › %s"):format(finding.job, finding.step) end
    return finding.job or finding.step
end

--- The job and step that failed: of the best finding, or as the structure shows.
---@param report diagnose.Report
---@return string? job
---@return string? step
function M.failing(report)
    local lead, failed = report.findings[1], (report.structure.failed_steps or {})[1] or {}
    local job = lead and lead.job or report.source.job_name or failed.job
    local step = lead and lead.step or failed.name
    return job ~= "" and job or nil, step ~= "" and step or nil
end

---@class diagnose.Cause
---@field lead diagnose.Finding
---@field follows diagnose.Finding[]  what came of it
---@field again diagnose.Finding[]  the same entry at other lines

--- The causes that explain, one for each entry, and those findings that only are symptoms.
---@param report diagnose.Report
---@return diagnose.Cause[] causes
---@return diagnose.Finding[] symptoms
function M.causes(report)
    local causes, symptoms, by_id = {}, {}, {}
    for _, cause in ipairs(report.causes) do
        local lead = cause.lead
        local first = by_id[lead.id]
        if lead.is_symptom then
            symptoms[#symptoms + 1] = lead
        elseif first then
            table.insert(first.again, lead)
            for _, follow in ipairs(cause.follows) do table.insert(first.follows, follow) end
        else
            by_id[lead.id] = { lead = lead, follows = { unpack(cause.follows) }, again = {} }
            causes[#causes + 1] = by_id[lead.id]
        end
    end
    return causes, symptoms
end

--- "2 of 87 tests failed (libtest)", "1 suite failed to run (jest)".
---@param tests log_readers.Tests
---@return string
function M.tests(tests)
    local of = tests.total and (" of %d"):format(tests.total) or ""
    local framework = tests.framework and (" (%s)"):format(tests.framework) or ""
    local suites = #tests.suites > 0 and counted(#tests.suites, "suite") .. " failed to run" or nil
    if suites and #tests.failed == 0 then return suites .. framework end
    local plural = (tests.total or #tests.failed) == 1 and "" or "s"
    return ("%d%s test%s failed%s%s"):format(#tests.failed, of, plural, suites and ", " .. suites or "", framework)
end

--- The first sentence of a report.
---@param report diagnose.Report
---@return string
function M.headline(report)
    local text = report.headline.text
    return text ~= "" and text or "Nothing known matched."
end

--- What to type to make an entry for a log that nothing matched.
---@param report diagnose.Report
---@return string
function M.learn(report)
    local file = report.source.file
    if not file or file:find("[^%w%-%._/+,@=:]") then return "uhost kb learn LOG" end
    return "uhost kb learn " .. file
end

local function passed_steps(report)
    local names = {}
    for _, job in ipairs(report.structure.jobs or {}) do
        for _, step in ipairs(job.steps or {}) do
            local passed = not step.failed and not step.cleanup and (step.exit_code or 0) == 0
            if passed and step.name and #names < 8 then names[#names + 1] = { text = step.name, code = true } end
        end
    end
    return names
end

--- What the proposal leaves alone, as contents of a report's list.
---@param report diagnose.Report
---@return any[]
function M.unchanged(report)
    local list, seen = {}, {}
    local causes = M.causes(report)
    for _, cause in ipairs(causes) do
        local sentence = untouched[cause.lead.class]
        if sentence and not seen[sentence] then list[#list + 1], seen[sentence] = sentence, true end
    end
    if #causes == 0 then list[1] = "Anything: nothing is proposed before the cause is known." end
    for _, cause in ipairs(causes) do
        for _, follow in ipairs(cause.follows) do
            if #list < 6 and not follow.is_symptom then
                list[#list + 1] = ("What line %d is about (%s): it follows from the cause."):format(
                    follow.line_number, follow.title)
            end
        end
    end
    local steps = passed_steps(report)
    if #steps > 0 then
        local content = { "The steps that passed: " }
        for i, name in ipairs(steps) do
            content[#content + 1] = i > 1 and ", " or ""
            content[#content + 1] = name
        end
        content[#content + 1] = "."
        list[#list + 1] = content
    end
    local tests = report.tests
    if tests and (tests.passed or 0) > 0 then
        list[#list + 1] = ("%s that passed."):format(counted(tests.passed, "test"))
    end
    return list
end

local function code(text) return { text = text, code = true } end

--- How to see that it worked, as contents of a report's list.
---@param report diagnose.Report
---@return any[]
function M.verification(report)
    local list, causes = {}, M.causes(report)
    local failed = report.tests and report.tests.failed or {}
    if #failed > 0 then
        list[#list + 1] = { "Run ", #failed == 1 and "the failed test" or ("the %d failed tests"):format(#failed),
            #failed == 1 and " by itself: " or " by themselves: ", code(failed[1].name), #failed > 1 and " …" or "" }
    end
    local run = report.source.run
    if run then
        list[#list + 1] = { "Run the failed jobs again: ",
            code(("gh run rerun %d --failed --repo %s"):format(run.id, report.source.repository)) }
    else
        list[#list + 1] = "Run the job again, or the failing command by hand."
    end
    local job, step = M.failing(report)
    if step then
        list[#list + 1] = { "The step ", code(step), job and " of the job " or "", job and code(job) or "", " passes." }
    end
    if causes[1] then
        list[#list + 1] = { "The new log has no line that ", code(causes[1].lead.id), " matches: ",
            code("uhost kb try NEW_LOG") }
    else
        list[#list + 1] = { "The new log has none of the lines above: ", code("uhost diagnose NEW_LOG") }
    end
    return list
end

return M
