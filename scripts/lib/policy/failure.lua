-- Failures of policies as those who write them read them: the place, what is wrong, the line with a caret, what to do.
local loading = require("lib.check.loading")
local render = require("lib.findings.render")
local source = require("lib.check.source")

local M = {}

local function finding_of(raised)
    local message, called = loading.cause(raised), raised.details["function"]
    local shown = called and raised.kind ~= "policy.no_function" and ("%s (in '%s')"):format(message, called) or message
    local finding = { file = raised.details.path, level = "error", message = shown, hint = raised.hint }
    local read = raised.details.line and source.read(raised.details.path)
    if not read then return finding end
    local failure = { message = message, line = raised.details.line }
    local place = raised.kind == "policy.syntax" and read:place_of_syntax_error(failure)
        or read:place_of_failure(failure)
    finding.line, finding.column, finding.end_column = place.line, place.column, place.end_column
    finding.text = read.lines[place.line]
    return finding
end

--- Shows an error of a policy with its place and gives the exit code; raises any other anew.
---@param raised any
---@return integer
function M.report(raised)
    if not uhost.is_error(raised) or not raised.kind:find("^policy%.") or not raised.details.path then
        error(raised, 0)
    end
    io.stderr:write(render.block(finding_of(raised), "stderr"))
    return 2
end

return M
