-- Annotations: workflow commands that GitHub Actions shows on the run's page, and beside the lines of a pull request
-- where the log names them.
local rich_text = require("lib.diagnose.rich_text")
local wording = require("lib.diagnose.wording")
local github_actions = require("lib.github_actions")

local M = {}

-- GitHub shows ten of each level of a step.
local max_shown, max_tests = 10, 5
local max_text_bytes = 4000

local levels = { error = "error", warning = "warning", note = "notice" }

local function cut(text)
    if #text <= max_text_bytes then return text end
    return (text:sub(1, max_text_bytes):gsub("[\192-\255][\128-\191]*$", "")) .. " …"
end

local function message_of(report, finding)
    local lines = { finding.line }
    local where = wording.where(finding)
    lines[#lines + 1] = ("%sline %d of %s"):format(where and where .. ", " or "", finding.line_number, report.name)
    lines[#lines + 1] = rich_text.one_line(finding.cause)
    lines[#lines + 1] = "Fix: " .. rich_text.one_line(finding.fix)
    for _, command in ipairs(finding.commands) do lines[#lines + 1] = "  $ " .. command end
    return cut(table.concat(lines, "\n"))
end

local function of_finding(report, finding)
    local place = finding.place or {}
    return {
        level = levels[finding.severity] or "error", title = ("%s (%s)"):format(finding.title, finding.class),
        file = place.file, line = place.line, column = place.column, message = message_of(report, finding),
    }
end

local function of_unknown(report)
    local explanation = report.explanation
    return {
        level = "error", title = wording.headline(report),
        message = cut(explanation and ("Lines %d to %d of %s:\n%s"):format(explanation.line_start, explanation.line_end,
            report.name, explanation.text) or "There is nothing to explain in " .. report.name),
    }
end

local function add_tests(list, report)
    for i, test in ipairs(report.tests and report.tests.all or {}) do
        if i > max_tests then return end
        list[#list + 1] = {
            level = "error", title = (test.is_suite and "Failed to run: " or "Failed test: ") .. test.name,
            message = cut(test.message or test.name),
            file = test.line and require("lib.diagnose.places").relative(test.file), line = test.line,
        }
    end
end

---@class diagnose.Annotation
---@field level "error"|"warning"|"notice"
---@field title string
---@field message string
---@field file string?
---@field line integer?
---@field column integer?

--- What is worth an annotation: causes first, then failed tests.
---@param result diagnose.Result
---@return diagnose.Annotation[]
function M.annotations(result)
    local list = {}
    for _, report in ipairs(result.reports) do
        local causes = wording.causes(report)
        for _, cause in ipairs(causes) do
            list[#list + 1] = of_finding(report, cause.lead)
            for _, other in ipairs(cause.again) do list[#list + 1] = of_finding(report, other) end
        end
        if #causes == 0 and report.lines > 0 then list[#list + 1] = of_unknown(report) end
        add_tests(list, report)
    end
    local kept, of_level = {}, {}
    for _, annotation in ipairs(list) do
        of_level[annotation.level] = (of_level[annotation.level] or 0) + 1
        if of_level[annotation.level] <= max_shown then kept[#kept + 1] = annotation end
    end
    return kept
end

---@param result diagnose.Result
---@return string
function M.render(result)
    local lines = {}
    for i, each in ipairs(M.annotations(result)) do
        lines[i] = github_actions.annotation(each.level, {
            title = each.title, file = each.file, line = each.line, col = each.column,
        }, each.message)
    end
    return table.concat(lines)
end

return M
