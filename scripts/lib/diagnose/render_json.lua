-- The report for programs, with a line feed at its end. Its shape is documented in scripts/README.md: fields may be
-- added, not changed.
local M = {}

local function or_null(value)
    if value == nil then return json.null end
    return value
end

local function list_of(items, convert)
    local list = json.array({})
    for i, item in ipairs(items or {}) do list[i] = convert and convert(item) or item end
    return list
end

-- JSON objects have words as keys: a capture by number is "1".
local function captures_of(captures)
    local made = {}
    for name, value in pairs(captures or {}) do made[tostring(name)] = value end
    return made
end

local function finding_of(report)
    return function(finding)
        local place = finding.place
        return {
            id = finding.id, title = finding.title, class = finding.class, severity = finding.severity,
            line_number = finding.line_number, line = finding.line, captures = captures_of(finding.captures),
            context = { before = list_of(finding.context.before), after = list_of(finding.context.after) },
            job = or_null(finding.job), step = or_null(finding.step), cause = finding.cause, fix = finding.fix,
            why = or_null(finding.why), confidence = or_null(finding.confidence),
            log = report.name, priority = or_null(finding.priority),
            last_line = or_null(finding.last_line), times = finding.times, commands = list_of(finding.commands),
            docs = list_of(finding.docs), tags = list_of(finding.tags), fixed_in = or_null(finding.fixed_in),
            owner = or_null(finding.owner), patch = or_null(finding.patch), symptom = finding.is_symptom,
            follows_from = or_null(finding.follows_from), file = or_null(place and place.file),
            file_line = or_null(place and place.line), file_column = or_null(place and place.column),
        }
    end
end

local function explanation_of(report)
    local explanation = report.explanation
    if not explanation then return json.null end
    return { line_start = explanation.line_start, line_end = explanation.line_end, text = explanation.text }
end

local function failed_test(test)
    return {
        name = test.name, kind = test.is_suite and "suite" or test.is_setup and "setup" or "test",
        line_number = or_null(test.line_number), message = or_null(test.message),
        file = or_null(test.file), line = or_null(test.line),
    }
end

local function tests_of(tests)
    if not tests then return json.null end
    return {
        framework = or_null(tests.framework), total = or_null(tests.total), passed = or_null(tests.passed),
        skipped = or_null(tests.skipped), failed = list_of(tests.failed, failed_test),
        suites = list_of(tests.suites, failed_test),
        frameworks = list_of(tests.frameworks or { tests.framework }),
    }
end

local function diagnostic_of(diagnostic)
    local made = {}
    for _, field in ipairs({ "line_number", "file", "line", "column", "severity", "message", "code", "tool" }) do
        made[field] = or_null(diagnostic[field])
    end
    return made
end

local function step_of(step)
    local made = {}
    for _, field in ipairs({ "name", "first_line", "last_line", "failed", "exit_code", "duration_s" }) do
        made[field] = or_null(step[field])
    end
    return made
end

local function structure_of(structure)
    return {
        ci = or_null(structure.ci),
        jobs = list_of(structure.jobs, function(job)
            return { name = job.name ~= "" and or_null(job.name) or json.null, steps = list_of(job.steps, step_of) }
        end),
    }
end

local function source_of(report)
    local source = report.source
    local run = source.run
    return {
        kind = source.kind, name = report.name, file = or_null(source.file), lines = report.lines,
        bytes = or_null(report.bytes), repository = or_null(source.repository), url = or_null(source.url),
        job = or_null(source.job and source.job.id), run = or_null(run and run.id),
    }
end

local function headline_of(report)
    local headline = report.headline
    return { kind = headline.kind, text = headline.text, line_number = or_null(headline.line_number),
        confidence = headline.confidence, why = headline.why }
end

local function document_of(report)
    return {
        headline = headline_of(report),
        explanation = explanation_of(report), findings = list_of(report.findings, finding_of(report)),
        tests = tests_of(report.tests), unknown = list_of(report.unknown, function(each)
            return { line_number = each.line_number, line = each.line }
        end),
        diagnostics = list_of(report.diagnostics, diagnostic_of), structure = structure_of(report.structure),
        source = source_of(report), known = report.is_known, green = report.is_green or false,
        possible_causes = list_of(report.possible, finding_of(report)),
        findings_left_out = report.left_out,
        comparison = or_null(report.comparison),
        proposal = require("lib.workflow_patch.sections").as_json(report),
    }
end

local order = {
    "headline", "explanation", "findings", "possible_causes", "tests", "unknown", "diagnostics", "structure",
    "source", "known", "green", "findings_left_out", "comparison", "proposal", "message", "logs",
}

-- `json.encode` sorts fields; whoever reads this wants the explanation first.
local function encoded(whole)
    local parts = {}
    for _, name in ipairs(order) do
        local value = whole[name]
        if value ~= nil then
            local text = json.encode(value, { indent = 2, invalid_utf8 = "replace" }):gsub("\n", "\n  ")
            parts[#parts + 1] = ('  "%s": %s'):format(name, text)
        end
    end
    return ("{\n%s\n}\n"):format(table.concat(parts, ",\n"))
end

local function without_logs(message)
    return { headline = json.null, explanation = json.null, findings = json.array({}),
        possible_causes = json.array({}), tests = json.null, unknown = json.array({}),
        diagnostics = json.array({}), known = true, message = message, logs = json.array({}) }
end

--- Of several logs, the document is that of the first, with the findings of all; `logs` has each by itself.
---@param result diagnose.Result
---@return string
function M.render(result)
    local first = result.reports[1]
    if not first then return encoded(without_logs(result.nothing)) end
    local whole = document_of(first)
    if #result.reports > 1 then
        whole.logs, whole.known = list_of(result.reports, document_of), result.is_known
        for i = 2, #whole.logs do
            for _, finding in ipairs(whole.logs[i].findings) do table.insert(whole.findings, finding) end
        end
    end
    return encoded(whole)
end

return M
