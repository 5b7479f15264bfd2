-- The findings as SARIF 2.1.0: a rule for each entry that matched. A finding lies in the repository where the log names
-- the place, else in the log.
local places = require("lib.diagnose.places")
local rich_text = require("lib.diagnose.rich_text")
local sarif = require("lib.findings.sarif")
local wording = require("lib.diagnose.wording")

local M = {}

local levels = { error = "error", warning = "warning", note = "note" }
local unknown = "unknown-failure"

local function address_of(report)
    local source = report.source
    if source.url and source.url:find("^https?://[%w%-%._~:/%?#@!%$&'%(%)%*%+,;=%%]+$") then return source.url end
    if not source.file then return "stdin" end
    if source.file:sub(1, 1) == "/" then return "file://" .. sarif.uri(source.file) end
    return sarif.uri(source.file)
end

local function in_log(report, first, last)
    return {
        artifactLocation = { uri = address_of(report) },
        region = { startLine = math.max(1, first), endLine = last and last > first and last or nil },
    }
end

local function rule_of(finding)
    local address = finding.docs[1]
    return sarif.rule({
        id = finding.id, title = sarif.plain(finding.title), text = sarif.plain(rich_text.one_line(finding.cause)),
        help = rich_text.one_line(finding.fix), level = levels[finding.severity] or "error",
        help_uri = address and address:find("^https?://[%w%p]+$") and address or nil,
        tags = { "ci", (finding.class:gsub(" ", "-")) }, properties = { class = finding.class },
    })
end

local function locations(report, finding)
    local own = in_log(report, finding.line_number, finding.last_line)
    local where = wording.where(finding)
    local logical = where and json.array({ {
        name = term.visible(finding.step or finding.job), fullyQualifiedName = term.visible(where),
    } })
    return json.array({ {
        physicalLocation = finding.place and sarif.location(finding.place.file, finding.place) or own,
        logicalLocations = logical,
    } }), finding.place and json.array({ { id = 1, physicalLocation = own, message = { text = "in the log" } } }) or nil
end

local function result_of(report, finding)
    local where, related = locations(report, finding)
    local fix = rich_text.one_line(finding.fix)
    return {
        ruleId = finding.id, level = levels[finding.severity] or "error",
        message = { text = sarif.plain(("%s: %s. %s"):format(finding.title, finding.line, fix)) },
        locations = where, relatedLocations = related,
        partialFingerprints = { ["entryAndJob/v1"] = ("%s:%s:%s"):format(finding.id, finding.job or "",
            finding.step or "") },
        properties = { class = finding.class, log = report.name, line = finding.line_number, log_line = finding.line },
    }
end

-- What a compiler or linter said, where no finding says it.
local function diagnostic_result(report, diagnostic)
    local file = places.relative(diagnostic.file)
    if not file or not diagnostic.line then return nil end
    return {
        ruleId = "diagnostic",
        level = diagnostic.severity == "error" and "error" or diagnostic.severity == "warning" and "warning" or "note",
        message = { text = sarif.plain(diagnostic.message ~= "" and diagnostic.message or "no message") },
        locations = json.array({ { physicalLocation = sarif.location(file, diagnostic) } }),
        properties = {
            log = report.name, line = diagnostic.line_number, code = diagnostic.code, tool = diagnostic.tool,
        },
    }
end

local function unknown_result(report)
    local explanation = report.explanation
    local text = ("%s %s"):format(wording.headline(report), explanation and explanation.text or "")
    return {
        ruleId = unknown, level = "error", message = { text = sarif.plain(text) },
        locations = json.array({ { physicalLocation = in_log(report, explanation and explanation.line_start or 1,
            explanation and explanation.line_end) } }),
    }
end

local own_rules = {
    { id = "diagnostic", title = "A compiler or linter reports an error or a warning." },
    { id = unknown, title = "The log shows a failure that no entry knows." },
}

-- Rules by their ids, in the order in which they are first needed.
local function new_rules()
    local rules, known = { list = {} }, {}
    function rules.add(id, make)
        if not known[id] then rules.list[#rules.list + 1] = make() end
        known[id] = true
    end
    for _, own in ipairs(own_rules) do
        rules.add(own.id, function()
            return sarif.rule({ id = own.id, title = own.title, help = own.title .. " The result says which.",
                level = "error", tags = { "ci" } })
        end)
    end
    return rules
end

local function add_results(list, report, rules)
    local covered = {}
    for _, finding in ipairs(report.findings) do
        if not finding.is_symptom then
            rules.add(finding.id, function() return rule_of(finding) end)
            list[#list + 1] = result_of(report, finding)
            if finding.place then covered[("%s:%d"):format(finding.place.file, finding.place.line)] = true end
        end
    end
    for _, diagnostic in ipairs(report.diagnostics) do
        local key = ("%s:%s"):format(places.relative(diagnostic.file) or "", diagnostic.line or "")
        list[#list + 1] = not covered[key] and diagnostic_result(report, diagnostic) or nil
    end
    if not report.is_known and report.lines > 0 then list[#list + 1] = unknown_result(report) end
end

---@param result diagnose.Result
---@return string
function M.render(result)
    local rules, results = new_rules(), {}
    for _, report in ipairs(result.reports) do add_results(results, report, rules) end
    return sarif.render({ command = "uhost diagnose", category = "diagnose/", rules = rules.list, results = results })
end

return M
