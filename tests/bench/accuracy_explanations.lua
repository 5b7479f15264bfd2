-- How often the explanation of a failed log (25 lines at most) overlaps the passage that a person marked as explaining
-- the failure. Peers: the last 25 lines of the log, and the first line that says "error" with twelve lines around it.
-- Logs of one project are alike, so the mean of the projects' shares is printed too, and even and odd logs apart.
--
-- The weights of the explanation were adjusted to these very logs, so its row flatters it. With the logs of each
-- language left out in turn while the weights were adjusted, 95 % (314 of 329) of the left out ones overlapped.
-- Prints rows of the bench's table: what, the share, the counts; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = ("%s/?.lua;%s/../../scripts/?.lua;%s"):format(here, here, package.path)
local explanation = require("lib.diagnose.explanation")
local labelled_logs = require("labelled_logs")
local passage_fit = require("passage_fit")

-- The explanation works without a reader that is missing.
local function reader(name)
    local ok, module = pcall(require, "lib.log_readers." .. name)
    return ok and module.read or function() return nil end
end

local read_tests, read_diagnostics = reader("tests"), reader("diagnostics")
local base = kb.load()
local errors = kb.compile({ { match = "error", flags = "i", keep = 1 } })

local ways = {
    explained = function(log, scan)
        return explanation.find(scan, log, log_text.structure(scan, log), read_tests(scan, log),
            read_diagnostics(scan, log), passage_fit.findings_of(scan))
    end,
    tail = function(_, scan) return { line_start = scan.lines - 24, line_end = scan.lines } end,
    first_error = function(log)
        local hit = errors:scan(log).hits[1]
        return hit and { line_start = hit.line_number - 12, line_end = hit.line_number + 12 }
    end,
}

local function new_count() return { found = 0, of = 0 } end
local counts, projects, lengths = {}, {}, 0
for way in pairs(ways) do counts[way], projects[way] = { all = new_count(), [0] = new_count(), new_count() }, {} end

local function add(count, holds)
    count.of = count.of + 1
    if holds then count.found = count.found + 1 end
end

local function measure(labelled)
    local row, log = labelled.row, log_text.open(labelled.path)
    local scan, project = base:scan(log), labelled_logs.project_of(log)
    for way, find in pairs(ways) do
        local found = find(log, scan)
        local holds = found ~= nil and found.line_start <= row.line_end and found.line_end >= row.line_start
        add(counts[way].all, holds)
        add(counts[way][labelled.number % 2], holds)
        projects[way][project] = projects[way][project] or new_count()
        add(projects[way][project], holds)
        if way == "explained" and found then lengths = lengths + found.line_end - found.line_start + 1 end
    end
    log:close()
end

local logs, folder = labelled_logs.of_kind("chunk")
for _, labelled in ipairs(logs) do
    -- Of a passage that was not found in the log again there are no lines.
    if type(labelled.row.line_start) == "number" then measure(labelled) end
end
if folder then folder:close() end

local function print_count(what, count, target) labelled_logs.print_share(what, count.found, count.of, target) end

if counts.explained.all.of > 0 then
    print_count("explanation overlaps the marked passage", counts.explained.all, "60 %")
    print_count("  even logs", counts.explained[0])
    print_count("  odd logs", counts.explained[1])
    print_count("  peer: the last 25 lines", counts.tail.all)
    print_count("  peer: around the first error", counts.first_error.all)
    for _, way in ipairs({ "explained", "tail" }) do
        local sum, count = 0, 0
        for _, each in pairs(projects[way]) do sum, count = sum + each.found / each.of, count + 1 end
        print(("  %s, mean of projects\t%.1f %%\t%d projects\t-\t-\t-"):format(
            way == "tail" and "peer: the last 25 lines" or "explanation", 100 * sum / count, count))
    end
    print(("  lines of an explanation\t%.1f\ton average\t-\t25\t-"):format(lengths / counts.explained.all.of))
end
