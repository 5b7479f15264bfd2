-- What is wrong with files, as text, JSON, annotations and SARIF.
local code_frame = require("lib.findings.code_frame")
local counted = require("lib.counted")
local github_actions = require("lib.github_actions")
local sarif = require("lib.findings.sarif")

local M = {}

---@class lib.Finding
---@field file string
---@field line? integer
---@field column? integer  in characters
---@field end_column? integer
---@field level "error"|"warning"
---@field rule? string  the id of its kind
---@field message string
---@field hint? string
---@field text? string  the line

---@class lib.FindingKind
---@field id string
---@field level "error"|"warning"
---@field says string  what a file must be to have no such finding

---@class lib.FindingsResult
---@field files integer
---@field errors integer
---@field warnings integer
---@field findings lib.Finding[]

-- Text ----------------------------------------------------------------------------------------------------------------

local styles = { error = "bold red", warning = "bold yellow" }

--- One finding as people read it: the place, what is wrong, the line with a caret, and what to do.
---@param finding lib.Finding
---@param stream? "stdout"|"stderr"  where it goes; decides about colours
---@return string
function M.block(finding, stream)
    local place = { term.visible(finding.file) }
    place[#place + 1] = finding.line
    place[#place + 1] = finding.column
    local lines = { ("%s: %s: %s%s\n"):format(term.style(table.concat(place, ":"), "bold", stream),
        term.style(finding.level, styles[finding.level], stream), term.visible(finding.message),
        finding.rule and (" [%s]"):format(finding.rule) or "") }
    if finding.text and finding.text:find("%S") then lines[#lines + 1] = code_frame.render(finding.text, finding) end
    if finding.hint then lines[#lines + 1] = ("  hint: %s\n"):format(term.visible(finding.hint)) end
    return table.concat(lines)
end

local function text(result, options)
    local blocks = {}
    for _, finding in ipairs(result.findings) do blocks[#blocks + 1] = M.block(finding) end
    local summary = ("%s: %s, %s\n"):format(counted(result.files, options.what), counted(result.errors, "error"),
        counted(result.warnings, "warning"))
    if result.errors + result.warnings == 0 then
        summary = counted(result.files, options.what) .. (result.files == 1 and " is" or " are") .. " fine\n"
    end
    blocks[#blocks + 1] = summary
    return table.concat(blocks, "\n")
end

-- JSON ----------------------------------------------------------------------------------------------------------------
--
--     { "version": 1, "files": 3, "errors": 1, "warnings": 0, "findings": [ {
--         "file", "line", "column", "end_column", "level", "rule", "message", "hint" } ] }
--
-- Columns are characters, from 1. What is not known is null. Fields may be added, not changed.

local json_fields = { "file", "line", "column", "end_column", "level", "rule", "message", "hint" }

local function as_json(result)
    local list = json.array({})
    for i, finding in ipairs(result.findings) do
        list[i] = {}
        for _, field in ipairs(json_fields) do
            list[i][field] = finding[field] == nil and json.null or finding[field]
        end
    end
    return json.encode({
        version = 1, files = result.files, errors = result.errors, warnings = result.warnings, findings = list,
    }, { indent = 2, invalid_utf8 = "replace" }) .. "\n"
end

-- Annotations and SARIF -----------------------------------------------------------------------------------------------

local function message_with(separator, finding)
    return finding.hint and finding.message .. separator .. finding.hint or finding.message
end

local function github(result)
    local lines = {}
    for i, finding in ipairs(result.findings) do
        lines[i] = github_actions.annotation(finding.level, {
            file = finding.file, line = finding.line, col = finding.column, endColumn = finding.end_column,
            title = finding.rule,
        }, message_with("\nhint: ", finding))
    end
    return table.concat(lines)
end

local function location(finding)
    local here, absolute = fs.cwd() .. "/", fs.absolute(finding.file)
    if absolute:sub(1, #here) == here then return sarif.location(absolute:sub(#here + 1), finding) end
    return { artifactLocation = { uri = "file://" .. sarif.uri(absolute) }, region = sarif.region(finding) }
end

local function as_sarif(result, options)
    local rules, results = {}, {}
    for i, kind in ipairs(options.kinds) do
        rules[i] = sarif.rule({
            id = kind.id, title = kind.says, help = kind.says .. " The result says what to do.", level = kind.level,
            tags = options.tags, properties = { precision = "high" },
        })
    end
    for i, finding in ipairs(result.findings) do
        results[i] = {
            ruleId = finding.rule, level = finding.level,
            message = { text = sarif.plain(message_with(": ", finding)) },
            locations = json.array({ { physicalLocation = location(finding) } }),
        }
    end
    return sarif.render({ command = options.command, category = options.category, rules = rules, results = results })
end

local renderers = { text = text, json = as_json, github = github, sarif = as_sarif }

--- The formats that `render` knows.
M.formats = { "text", "json", "sarif", "github" }

--- Findings in a format, for standard output: nothing in it is a command to the runner of GitHub Actions, but for what
--- the format `github` is made of.
---@param result lib.FindingsResult
---@param format string  one of `formats`
---@param options { what: string, command: string, category: string, kinds: lib.FindingKind[], tags: string[] }
---  what: one of the files ("rule file"); command, category, kinds, tags: for SARIF
---@return string
function M.render(result, format, options)
    local rendered = renderers[format](result, options)
    return format == "github" and rendered or github_actions.without_commands(rendered, format)
end

--- Puts findings in the order in which one reads files.
---@param list lib.Finding[]
function M.sort(list)
    local order = {}
    for i, finding in ipairs(list) do order[finding] = i end
    table.sort(list, function(a, b)
        if a.file ~= b.file then return a.file < b.file end
        if (a.line or 0) ~= (b.line or 0) then return (a.line or 0) < (b.line or 0) end
        if (a.column or 0) ~= (b.column or 0) then return (a.column or 0) < (b.column or 0) end
        return order[a] < order[b]
    end)
end

return M
