-- Whether the finding that leads a report is the right one to lead with: how often it lies in the passage that explains
-- the failure, and in what a person marked, or within three lines of it; and how often a cause is claimed of a log that
-- ended well.
--
-- Logs of one project are alike, so the mean of the projects' shares and the worst project are told too. Nothing in the
-- ranking of findings was fitted to these logs; the weights of the passage were, see accuracy_explanations.lua.
-- Prints rows of the bench's table: what, the share, the counts; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = ("%s/?.lua;%s/../../scripts/?.lua;%s"):format(here, here, package.path)
local labelled_logs = require("labelled_logs")
local report = require("lib.diagnose.report")

local near = 3
local base = kb.load()
local options = { context = 0, store = false }

local function is_near(number, first, last) return number >= first - near and number <= last + near end

local counts = {
    claimed = { found = 0, of = 0 }, inside = { found = 0, of = 0 }, right = { found = 0, of = 0 },
    right_inside = { found = 0, of = 0 }, right_outside = { found = 0, of = 0 }, green = { found = 0, of = 0 },
}
local projects = {}

local function add(count, holds)
    count.of = count.of + 1
    if holds then count.found = count.found + 1 end
end

-- The first finding that is more than a symptom, if the report leads with it.
local function lead_of(result)
    for _, cause in ipairs(result.causes) do
        if not cause.lead.is_symptom then return cause.lead end
    end
end

local function measure(labelled)
    local row, log = labelled.row, log_text.open(labelled.path)
    local result = report.of({ kind = "file", name = row.log, file = labelled.path }, log, base, options)
    local project = labelled_logs.project_of(log)
    log:close()
    local lead, passage = lead_of(result), result.explanation
    if result.structure.exit_code == 0 then return add(counts.green, lead ~= nil) end
    add(counts.claimed, lead ~= nil)
    if not lead then return end
    local inside = passage ~= nil and is_near(lead.line_number, passage.line_start, passage.line_end)
    local right = is_near(lead.line_number, row.line_start, row.line_end)
    add(counts.inside, inside)
    add(counts.right, right)
    add(inside and counts.right_inside or counts.right_outside, right)
    projects[project] = projects[project] or { found = 0, of = 0 }
    add(projects[project], right)
end

local logs, folder = labelled_logs.of_kind("chunk")
for _, labelled in ipairs(logs) do
    if type(labelled.row.line_start) == "number" then measure(labelled) end
end
if folder then folder:close() end

local function print_count(what, count, target) labelled_logs.print_share(what, count.found, count.of, target) end

if counts.claimed.of > 0 then
    print_count("logs of failures with a cause claimed", counts.claimed)
    print_count("  the leading finding is in the passage", counts.inside)
    print_count("  the leading finding is at the mark", counts.right)
    print_count("    of those in the passage", counts.right_inside)
    print_count("    of those elsewhere", counts.right_outside)
    print_count("logs that ended well with a cause claimed", counts.green, "2 %")
    local sum, count, worst, worst_name = 0, 0, 1, "-"
    for name, each in pairs(projects) do
        local share = each.found / each.of
        sum, count = sum + share, count + 1
        if share < worst then worst, worst_name = share, name end
    end
    print(("  at the mark, mean of projects\t%.1f %%\t%d projects\t-\t-\t-"):format(100 * sum / count, count))
    print(("  at the mark, worst project\t%.1f %%\t%s\t-\t-\t-"):format(100 * worst, worst_name))
end
