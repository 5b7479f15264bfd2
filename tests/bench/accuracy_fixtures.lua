-- How often the first finding (top-1), or one of the first three (top-3), is the entry that explains a log of
-- tests/fixtures/logs, and how often the explanation overlaps the passage marked there; also of how many logs without a
-- known cause none is claimed. Misses are listed on standard error.
-- Prints rows of the bench's table: what, the share, the counts; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = ("%s/?.lua;%s/../../scripts/?.lua;%s"):format(here, here, package.path)
local labelled_logs = require("labelled_logs")
local report = require("lib.diagnose.report")

local logs_folder = fs.join(here, "../fixtures/logs")
local options = { context = 3, store = false }
local base = kb.load()

local function known(value) return value ~= nil and value ~= json.null end

local function labels()
    local list = {}
    for _, name in ipairs(fs.list(logs_folder)) do
        if name:find("^labels_.*%.jsonl$") then
            for line in fs.lines(fs.join(logs_folder, name)) do list[#list + 1] = json.decode(line) end
        end
    end
    return list
end

local function explained(name)
    local file = fs.join(logs_folder, name)
    local opened = log_text.open(file)
    local result = report.of({ kind = "file", name = name, file = file }, opened, base, options)
    opened:close()
    return result
end

-- A label names the entry, or several that say the same.
local function is_right(label, id)
    if type(label.entry) ~= "table" then return label.entry == id end
    for _, entry in ipairs(label.entry) do
        if entry == id then return true end
    end
    return false
end

-- The place of the right entry among the findings that differ; nil when it is not there.
local function place_of(label, findings)
    local seen, place = {}, 0
    for _, finding in ipairs(findings) do
        if not seen[finding.id] then
            seen[finding.id], place = true, place + 1
            if is_right(label, finding.id) then return place end
        end
    end
end

local function overlaps(label, explanation)
    return explanation ~= nil and explanation.line_start <= label.line_end and explanation.line_end >= label.line_start
end

local counts = { logs = 0, first = 0, three = 0, passages = 0, overlap = 0, unknown = 0, unclaimed = 0 }

local function add(name, holds) counts[name] = counts[name] + (holds and 1 or 0) end

local function miss(label, result, place)
    local first = result.findings[1]
    local marked = known(label.line_start) and ("%d-%d"):format(label.line_start, label.line_end) or "-"
    io.stderr:write(("%s: marked %s at %s, found %s, right one %s, passage %s\n"):format(label.log,
        tostring(known(label.entry) and label.entry or "none"), marked,
        first and ("%s at %d"):format(first.id, first.line_number) or "nothing", place or "absent",
        result.explanation and ("%d-%d"):format(result.explanation.line_start, result.explanation.line_end) or "-"))
end

for _, label in ipairs(labels()) do
    local result = explained(label.log)
    local place = known(label.entry) and place_of(label, result.findings) or nil
    local fits = not known(label.line_start) or overlaps(label, result.explanation)
    if known(label.entry) then
        add("logs", true)
        add("first", place == 1)
        add("three", place ~= nil and place <= 3)
    else
        add("unknown", true)
        add("unclaimed", not result.is_known or result.is_green)
    end
    add("passages", known(label.line_start))
    add("overlap", known(label.line_start) and fits)
    local as_labelled = not result.is_known or result.is_green
    if known(label.entry) then as_labelled = place == 1 end
    if not (as_labelled and fits) then miss(label, result, place) end
end

labelled_logs.print_share("accuracy: the first finding is the cause", counts.first, counts.logs)
labelled_logs.print_share("accuracy: one of the first three is", counts.three, counts.logs)
labelled_logs.print_share("accuracy: the explanation overlaps (fixtures)", counts.overlap, counts.passages)
labelled_logs.print_share("accuracy: no cause is claimed where none is known", counts.unclaimed, counts.unknown)
