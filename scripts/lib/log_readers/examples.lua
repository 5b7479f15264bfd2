-- What readers of logs make of their own examples, in the form in which they say it: `gives` beside `examples.matches`.
local diagnostics = require("lib.log_readers.diagnostics")
local tests = require("lib.log_readers.tests")

local M = {}

local function read(base, reader, text)
    local log = log_text.open({ text = text .. "\n", name = "example" })
    return task.finally(function() return reader.read(base:scan(log), log) end, function() log:close() end)
end

local function field(list, name)
    local values = {}
    for i, item in ipairs(list) do values[i] = item[name] end
    return values
end

--- Results of tests as readers write them: messages by their first line, "" for what is not there. `messages` and
--- `places`, of tests and suites in the order of their lines, are given where `like` has them.
---@param found log_readers.Tests?
---@param like table
---@return table?
function M.written_tests(found, like)
    if not found then return nil end
    local gives = { framework = found.framework, total = found.total, passed = found.passed, skipped = found.skipped,
        failed = field(found.failed, "name") }
    if #found.suites > 0 then gives.suites = field(found.suites, "name") end
    for _, key in ipairs({ "messages", "places" }) do gives[key] = like[key] and {} end
    for i, test in ipairs(found.all) do
        if gives.messages then gives.messages[i] = (test.message or ""):match("^[^\n]*") end
        if gives.places then gives.places[i] = test.file and ("%s:%s"):format(test.file, test.line) or "" end
    end
    return gives
end

--- A diagnostic as readers write it: "FILE:LINE:COLUMN: SEVERITY: MESSAGE [CODE] (TOOL)".
---@param issue log_readers.Diagnostic
---@return string
function M.written_diagnostic(issue)
    return ("%s:%s:%s: %s: %s%s%s"):format(issue.file or "-", issue.line or "-", issue.column or "-", issue.severity,
        (issue.message:gsub("\n", " ⏎ ")), issue.code and (" [%s]"):format(issue.code) or "",
        issue.tool and (" (%s)"):format(issue.tool) or "")
end

--- What a base reads out of a text about tests.
---@param base kb.Base
---@param text string
---@param like table  what is expected
---@return table?
function M.tests(base, text, like) return M.written_tests(read(base, tests, text), like) end

--- What a base reads out of a text about the code.
---@param base kb.Base
---@param text string
---@return string[]
function M.diagnostics(base, text)
    local list = {}
    for i, issue in ipairs(read(base, diagnostics, text)) do list[i] = M.written_diagnostic(issue) end
    return list
end

return M
