-- Reports in SARIF 2.1.0, for GitHub's code scanning and other viewers.
-- https://docs.oasis-open.org/sarif/sarif/v2.1.0/
local M = {}

--- What GitHub's code scanning takes: it refuses a file with more results.
M.max_results = 25000

--- A path from the repository's root as a relative URI (RFC 3986); file names are bytes.
---@param path string
---@return string
function M.uri(path)
    return (path:gsub("[^/]+", http.encode))
end

--- Text that stays text: SARIF takes [x](y) for a link and {0} for a placeholder.
---@param text string
---@return string
function M.plain(text)
    return (term.visible(text):gsub("%s+", " "):gsub("[\\%[%]]", "\\%0"):gsub("{(%d+)}", "{{%1}}"))
end

-- "OutOfSync" for "out_of_sync", "out-of-sync" and "out.of.sync".
local function pascal_case(id) return (("_" .. id:gsub("[^%w]", "_")):gsub("_+(%w?)", string.upper)) end

---@class lib.SarifRule
---@field id string
---@field title string  plain text
---@field text? string  what it means, plain text; default: the title
---@field help string
---@field help_uri? string
---@field level "error"|"warning"|"note"|"none"
---@field tags string[]
---@field properties? table

--- A kind of finding, for `rules` of `render`.
---@param rule lib.SarifRule
---@return table
function M.rule(rule)
    local properties = { tags = json.array(rule.tags) }
    for name, value in pairs(rule.properties or {}) do properties[name] = value end
    return {
        id = rule.id, name = pascal_case(rule.id), shortDescription = { text = rule.title },
        fullDescription = { text = rule.text or rule.title }, help = { text = rule.help }, helpUri = rule.help_uri,
        defaultConfiguration = { level = rule.level }, properties = properties,
    }
end

--- A place in a file of the repository.
---@param path string  from the repository's root
---@param place { line?: integer, column?: integer, end_column?: integer }  end_column: of the last character
---@return table physicalLocation
function M.location(path, place)
    return {
        artifactLocation = { uri = M.uri(path), uriBaseId = "%SRCROOT%" },
        region = M.region(place),
    }
end

---@param place { line?: integer, column?: integer, end_column?: integer }
---@return table
function M.region(place)
    return {
        startLine = math.max(1, place.line or 1), startColumn = place.column and math.max(1, place.column),
        -- SARIF's end is the first column that is not in it.
        endColumn = place.end_column and place.end_column + 1 or nil,
    }
end

local function invocation(left_out)
    local made = { executionSuccessful = true }
    if left_out > 0 then
        local text = ("%d more results are left out: a run has at most %d."):format(left_out, M.max_results)
        made.toolExecutionNotifications = json.array({ { level = "warning", message = { text = text } } })
    end
    return made
end

---@class lib.SarifRun
---@field command string  the tool: "uhost check"
---@field category string  keeps runs of one tool apart: "check/"
---@field root? string  what the repository's root is called
---@field rules table[]  of `rule`
---@field results table[]  SARIF results, without ruleIndex and kind; those over `max_results` are left out, and counted
---@field fields? table  more fields of the run

--- One run as a document, with a line feed at its end.
---@param run lib.SarifRun
---@return string
function M.render(run)
    local index, results = {}, json.array({})
    for i, rule in ipairs(run.rules) do index[rule.id] = i - 1 end
    for i, result in ipairs(run.results) do
        if i > M.max_results then break end
        result.ruleIndex, result.kind = index[result.ruleId], "fail"
        results[i] = result
    end
    local root = { description = { text = ("The root of %s."):format(run.root or "the repository") } }
    local made = {
        tool = {
            driver = { name = run.command, semanticVersion = uhost.version, rules = json.array(run.rules) },
        },
        automationDetails = { id = run.category }, columnKind = "unicodeCodePoints",
        invocations = json.array({ invocation(#run.results - #results) }),
        originalUriBaseIds = { ["%SRCROOT%"] = root }, results = results,
    }
    for name, value in pairs(run.fields or {}) do made[name] = value end
    local log = {
        ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json", version = "2.1.0", runs = json.array({ made }),
    }
    return json.encode(log, { indent = 2, invalid_utf8 = "replace" }) .. "\n"
end

return M
