-- Which diagnostics of labelled logs the readers find: file and line, the message, both, and logs where all are
-- found and nothing else. A label says some fields of some issues, and how many there are. The same by the shapes and
-- reports that tools share: what is read of a tool that no reader knows.
-- Prints rows of the bench's table: what, the share, the counts; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = ("%s/?.lua;%s/../../scripts/?.lua;%s"):format(here, here, package.path)
local diagnostics = require("lib.log_readers.diagnostics")
local labelled_logs = require("labelled_logs")

local function known(value)
    return value ~= nil and value ~= json.null and value ~= "" and value ~= "-"
end

local function words(text)
    return (text:lower():gsub("[^%w]+", " "):gsub("^ ", ""):gsub(" $", ""))
end

-- Whether a path is another, or its end.
local function same_file(found, expected)
    if not known(expected) then return true end
    if not found then return false end
    expected = expected:gsub("\\", "/"):gsub("^%./", "")
    found = found:gsub("^%./", "")
    return found == expected or found:sub(-#expected - 1) == "/" .. expected
end

local function same_place(found, expected)
    local line = known(expected.line) and expected.line ~= 0 and expected.line or nil
    return same_file(found.file, expected.file) and (not line or found.line == line)
end

-- Labels leave out codes and the like, and have defaults of their own; most of a message has to be the same.
local function same_message(found, expected)
    if not known(expected.message) then return true end
    local ours, theirs = words(found.message), words(expected.message)
    return ours:find(theirs, 1, true) ~= nil or #ours > #theirs / 2 and theirs:find(ours, 1, true) ~= nil
end

local function any(list, test)
    for _, item in ipairs(list) do
        if test(item) then return true end
    end
    return false
end

local function measure(logs, base)
    local totals = { issues = 0, place = 0, message = 0, both = 0, logs = 0, complete = 0 }
    local function add(name, holds) totals[name] = totals[name] + (holds and 1 or 0) end
    for _, labelled in ipairs(logs) do
        local log = log_text.open(labelled.path)
        local found = diagnostics.read(base:scan(log), log)
        log:close()
        local complete = not known(labelled.row.n_issues) or labelled.row.n_issues == #found
        for _, expected in ipairs(labelled.row.issues) do
            local both = any(found, function(issue)
                return same_place(issue, expected) and same_message(issue, expected)
            end)
            add("issues", true)
            add("place", any(found, function(issue) return same_place(issue, expected) end))
            add("message", any(found, function(issue) return same_message(issue, expected) end))
            add("both", both)
            complete = complete and both
        end
        add("logs", true)
        add("complete", complete)
        if os.getenv("UHOST_BENCH_DETAILS") and not complete then
            io.stderr:write(("%s (%s): %d found\n"):format(labelled.row.log, labelled.row.tool, #found))
        end
    end
    base:close()
    return totals
end

local function print_totals(what, totals)
    labelled_logs.print_share(what .. ": file and line", totals.place, totals.issues)
    labelled_logs.print_share(what .. ": message", totals.message, totals.issues)
    labelled_logs.print_share(what .. ": both", totals.both, totals.issues)
    labelled_logs.print_share(what .. ": whole logs", totals.complete, totals.logs)
end

local function shared_files()
    local list = {}
    for i, name in ipairs({ "shapes", "plain_shapes", "reports" }) do
        list[i] = fs.join(here, "../../kb/diagnostics", name .. ".lua")
    end
    return list
end

local logs, folder = labelled_logs.of_kind("diagnostics")
if #logs > 0 then
    print_totals("diagnostics", measure(logs, kb.load()))
    print_totals("diagnostics, of unknown tools", measure(logs, kb.load({ paths = shared_files() })))
    folder:close()
end
