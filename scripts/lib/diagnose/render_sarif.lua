-- The findings as SARIF 2.1.0: a rule for each entry that matched. A finding lies in the repository where the log names
-- the place, else in the log.
local places = require("lib.diagnose.places")
local rich_text = require("lib.diagnose.rich_text")
local sarif = require("lib.sarif")
local words = require("lib.diagnose.words")

local M = {}

local levels = { error = "error", warning = "warning", note = "note" }
local unknown = "unknown-failure"

local function in_repository(place)
    return {
        artifactLocation = { uri = sarif.uri(place.file), uriBaseId = "%SRCROOT%" },
        region = { startLine = math.max(1, place.line), startColumn = place.column and math.max(1, place.column) },
    }
end

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
    return {
        id = finding.id, name = sarif.name(finding.id:gsub("[^%w]", "_")),
        shortDescription = { text = sarif.plain(finding.title) },
        fullDescription = { text = sarif.plain(rich_text.one_line(finding.cause)) },
        help = { text = rich_text.one_line(finding.fix) },
        helpUri = address and address:find("^https?://[%w%p]+$") and address or nil,
        defaultConfiguration = { level = levels[finding.severity] or "error" },
        properties = { tags = json.array({ "ci", (finding.class:gsub(" ", "-")) }), class = finding.class },
    }
end

local function locations(report, finding)
    local own = in_log(report, finding.line_number, finding.last_line)
    local where = words.where(finding)
    local logical = where and json.array({ {
        name = term.visible(finding.step or finding.job), fullyQualifiedName = term.visible(where),
    } })
    return json.array({ {
        physicalLocation = finding.place and in_repository(finding.place) or own,
        logicalLocations = logical,
    } }), finding.place and json.array({ { id = 1, physicalLocation = own, message = { text = "in the log" } } }) or nil
end

local function result_of(report, finding, index)
    local where, related = locations(report, finding)
    local fix = rich_text.one_line(finding.fix)
    return {
        ruleId = finding.id, ruleIndex = index, kind = "fail", level = levels[finding.severity] or "error",
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
        ruleId = "diagnostic", kind = "fail",
        level = diagnostic.severity == "error" and "error" or diagnostic.severity == "warning" and "warning" or "note",
        message = { text = sarif.plain(diagnostic.message ~= "" and diagnostic.message or "no message") },
        locations = json.array({ { physicalLocation = in_repository({
            file = file, line = diagnostic.line, column = diagnostic.column,
        }) } }),
        properties = {
            log = report.name, line = diagnostic.line_number, code = diagnostic.code, tool = diagnostic.tool,
        },
    }
end

local function unknown_result(report)
    local explanation = report.explanation
    local text = ("%s %s"):format(words.headline(report), explanation and explanation.text or "")
    return {
        ruleId = unknown, kind = "fail", level = "error", message = { text = sarif.plain(text) },
        locations = json.array({ { physicalLocation = in_log(report, explanation and explanation.line_start or 1,
            explanation and explanation.line_end) } }),
    }
end

local own_rules = {
    { id = "diagnostic", name = "Diagnostic", text = "A compiler or linter reports an error or a warning." },
    { id = unknown, name = "UnknownFailure", text = "The log tells of a failure that no entry knows." },
}

-- Rules by their ids, in the order in which they are first needed.
local function new_rules()
    local rules = { list = json.array({}), index = {} }
    function rules.of(id, make)
        if not rules.index[id] then
            rules.list[#rules.list + 1] = make()
            rules.index[id] = #rules.list - 1
        end
        return rules.index[id]
    end
    for _, own in ipairs(own_rules) do
        rules.of(own.id, function()
            return { id = own.id, name = own.name, shortDescription = { text = own.text },
                fullDescription = { text = own.text }, help = { text = own.text .. " The result says which." } }
        end)
    end
    return rules
end

local function results_of(report, rules)
    local list, covered = {}, {}
    for _, finding in ipairs(report.findings) do
        if not finding.is_symptom then
            local index = rules.of(finding.id, function() return rule_of(finding) end)
            list[#list + 1] = result_of(report, finding, index)
            if finding.place then covered[("%s:%d"):format(finding.place.file, finding.place.line)] = true end
        end
    end
    for _, diagnostic in ipairs(report.diagnostics) do
        local key = ("%s:%s"):format(places.relative(diagnostic.file) or "", diagnostic.line or "")
        local result = not covered[key] and diagnostic_result(report, diagnostic)
        if result then
            result.ruleIndex = rules.index.diagnostic
            list[#list + 1] = result
        end
    end
    if not report.is_known and report.lines > 0 then
        local result = unknown_result(report)
        result.ruleIndex = rules.index[unknown]
        list[#list + 1] = result
    end
    return list
end

---@param result diagnose.Result
---@return string
function M.render(result)
    local rules, list, left_out = new_rules(), json.array({}), 0
    for _, report in ipairs(result.reports) do
        for _, each in ipairs(results_of(report, rules)) do
            if #list < sarif.most_results then list[#list + 1] = each else left_out = left_out + 1 end
        end
    end
    return sarif.document({
        tool = { driver = { name = "uhost diagnose", semanticVersion = uhost.version, rules = rules.list } },
        automationDetails = { id = "diagnose/" }, columnKind = "unicodeCodePoints",
        invocations = json.array({ sarif.invocation(left_out) }),
        originalUriBaseIds = { ["%SRCROOT%"] = { description = { text = "The root of the repository." } } },
        results = list,
    })
end

return M
