-- Findings of the guard in the formats of the command line.
local advice = require("lib.workflow_guard.advice")
local github_actions = require("lib.github_actions")
local render = require("lib.findings.render")

local M = {}

M.formats = { "text", "github", "sarif", "json", "markdown" }

-- JSON ----------------------------------------------------------------------------------------------------------------

local fields = { "rule", "severity", "reduces", "file", "line", "column", "job", "step", "before", "after",
    "message", "why",
    "fix", "patch" }

local function as_list(findings, more)
    local list = json.array({})
    for i, finding in ipairs(findings) do
        list[i] = {}
        for _, field in ipairs(fields) do
            list[i][field] = finding[field] == nil and json.null or finding[field]
        end
        for _, field in ipairs(more or {}) do list[i][field] = finding[field] end
    end
    return list
end

local function as_json(result)
    return json.encode({
        coverage_reduced = result.coverage_reduced, findings = as_list(result.findings),
        suppressed = as_list(result.suppressed, { "suppressed_until", "reason" }),
    }, { indent = 2, invalid_utf8 = "replace" }) .. "\n"
end

-- Text, annotations, SARIF --------------------------------------------------------------------------------------------

local function line_of(text, number)
    local at = 0
    for line in (text .. "\n"):gmatch("(.-)\r?\n") do
        at = at + 1
        if at == number then return line end
    end
end

local function shared(result, texts)
    local list = { files = result.files, errors = 0, warnings = 0, findings = {} }
    for i, finding in ipairs(result.findings) do
        local is_error = finding.severity == "error"
        local kind = is_error and "errors" or "warnings"
        list[kind] = list[kind] + 1
        list.findings[i] = {
            file = finding.file, line = finding.line, column = finding.column, level = is_error and "error"
                or "warning",
            rule = finding.rule, message = finding.message, hint = ("%s %s"):format(finding.why, finding.fix),
            text = texts[finding.file] and line_of(texts[finding.file], finding.line),
        }
    end
    render.sort(list.findings)
    return list
end

local function kinds()
    local list = {}
    for i, rule in ipairs(advice) do
        list[i] = { id = rule.id, level = rule.level == "error" and "error" or "warning", says = rule.says }
    end
    return list
end

local function by_findings(format)
    return function(result, texts)
        return render.render(shared(result, texts), format, {
            what = "workflow", command = "uhost workflow_guard", category = "workflow_guard/", kinds = kinds(),
            tags = { "ci", "coverage" },
        })
    end
end

local function as_text(result, texts)
    local text = by_findings("text")(result, texts)
    local lines = {}
    for _, finding in ipairs(result.suppressed) do
        lines[#lines + 1] = ("accepted until %s: %s (%s)\n"):format(finding.suppressed_until,
            term.visible(finding.message), term.visible(finding.reason))
    end
    if result.coverage_reduced then lines[#lines + 1] = "fewer checks run than before\n" end
    return text .. table.concat(lines)
end

-- Markdown ------------------------------------------------------------------------------------------------------------

local function add_finding(out, finding)
    out:heading(finding.message)
    local list = { { "Rule", { text = finding.rule, code = true } },
        { "Place", { text = ("%s:%d:%d"):format(finding.file, finding.line, finding.column), code = true } } }
    if finding.before then list[#list + 1] = { "Before", { text = finding.before, code = true } } end
    if finding.after then list[#list + 1] = { "After", { text = finding.after, code = true } } end
    list[#list + 1] = { "Why it matters", finding.why }
    list[#list + 1] = { "What to do", finding.fix }
    out:facts(list)
    if finding.patch then
        local lines = {}
        for line in finding.patch:gmatch("[^\n]+") do lines[#lines + 1] = line end
        out:code(lines, { language = "diff" })
    end
end

local function as_markdown(result)
    local out = report.new { title = result.coverage_reduced and "Fewer checks run than before"
        or "The same checks run" }
    for _, finding in ipairs(result.findings) do add_finding(out, finding) end
    local rows = {}
    for i, finding in ipairs(result.suppressed) do
        rows[i] = { finding.message, finding.suppressed_until, finding.reason }
    end
    if #rows > 0 then out:table { title = "Accepted", columns = { "Finding", "Until", "Reason" }, rows = rows } end
    return github_actions.without_commands(out:render("markdown"), "markdown")
end

local renderers = { text = as_text, json = as_json, markdown = as_markdown, github = by_findings("github"),
    sarif = by_findings("sarif") }

--- The result in a format, for standard output.
---@param result table  of guard.compare
---@param format string
---@param texts table<string, string>  the files of the head
---@return string
function M.render(result, format, texts)
    local text = renderers[format](result, texts)
    return format == "json" and github_actions.without_commands(text, "json") or text
end

return M
