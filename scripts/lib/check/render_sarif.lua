-- Findings as SARIF 2.1.0, for GitHub's code scanning and other viewers.
local findings = require("lib.check.findings")
local sarif = require("lib.sarif")

local M = {}

local function rule(kind)
    return {
        id = kind.id, name = sarif.name(kind.id), shortDescription = { text = kind.says },
        fullDescription = { text = kind.says }, help = { text = kind.says .. " The result says what to do." },
        defaultConfiguration = { level = kind.level },
        properties = { tags = json.array({ "maintenance", "policies" }), precision = "high" },
    }
end

local function relative(path)
    local here = fs.cwd() .. "/"
    local absolute = fs.absolute(path)
    return absolute:sub(1, #here) == here and absolute:sub(#here + 1) or nil, absolute
end

local function artifact(path)
    local below, absolute = relative(path)
    if below then return { uri = sarif.uri(below), uriBaseId = "%SRCROOT%" } end
    return { uri = "file://" .. sarif.uri(absolute) }
end

local function region(finding)
    if not finding.line then return { startLine = 1 } end
    return {
        startLine = finding.line, startColumn = finding.column,
        -- SARIF's end is the first column that is not in it.
        endColumn = finding.end_column and finding.end_column + 1 or nil,
    }
end

local function result_of(finding, index)
    local text = finding.hint and ("%s: %s"):format(finding.message, finding.hint) or finding.message
    return {
        ruleId = finding.rule, ruleIndex = index, level = finding.level, kind = "fail",
        message = { text = sarif.plain(text) },
        locations = json.array({
            { physicalLocation = { artifactLocation = artifact(finding.file), region = region(finding) } },
        }),
    }
end

---@param result check.Result
---@return string
function M.render(result)
    local rules, index, list = json.array({}), {}, json.array({})
    for i, kind in ipairs(findings.kinds) do rules[i], index[kind.id] = rule(kind), i - 1 end
    for i, finding in ipairs(result.findings) do
        if i > sarif.most_results then break end
        list[i] = result_of(finding, index[finding.rule])
    end
    return sarif.document({
        tool = { driver = { name = "uhost check", semanticVersion = uhost.version, rules = rules } },
        automationDetails = { id = "check/" }, columnKind = "unicodeCodePoints",
        invocations = json.array({ sarif.invocation(#result.findings - #list) }),
        originalUriBaseIds = { ["%SRCROOT%"] = { description = { text = "The root of the repository." } } },
        results = list,
    })
end

return M
