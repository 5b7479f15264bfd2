-- The report as a document with the sections that maintainers expect: what Markdown and HTML are rendered from.
local counted = require("lib.counted")
local groups = require("lib.diagnose.groups")
local passage = require("lib.diagnose.passage")
local rich_text = require("lib.diagnose.rich_text")
local sections = require("lib.workflow_patch.sections")
local wording = require("lib.diagnose.wording")

local M = {}

local max_causes, max_tests, max_unknown, max_others = 5, 50, 12, 10
local max_line_bytes = 600

-- A line as it is shown: one that never ends is cut.
local function shown(line)
    if #line <= max_line_bytes then return line end
    local cut = line:sub(1, max_line_bytes):gsub("[\192-\255][\128-\191]*$", "")
    return cut .. " …"
end

local function shown_all(lines)
    local list = {}
    for i, line in ipairs(lines) do list[i] = shown(line) end
    return list
end

local function code(text) return { text = text, code = true } end

local function lines_of(text)
    local list = {}
    for line in (text .. "\n"):gmatch("(.-)\n") do list[#list + 1] = line end
    return list
end

local function add_segments(out, segments, marked)
    for _, segment in ipairs(segments) do
        out:code(shown_all(segment.lines), { first_line = segment.first_line, marked = marked })
    end
end

local function facts_of(report, finding)
    local job, step = wording.failing(report)
    if finding then job, step = finding.job or job, finding.step or step end
    local facts = {}
    facts[#facts + 1] = { "Failing job", job and code(job) or "not named in the log" }
    facts[#facts + 1] = { "Failing step", step and code(step) or "not named in the log" }
    if report.source.url then facts[#facts + 1] = { "Log", { text = report.name, url = report.source.url } } end
    return facts
end

local function add_cause(out, report, finding)
    local facts = facts_of(report, finding)
    facts[#facts + 1] = { "Log line", ("%d of %d"):format(finding.line_number, report.lines) }
    if finding.place then
        facts[#facts + 1] = { "In the repository", code(("%s:%d"):format(finding.place.file, finding.place.line)) }
    end
    facts[#facts + 1] = { "Classification",
        { { text = finding.class, strong = true }, ": ", wording.classes[finding.class] or "" } }
    facts[#facts + 1] = { "Recognised as", { code(finding.id), ", ", finding.title } }
    if finding.confidence then
        facts[#facts + 1] = { "Confidence", ("%s: %s"):format(finding.confidence, finding.confidence_why) }
    end
    if finding.times > 1 then facts[#facts + 1] = { "Matched", counted(finding.times, "time") } end
    out:facts(facts)
    out:code({ shown(finding.line) })
    out:text({ { text = "Root cause", strong = true }, ": ", finding.title .. "." })
    rich_text.add(out, finding.cause)
    if finding.why then out:text({ "Why this line: ", finding.why }) end
end

local function add_tests(out, report)
    local tests = report.tests
    if not tests or #tests.all == 0 then return end
    out:heading(wording.tests(tests), 3)
    local items = {}
    for i, test in ipairs(tests.all) do
        if i > max_tests then
            items[i] = ("and %d more"):format(#tests.all - max_tests)
            break
        end
        local content = { code(test.name) }
        if test.message and test.message ~= "" then content[2] = ": " .. shown((test.message:gsub("%s+", " "))) end
        content[#content + 1] = test.line_number and (" (line %d)"):format(test.line_number) or ""
        items[i] = content
    end
    out:list(items)
end

local function add_others(out, causes, symptoms)
    local items = {}
    local function add(finding, how)
        if #items >= max_others then return end
        items[#items + 1] = { ("Line %d: "):format(finding.line_number), code(finding.id), ", ", finding.title, how }
    end
    for i, cause in ipairs(causes) do
        if i > max_causes then add(cause.lead, "") end
        for _, other in ipairs(cause.again) do add(other, " (again)") end
        local from = (" (follows from line %d)"):format(cause.lead.line_number)
        for _, follow in ipairs(cause.follows) do add(follow, from) end
    end
    for _, symptom in ipairs(symptoms) do add(symptom, " (a symptom)") end
    if #items == 0 then return end
    out:heading("Also in the log", 3)
    out:list(items)
end

-- What matched but is not sure enough to be claimed.
local function add_possible(out, report)
    if #report.possible == 0 then return end
    local items = {}
    for i, finding in ipairs(report.possible) do
        if i > max_others then break end
        items[i] = { ("Line %d: "):format(finding.line_number), code(finding.id), ", ", finding.title }
    end
    out:heading(report.is_green and "Found on the way" or "Possible causes", 3)
    out:list(items)
end

-- What is known of a failure that no entry explains.
local function unknown_facts(report)
    local facts, explanation = facts_of(report), report.explanation
    local test = report.tests and report.tests.all[1]
    if test and test.line_number then
        facts[#facts + 1] = { "Log line", ("%d of %d"):format(test.line_number, report.lines) }
    elseif explanation then
        facts[#facts + 1] = { "Log line",
            ("%d to %d of %d"):format(explanation.line_start, explanation.line_end, report.lines) }
    end
    local class = { text = "unknown", strong = true }
    if report.is_known then class = { { text = "code bug", strong = true }, ": ", wording.headline(report) } end
    if not report.is_green then facts[#facts + 1] = { "Classification", class } end
    return facts
end

local function add_unknown(out, report)
    out:facts(unknown_facts(report))
    if report.lines == 0 or report.is_green then return out:text(wording.headline(report)) end
    if not report.is_known then
        local known = { text = #report.possible > 0 and "No known cause is sure enough." or "No known cause matched.",
            strong = true }
        out:text({ known, " What explains the failure, as far as is known:" })
    end
    add_segments(out, passage.whole(report.explanation, report.around))
    if #report.unknown == 0 then return end
    out:text("The most telling lines without a known meaning:")
    local lines = {}
    for i, each in ipairs(report.unknown) do
        if i > max_unknown then break end
        lines[i] = ("%6d | %s"):format(each.line_number, shown(each.line))
    end
    out:code(lines)
end

local function add_root_cause(out, report, causes, symptoms)
    if #causes == 0 then
        add_unknown(out, report)
    end
    for i, cause in ipairs(causes) do
        if i > max_causes then break end
        if #causes > 1 then out:heading(("%d. %s"):format(i, cause.lead.title), 3) end
        add_cause(out, report, cause.lead)
        local explanation = i == 1 and report.explanation or nil
        add_segments(out, passage.segments(explanation, cause.lead), cause.lead.line_number)
    end
    add_tests(out, report)
    add_others(out, causes, symptoms)
    add_possible(out, report)
end

local function add_fix(out, finding)
    rich_text.add(out, finding.fix)
    if #finding.commands > 0 then out:code(finding.commands, { language = "sh" }) end
    if finding.fixed_in then out:text({ "Fixed in ", code(finding.fixed_in), "." }) end
    if finding.owner then out:text({ "Who knows about it: ", code(finding.owner) }) end
    if #finding.docs > 0 then
        local links = {}
        for i, address in ipairs(finding.docs) do links[i] = { text = address, url = address } end
        out:list(links)
    end
end

local function add_changes(out, report, causes)
    for i, cause in ipairs(causes) do
        if i > max_causes then break end
        if #causes > 1 then out:heading(("%d. %s"):format(i, cause.lead.title), 3) end
        add_fix(out, cause.lead)
    end
    if #causes > 0 then return end
    if report.tests and #report.tests.all > 0 then
        out:text("Fix the code or the expectation of the failed tests above; their messages say what was expected.")
    elseif report.is_green then
        out:text("None.")
    elseif report.is_known then
        out:text("Fix what the messages above point to.")
    else
        out:text({ "None yet. To teach it to the knowledge base, edit the draft that ", code(wording.learn(report)),
            " writes." })
    end
end

local function add_patches(out, report, causes, title)
    local has_heading = sections.add_patch(out, report, title)
    if has_heading then return end
    for i, cause in ipairs(causes) do
        local patch = cause.lead.patch
        if patch and i <= max_causes then
            if not has_heading then out:heading(title("YAML Patch")) end
            has_heading = true
            rich_text.add(out, patch.description)
            if patch.file then out:text({ "In ", code(patch.file), ":" }) end
            out:code(lines_of((patch.yaml:gsub("\n$", ""))), { language = "yaml" })
        end
    end
end

local function add_same(out, group)
    if #group.same == 0 then return end
    local items = {}
    for i, report in ipairs(group.same) do
        local lead = report.findings[1]
        local line = lead and (", line %d"):format(lead.line_number) or ""
        items[i] = { { text = report.name, url = report.source.url }, line }
    end
    out:text(("For the same reason failed %s:"):format(counted(#items, "more log")))
    out:list(items)
end

local function add_comparison(out, report, title)
    if not report.comparison then return end
    out:heading(title("Compared with a green run"))
    require("lib.log_comparison").add(out, report.comparison)
end

local function joined(list, more)
    for _, item in ipairs(more) do list[#list + 1] = item end
    return list
end

local function add_group(out, group, title)
    local report = group.report
    local causes, symptoms = wording.causes(report)
    out:heading(title("Root Cause Analysis"))
    add_root_cause(out, report, causes, symptoms)
    add_same(out, group)
    out:heading(title("Proposed Changes"))
    add_changes(out, report, causes)
    sections.add_changes(out, report)
    out:heading(title("What is NOT changed"))
    out:list(joined(sections.unchanged(report), wording.unchanged(report)))
    add_patches(out, report, causes, title)
    out:heading(title("Verification Steps"))
    out:list(joined(sections.verification(report), wording.verification(report)), { ordered = true })
    add_comparison(out, report, title)
end

local function title_of(list)
    if #list == 1 and #list[1].same == 0 then return "Diagnosis of " .. list[1].report.name end
    local logs = 0
    for _, group in ipairs(list) do logs = logs + 1 + #group.same end
    return ("Diagnosis of %d logs"):format(logs)
end

--- The whole report, or its first groups.
---@param result diagnose.Result
---@param max_groups integer?
---@return report.Report
function M.whole(result, max_groups)
    local list = groups.of(result.reports)
    local out = report.new{ title = title_of(list) }
    if result.nothing then return out:text(result.nothing) end
    for i, group in ipairs(list) do
        if max_groups and i > max_groups then
            return out:text(("Left out, because the whole report is too long for this place: %s."):format(
                counted(#list - max_groups, "other cause")))
        end
        local suffix = #list > 1 and (" (%d of %d: %s)"):format(i, #list, group.report.name) or ""
        add_group(out, group, function(name) return name .. suffix end)
    end
    return out
end

--- Markdown that is no longer than `limit_bytes`, with as many causes as fit; nil when none does.
---@param result diagnose.Result
---@param limit_bytes integer
---@return string?
function M.fitting(result, limit_bytes)
    local count = #groups.of(result.reports)
    local most
    repeat
        local text = M.whole(result, most):render("markdown")
        if #text <= limit_bytes then return text end
        most = math.floor((most or count) / 2)
    until most < 1
end

return M
