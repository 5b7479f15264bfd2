-- What a report is worth on logs of projects that had no part in fitting it: the weights of the passage are fitted anew
-- for each project (then for each language) without its logs. How often the passage overlaps what a person marked, how
-- often a cause is claimed, and is within three lines of the mark; which claims are wrong, by class and by pair.
--
-- Entries, readers and signals were written with the sample at hand, so these figures still flatter. Logs that ended
-- well are those of all kinds whose CI system says so. UHOST_BENCH_SHOW=1 lists misses and wrong claims on standard
-- error. Prints rows of the bench's table: what, the share, the counts; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = ("%s/?.lua;%s/../../scripts/?.lua;%s"):format(here, here, package.path)
local labelled_logs = require("labelled_logs")
local model = require("lib.diagnose.explanation_model")
local passage_fit = require("passage_fit")
local report = require("lib.diagnose.report")

local near = 3
local base = kb.load()
local options = { context = 0, store = false }
local show = os.getenv("UHOST_BENCH_SHOW")

local counts = {}
local function add(name, holds)
    local count = counts[name] or { found = 0, of = 0 }
    counts[name] = count
    count.of = count.of + 1
    if holds then count.found = count.found + 1 end
end

local function print_count(what, name, target)
    local count = counts[name] or { found = 0, of = 0 }
    labelled_logs.print_share(what, count.found, count.of, target)
end

local function list_miss(...)
    if show then io.stderr:write(table.concat({ ... }, " "), "\n") end
end

local function is_near(number, row) return number >= row.line_start - near and number <= row.line_end + near end

local function explained(labelled)
    local log = log_text.open(labelled.path)
    local result = report.of({ kind = "file", name = labelled.row.log, file = labelled.path }, log, base, options)
    log:close()
    return result
end

-- Wrong claims, by what was claimed and what stands at the mark.
local confusions = {}

local function judge_claim(result, row)
    local headline = result.headline
    local is_claimed = headline.kind == "cause"
    add("claimed", is_claimed)
    local possible = result.possible[1]
    if not is_claimed and possible then add("confidence low", is_near(possible.line_number, row)) end
    if headline.kind == "passage" and headline.line_number then add("line", is_near(headline.line_number, row)) end
    if not is_claimed then return end
    local lead, passage = result.findings[1], result.explanation
    local right = is_near(headline.line_number, row)
    add("right", right)
    add("class " .. lead.class, right)
    add("inside", headline.line_number >= passage.line_start - near and headline.line_number <= passage.line_end + near)
    if right then return end
    list_miss("wrong", row.log, lead.id, headline.line_number, lead.line:sub(1, 100))
    local at_mark = "nothing known"
    for _, finding in ipairs(result.possible) do
        if is_near(finding.line_number, row) then at_mark = finding.id end
    end
    local pair = ("%s for %s"):format(lead.id, at_mark)
    confusions[pair] = (confusions[pair] or 0) + 1
end

local function judge(result, row)
    local passage = result.explanation
    local overlaps = passage ~= nil and passage.line_start <= row.line_end and passage.line_end >= row.line_start
    add("overlap", overlaps)
    add("known", result.is_known)
    if not overlaps then
        list_miss("miss", row.log, row.line_start .. "-" .. row.line_end, "found", passage.line_start .. "-"
            .. passage.line_end)
    end
    judge_claim(result, row)
end

-- Fits without the logs of each group in turn; `visit` gets those logs while the weights are in place.
local function leaving_out(logs, names, key, start, visit)
    local groups = {}
    for _, log in ipairs(logs) do
        groups[log[key]] = groups[log[key]] or {}
        table.insert(groups[log[key]], log)
    end
    for _, name in ipairs(tables.sorted_keys(groups)) do
        local others = {}
        for _, log in ipairs(logs) do
            if log[key] ~= name then others[#others + 1] = log end
        end
        local quick = { ridge = passage_fit.options.ridge, place = passage_fit.options.place, rounds = 25 }
        model.weights = passage_fit.by_name(passage_fit.fit(others, names, quick, start), names)
        for _, log in ipairs(groups[name]) do visit(log) end
    end
end

local function judge_green()
    for _, kind in ipairs({ "chunk", "failed_tests" }) do
        local logs, folder = labelled_logs.of_kind(kind)
        for _, labelled in ipairs(logs) do
            local log = log_text.open(labelled.path)
            local structure = log_text.structure(base:scan(log), log)
            log:close()
            if structure.ended_well then
                local result = explained(labelled)
                add("green claims", result.headline.kind ~= "green")
            end
        end
        if folder then folder:close() end
    end
end

local shipped = model.weights
local logs, names, folder = passage_fit.read()
if #logs > 0 then
    local start = passage_fit.fit(logs, names)
    leaving_out(logs, names, "project", start, function(log) judge(explained(log.labelled), log.labelled.row) end)
    print_count("projects left out: the passage overlaps", "overlap", ">= 80 %")
    print_count("- the cause is known, or the failed tests", "known")
    print_count("- a cause is claimed", "claimed")
    print_count("- the claim is in the passage", "inside")
    print_count("- the claim is at the mark", "right", ">= 95 %")
    print_count("- where none is claimed, the first possible cause is", "confidence low")
    print_count("- where nothing is known, the line that leads is at the mark", "line")
    for _, name in ipairs(tables.sorted_keys(counts)) do
        local class = name:match("^class (.*)")
        if class then print_count("- of the class " .. class, name) end
    end
    for _, pair in ipairs(tables.sorted_keys(confusions)) do
        print(("- wrong: %s\t%d\tlogs\t-\t-\t-"):format(pair, confusions[pair]))
    end
    counts = {}
    leaving_out(logs, names, "language", start, function(log) judge(explained(log.labelled), log.labelled.row) end)
    print_count("languages left out: the passage overlaps", "overlap", ">= 80 %")
    print_count("- the claim is at the mark", "right", ">= 95 %")
    folder:close()
    model.weights = shipped
    judge_green()
    print_count("logs that ended well with a failure claimed", "green claims", "<= 2 %")
end
base:close()
