-- Findings for people: the place, what is wrong, the line with a caret, and what to do.
local code_frame = require("lib.code_frame")

local M = {}

local styles = { error = "bold red", warning = "bold yellow" }

local function place(finding)
    local parts = { term.visible(finding.file) }
    parts[#parts + 1] = finding.line
    parts[#parts + 1] = finding.column
    return table.concat(parts, ":")
end

local function block(finding)
    local level = term.style(finding.level, styles[finding.level])
    local message = term.visible(finding.message)
    local lines = { ("%s: %s: %s [%s]\n"):format(term.style(place(finding), "bold"), level, message, finding.rule) }
    if finding.text and finding.text:find("%S") then lines[#lines + 1] = code_frame.render(finding.text, finding) end
    if finding.hint then lines[#lines + 1] = ("  hint: %s\n"):format(term.visible(finding.hint)) end
    return table.concat(lines)
end

local function counted(count, what) return ("%d %s%s"):format(count, what, count == 1 and "" or "s") end

---@param result check.Result
---@return string
function M.render(result)
    local blocks = {}
    for _, finding in ipairs(result.findings) do blocks[#blocks + 1] = block(finding) end
    local summary = ("%s: %s, %s\n"):format(counted(result.files, "rule file"), counted(result.errors, "error"),
        counted(result.warnings, "warning"))
    if result.errors + result.warnings == 0 then
        summary = counted(result.files, "rule file") .. (result.files == 1 and " is" or " are") .. " fine\n"
    end
    blocks[#blocks + 1] = summary
    return table.concat(blocks, "\n")
end

return M
