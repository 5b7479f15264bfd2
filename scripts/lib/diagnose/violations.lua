-- Warnings that are the cause. A warning, or a diagnostic without a severity, is no error where work continues after
-- it. But a step that failed with nothing else to show for it failed because of them: checkers report violations, and
-- stop.
local line_kinds = require("lib.diagnose.line_kinds")

local M = {}

-- So many lines may stand between the last violation and the end of the step: counts, and how to fix them.
local max_after = 30
-- Violations of one report stand no further apart, code that is quoted below them included.
local max_gap = 15

local function is_inside(focus, line) return line ~= nil and line > focus.after and line < focus.before end

local function has_error(focus, tests, diagnostics)
    for _, test in ipairs(tests and tests.all or {}) do
        if is_inside(focus, test.line_number) then return true end
    end
    for _, diagnostic in ipairs(diagnostics) do
        if diagnostic.severity == "error" and is_inside(focus, diagnostic.line_number) then return true end
    end
    return false
end

-- Whether the step works on something else after a line.
local function continues_after(line, focus, log)
    for _, text in ipairs(log:lines(line + 1, focus.before - 1)) do
        for _, kind in ipairs(line_kinds.of(text)) do
            if kind == "progress" or kind == "passing" then return true end
        end
    end
    return false
end

--- The first line of the violations that made a step fail; nil where something else did.
---@param log log_text.Log
---@param focus log_text.Focus?
---@param tests log_readers.Tests?
---@param diagnostics log_readers.Diagnostic[]
---@return integer?
function M.of(log, focus, tests, diagnostics)
    if not focus or not focus.certain or has_error(focus, tests, diagnostics) then return nil end
    local first
    for i = #diagnostics, 1, -1 do
        local line = diagnostics[i].file and diagnostics[i].line_number
        if is_inside(focus, line) then
            if not first and (focus.before - line > max_after or continues_after(line, focus, log)) then break end
            if first and first - line > max_gap then break end
            first = line
        end
    end
    return first
end

return M
