-- Diagnostics of compilers, linters and scanners in a log: file, line, column, severity, message, code and tool.
--
-- The readers are data (`diagnostic_readers` in kb/diagnostics); what their fields mean is told in
-- kb/README.md. A reader of lines is driven by hits of its patterns, one for each diagnostic; a reader of documents by
-- the line where a JSON, XML or CSV document begins.
local lines = require("lib.log_readers.diagnostics.lines")
local overlap = require("lib.log_readers.diagnostics.overlap")

local M = {}

---@class Diagnostic
---@field line_number integer  of the log, where it begins
---@field file? string  with forward slashes
---@field line? integer  from 1
---@field column? integer
---@field severity "error"|"warning"|"note"
---@field message string
---@field code? string  the tool's name for this kind of diagnostic
---@field tool? string

-- The hits of each reader, in the order of their lines, and the readers in the order of their first hits.
local function by_reader(hits)
    local groups, order = {}, {}
    for _, hit in ipairs(hits) do
        local group = groups[hit.entry.id]
        if not group then
            group = { reader = hit.entry, hits = {} }
            groups[hit.entry.id] = group
            order[#order + 1] = group
        end
        table.insert(group.hits, hit)
    end
    return order
end

--- The diagnostics of a log, in its order, each once.
---@param scan { diagnostics: table[] }  what `base:scan(log)` gives
---@param log table  a `log_text.Log`, or what has its `lines`, `line`, `raw` and `count`
---@return Diagnostic[]
function M.read(scan, log)
    local found = {}
    for _, group in ipairs(by_reader(scan.diagnostics)) do
        local reading = group.reader.document and require("lib.log_readers.diagnostics.documents") or lines
        for _, issue in ipairs(reading.read(group.reader, group.hits, log)) do found[#found + 1] = issue end
    end
    return overlap.resolve(found)
end

return M
