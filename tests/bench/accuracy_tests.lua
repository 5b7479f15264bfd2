-- Which failed tests of labelled logs the readers name, and how many tests ran. A label's counts are those of one of a
-- log's tools; what ran is counted without skipped tests where the tool counts them apart.
-- Prints rows of the bench's table: what, the share, the counts; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = ("%s/?.lua;%s/../../scripts/?.lua;%s"):format(here, here, package.path)
local labelled_logs = require("labelled_logs")
local test_names = require("test_names")
local tests = require("lib.log_readers.tests")

-- Only the files with readers of tests: the others' patterns only take time.
local function reader_files()
    return { fs.join(here, "../../kb/test_readers") }
end

local base = kb.load({ paths = reader_files() })
local totals = { logs = 0, named = 0, exact = 0, even = 0, even_named = 0, green = 0, quiet = 0 }
local counts = { logs = 0, total = 0, failed = 0, skipped = 0 }

local function add(into, name, holds) into[name] = into[name] + (holds and 1 or 0) end

-- The names that a label gives: separated by #, or a list. `contains:` gives only some of them.
local function expected_names(expect)
    local names = {}
    local some = expect["contains:tr_log_tests_failed"]
    for _, given in ipairs({ expect.tr_t_failed or "", some or "" }) do
        if type(given) == "table" then
            for _, name in ipairs(given) do names[#names + 1] = name end
        else
            for name in given:gmatch("[^#]+") do names[#names + 1] = name end
        end
    end
    return names, some == nil
end

local function check_names(log, read)
    local expected, all = expected_names(log.expect)
    if #expected == 0 then return end
    local names = {}
    for i, test in ipairs(read.failed) do names[i] = test.name end
    local missing = test_names.missing(expected, names)
    add(totals, "logs", true)
    add(totals, "named", #missing == 0)
    add(totals, "exact", #missing == 0 and (not all or #test_names.missing(names, expected) == 0))
    add(totals, "even", log.number % 2 == 0)
    add(totals, "even_named", log.number % 2 == 0 and #missing == 0)
end

local function check_counts(expect, read)
    if type(expect.num_t_run) ~= "number" then return end
    add(counts, "logs", true)
    add(counts, "total", (read.total or 0) == expect.num_t_run)
    add(counts, "failed", (read.failures or #read.failed) == expect.num_t_failed)
    add(counts, "skipped", type(expect.num_t_skipped) ~= "number" or (read.skipped or 0) == expect.num_t_skipped)
    if expect.num_t_run > 0 and expect.num_t_failed == 0 then
        add(totals, "green", true)
        add(totals, "quiet", #read.failed == 0)
    end
end

local logs, folder = labelled_logs.of_kind("failed_tests")
for _, each in ipairs(logs) do
    local log = log_text.open(each.path)
    local read = tests.read(base:scan(log), log) or { failed = {} }
    log:close()
    check_names(each, read)
    check_counts(each.expect, read)
end
base:close()
if folder then
    folder:close()
    local print_share = labelled_logs.print_share
    print_share("logs with every failed test named", totals.named, totals.logs, ">= 90 %")
    print_share("- of them, logs with even numbers", totals.even_named, totals.even)
    print_share("- and nothing else named", totals.exact, totals.logs)
    print_share("logs where all passed, with none named", totals.quiet, totals.green)
    print_share("logs with the tests that ran counted", counts.total, counts.logs)
    print_share("- with those that failed", counts.failed, counts.logs)
    print_share("- with those that were skipped", counts.skipped, counts.logs)
end
