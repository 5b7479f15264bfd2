-- From a command line to the explanation of logs.
local arguments_of = require("lib.diagnose.arguments")
local command_line = require("lib.command_line")

local M = {}

local at_once = 4  -- logs that are fetched and read side by side

---@class diagnose.Result
---@field reports diagnose.Report[]
---@field nothing string?  a sentence, when there was no log to explain
---@field is_known boolean  whether the cause of every log is known
---@field color boolean  whether text may have colours and links

-- The report of one log; nil when there is no log.
local function explain(source, base, options, history)
    local opened, why = source.open()
    if not opened then return log.warn(why) end
    return task.finally(function()
        return require("lib.diagnose.report").of(source, opened, base, options, history)
    end, function() opened:close() end)
end

local function has_failed(report)
    return not report.is_green and #report.findings + #report.possible > 0 or report.tests and #report.tests.all > 0
        or #(report.structure.failed_steps or {}) > 0
end

-- Of a folder or an archive, logs without any failure are left out when others have one.
local function worth_showing(list)
    local failed = {}
    for _, report in ipairs(list) do
        if not report.source.is_one_of_many or has_failed(report) then failed[#failed + 1] = report end
    end
    return #failed > 0 and failed or list
end

local function explain_all(sources, base, options, history)
    -- Once, and not by each of the tasks below.
    base:matcher()
    local found = task.map(sources, function(source)
        return explain(source, base, options, history) or false
    end, { concurrency = at_once })
    local reports = {}
    for _, report in ipairs(found) do
        if report then reports[#reports + 1] = report end
    end
    if #reports == 0 then
        uhost.fail("diagnose.no_log", "none of the logs could be read",
            { hint = "GitHub keeps logs for 90 days, and has none of jobs that still run" })
    end
    return worth_showing(reports)
end

-- Identifies a log, so that one that is looked at again counts once.
local function name_of(report)
    local source = report.source
    if source.job then return ("job %d of %s"):format(source.job.id, source.repository) end
    local explanation = report.explanation and report.explanation.text:sub(1, 200) or ""
    if source.file then return ("%s, %d bytes"):format(fs.absolute(source.file), report.bytes or 0) end
    return ("%d lines, %d bytes: %s"):format(report.lines, report.bytes or 0, explanation)
end

-- Remembers what was found: how rare an entry is says how much it means.
local function remember(history, reports)
    for _, report in ipairs(reports) do
        local ids = {}
        for _, list in ipairs({ report.findings, report.possible }) do
            for _, finding in ipairs(list) do ids[finding.id] = finding.times end
        end
        if report.lines > 0 then history.record(name_of(report), ids) end
    end
end

local function all_known(reports)
    for _, report in ipairs(reports) do
        if not report.is_known then return false end
    end
    return true
end

---@param options diagnose.Options
---@return diagnose.Result
local function diagnose(options)
    local sources, nothing = require("lib.diagnose.source").of(options)
    local result = { reports = {}, nothing = nothing, color = not options.output and term.color("stdout") }
    if #sources > 0 then
        local base = kb.load({ paths = options.kb, readers = true, strict = options.kb ~= nil })
        local history = options.store and require("uhost.kb.history") or nil
        local counts, logs
        if history then counts, logs = history.counts() end
        result.reports = explain_all(sources, base, options, history and { counts = counts, logs = logs })
        if history then remember(history, result.reports) end
        if options.patch then require("lib.workflow_patch.proposal").add(result.reports, options) end
    end
    result.is_known = all_known(result.reports)
    return result
end

local log_levels = { error = "error", warning = "warn", notice = "info" }

-- In a workflow, the report is also on the run's page.
local function annotate(result, options)
    if os.getenv("GITHUB_ACTIONS") ~= "true" then return end
    require("lib.github_actions").add_summary(function(free_bytes)
        return require("lib.diagnose.document").fitting(result, free_bytes)
    end)
    if options.format == "github" then return end
    for _, annotation in ipairs(require("lib.diagnose.render_github").annotations(result)) do
        annotation.level = log_levels[annotation.level]
        log.annotation(annotation)
    end
end

--- A result in the format that was asked for.
---@param result diagnose.Result
---@param format string
---@return string
function M.render(result, format)
    if format == "html" or format == "markdown" then
        return require("lib.diagnose.document").whole(result):render(format)
    end
    return require("lib.diagnose.render_" .. format).render(result)
end

local function deliver(result, options)
    local text = M.render(result, options.format)
    if options.output then
        command_line.write_report(options.output, text)
    else
        local safe = options.format == "github" and text
            or require("lib.github_actions").without_commands(text, options.format)
        io.write(safe)
    end
    annotate(result, options)
end

--- Explains logs. Returns the exit code: 0 when every cause is known, 1 when one is not; errors pass, with the exit
--- codes of their kinds.
---@param arguments string[]
---@return integer
function M.run(arguments)
    -- Most logs are read before compiled code would have paid for itself.
    jit.opt.start("hotloop=300", "hotexit=100")
    -- The knowledge bases stay, and each collection looks at all of them again.
    collectgarbage("setpause", 300)
    local options = arguments_of.read(arguments)
    local result = diagnose(options)
    deliver(result, options)
    return result.is_known and 0 or 1
end

return M
