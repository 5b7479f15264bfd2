-- The report as SARIF 2.1.0, for GitHub's code scanning and other viewers: a rule for each verdict, a result for each
-- issue that needs attention.
local classify = require("lib.monthly_audit.classify")
local issues = require("lib.monthly_audit.issues")
local links = require("lib.monthly_audit.links")
local sections = require("lib.monthly_audit.sections")
local sarif = require("lib.sarif")

local M = {}

M.most_results = sarif.most_results
-- Of more locations code scanning shows only these.
local most_locations = 100

local levels = {
    out_of_sync = "warning", moved = "note", partial = "warning", back = "warning", unknown = "note", in_sync = "none",
}

local function rule(verdict)
    local title, meaning = sections.words(verdict)
    local sentence = meaning:gsub("^%l", string.upper) .. "."
    return {
        id = verdict, name = sarif.name(verdict),
        shortDescription = { text = "Crash tests and their issue: " .. title },
        fullDescription = { text = sentence },
        help = { text = sentence .. " The result says what to do about the issue." },
        defaultConfiguration = { level = levels[verdict] },
        properties = { tags = json.array({ "maintenance", "tests" }), precision = "high" },
    }
end

local function locations(verdict)
    local list = json.array({})
    for i, deletion in ipairs(verdict.files) do
        if i > most_locations then break end
        local how = ("deleted on %s in commit %s"):format(deletion.date:sub(1, 10), deletion.commit:sub(1, 9))
        if deletion.pr then how = ("%s, pull request #%d"):format(how, deletion.pr) end
        list[i] = {
            physicalLocation = {
                artifactLocation = { uri = sarif.uri(deletion.path), uriBaseId = "%SRCROOT%" },
                region = { startLine = 1 },
            },
            message = { text = sarif.plain(how) },
        }
    end
    return list
end

-- Says what a finding is about, and stays while that stays.
local function fingerprint(model, verdict)
    local repository, number = issues.parts(model.home, verdict.issue)
    return ("%s#%d:%s"):format(repository:lower(), number, verdict.verdict)
end

local function result(model, verdict, index)
    local title = verdict.title and verdict.title ~= "" and (" (%s)"):format(verdict.title) or ""
    local key = fingerprint(model, verdict)
    return {
        ruleId = verdict.verdict, ruleIndex = index, level = levels[verdict.verdict], kind = "fail",
        message = { text = sarif.plain(("%s%s: %s."):format(issues.text(verdict.issue), title, verdict.action)) },
        locations = locations(verdict),
        -- Code scanning knows its own name only; where it is missing, it reads the file, which is gone.
        partialFingerprints = { primaryLocationLineHash = key, ["issueVerdict/v1"] = key },
        workItemUris = json.array({ links.issue(model, verdict.issue) }),
        properties = { issue = verdict.issue, state = verdict.state, deletedFiles = #verdict.files },
    }
end

local function results(model)
    local list, index, left_out = json.array({}), {}, 0
    for i, verdict in ipairs(classify.order) do index[verdict] = i - 1 end
    for _, verdict in ipairs(model.verdicts) do
        if verdict.attention and #list < M.most_results then
            list[#list + 1] = result(model, verdict, index[verdict.verdict])
        elseif verdict.attention then
            left_out = left_out + 1
        end
    end
    return list, left_out
end

--- The report as SARIF, with a line feed at its end. The same findings give the same text but for the commit it is of.
---@param model monthly_audit.Model
---@return string
function M.render(model)
    local rules = json.array({})
    for i, verdict in ipairs(classify.order) do rules[i] = rule(verdict) end
    local list, left_out = results(model)
    local address = ("%s/%s"):format(model.site, model.home)
    local run = {
        tool = { driver = { name = "uhost monthly_audit", semanticVersion = uhost.version, rules = rules } },
        automationDetails = { id = ("monthly_audit/%s/"):format(model.path == "" and "." or model.path) },
        columnKind = "unicodeCodePoints", invocations = json.array({ sarif.invocation(left_out) }),
        originalUriBaseIds = { ["%SRCROOT%"] = { description = { text = "The root of " .. model.home .. "." } } },
        versionControlProvenance = json.array({ { repositoryUri = address, revisionId = model.tip } }),
        results = list,
    }
    return sarif.document(run)
end

return M
