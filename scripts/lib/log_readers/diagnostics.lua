-- Diagnostics of compilers, linters and scanners in a log: file, line, column, severity, message, code and tool.
--
-- The readers are data (`diagnostic_readers` in kb/diagnostics); what their fields mean is described in
-- kb/README.md. A reader of lines is driven by hits of its patterns, one for each diagnostic; a reader of documents by
-- the line where a JSON, XML or CSV document begins.
local lines = require("lib.log_readers.diagnostics.lines")

local M = {}

local function better(left, right)
    if left.specificity ~= right.specificity then return left.specificity > right.specificity end
    if left.line_number ~= right.line_number then return left.line_number < right.line_number end
    if left.last_line ~= right.last_line then return left.last_line > right.last_line end
    return left.order < right.order
end

-- What makes two diagnostics the same. A report does not repeat itself.
local function key(issue)
    return table.concat({ issue.file or "", issue.line or "", issue.column or "", issue.severity, issue.code or "",
        issue.message, issue.is_of_report and issue.order or "" }, "\0")
end

-- Takes the lines of an issue unless another reader has its first.
local function claim(owners, issue)
    local owner = owners[issue.line_number]
    if owner and owner ~= issue.reader then return false end
    for line_number = issue.line_number, issue.last_line do
        owners[line_number] = owners[line_number] or issue.reader
    end
    return true
end

--- Of the diagnostics that several readers found on the same line those of the most specific reader, in the order of
--- the log. A diagnostic that is printed again counts once.
---@param found table[]
---@return table[]
local function without_overlaps(found)
    for order, issue in ipairs(found) do issue.order = order end
    table.sort(found, better)
    local owners, kept, seen = {}, {}, {}
    for _, issue in ipairs(found) do
        if claim(owners, issue) and not issue.drop then kept[#kept + 1] = issue end
    end
    table.sort(kept, function(left, right)
        if left.line_number ~= right.line_number then return left.line_number < right.line_number end
        return left.order < right.order
    end)
    local unique = {}
    for _, issue in ipairs(kept) do
        local same = key(issue)
        if not seen[same] then
            seen[same] = true
            issue.order, issue.specificity, issue.reader, issue.last_line = nil, nil, nil, nil
            issue.is_of_report = nil
            unique[#unique + 1] = issue
        end
    end
    return unique
end

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
    local found, pieces = {}, nil
    local function read(reader, hits)
        if not reader.document then return lines.read(reader, hits, log) end
        pieces = pieces or require("lib.log_readers.diagnostics.pieces").of(log)
        return require("lib.log_readers.diagnostics.documents").read(reader, hits, pieces)
    end
    for _, group in ipairs(by_reader(scan.diagnostics)) do
        for _, issue in ipairs(read(group.reader, group.hits)) do found[#found + 1] = issue end
    end
    return without_overlaps(found)
end

return M
