-- Failures of policies for those who write them: the place, what is wrong, the line with a caret, and what to do.
local blame = require("lib.check.blame")
local code_frame = require("lib.code_frame")
local loading = require("lib.check.loading")
local source = require("lib.check.source")

local M = {}

local function frame(raised, message)
    local read = raised.details.file and raised.details.line and source.read(raised.details.file)
    if not read then return nil end
    local failure = { message = message, line = raised.details.line }
    local place = raised.kind == "policy.syntax" and blame.syntax(read, failure) or blame.failure(read, failure)
    return place, code_frame.render(read.lines[place.line], place)
end

--- Shows an error of a policy and gives the exit code; raises any other anew.
---@param raised any
---@return integer
function M.report(raised)
    if not uhost.is_error(raised) or not raised.kind:find("^policy%.") or not raised.details.file then
        error(raised, 0)
    end
    local message = loading.cause(raised)
    local place, lines = frame(raised, message)
    local where = place and ("%s:%d:%d"):format(raised.details.file, place.line, place.column) or raised.details.file
    local called = raised.details["function"]
    io.stderr:write(("%s: %s: %s%s\n"):format(term.style(term.visible(where), "bold", "stderr"),
        term.style("error", "bold red", "stderr"), term.visible(message),
        called and raised.kind ~= "policy.no_function" and (" (in '%s')"):format(term.visible(called)) or ""))
    if lines then io.stderr:write(lines) end
    if raised.hint then io.stderr:write(("  hint: %s\n"):format(term.visible(raised.hint))) end
    return 2
end

return M
