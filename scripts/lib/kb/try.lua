-- `uhost kb try LOG`
local items = require("lib.kb.items")
local logs = require("lib.kb.logs")

local M = {}

local shown = items.shown

-- Entries that match and give no finding: their `when` said no, or failed.
local function declined(base, scan, report)
    local given, list = {}, {}
    for _, finding in ipairs(report.findings) do given[finding.id] = true end
    for _, hit in ipairs(scan.entries) do
        local id = hit.entry.id
        if not given[id] then
            given[id] = true
            if base:finding(hit, {}) == nil then
                list[#list + 1] = { id = id, line_number = hit.line_number, line = hit.line }
            end
        end
    end
    return list
end

local function readers_of(scan)
    local list, seen = {}, {}
    for _, kind in ipairs({ "tests", "diagnostics", "signals" }) do
        for _, hit in ipairs(scan[kind]) do
            local id = hit.entry.id
            if not seen[id] then
                seen[id] = { id = id, kind = kind, hits = scan.counts[id], line_number = hit.line_number }
                list[#list + 1] = seen[id]
            end
        end
    end
    return list
end

local function look(options, base)
    return logs.with(options.log, function(opened, source)
        local counts, total = require("uhost.kb.history").counts()
        local report = require("lib.diagnose.report").of(source, opened, base, { context = 0 },
            { counts = counts, logs = total })
        local scan = base:scan(opened)
        -- An entry is tried here: whether its finding is sure enough to be claimed matters to `diagnose` alone.
        for _, finding in ipairs(report.possible) do table.insert(report.findings, finding) end
        return {
            name = source.name, lines = report.lines, report = report, declined = declined(base, scan, report),
            readers = readers_of(scan),
        }
    end)
end

local function place_of(finding)
    local parts = { ("line %d"):format(finding.line_number) }
    if finding.job and finding.job ~= "" then parts[#parts + 1] = shown(finding.job) end
    if finding.step and finding.step ~= "" then parts[#parts + 1] = shown(finding.step) end
    return table.concat(parts, ", ")
end

local function cut(text) return term.truncate(shown(text), math.max(40, term.width() - 4)) end

local function write_findings(result)
    for position, finding in ipairs(result.report.findings) do
        print(("%d. %s  %s"):format(position, term.style(shown(finding.id), "bold"), shown(finding.title)))
        print("   " .. cut(finding.line))
        local often = finding.times and finding.times > 1 and (", matches %d times"):format(finding.times) or ""
        print(("   %s; %s, priority %d%s"):format(place_of(finding), finding.class, finding.priority, often))
        if finding.why and finding.why ~= "" then print("   why here: " .. shown(finding.why)) end
    end
    if result.report.left_out > 0 then print(("… and %d further findings"):format(result.report.left_out)) end
end

local function write_text(result)
    if #result.report.findings == 0 then
        print(("no entry matches in the %d lines of %s"):format(result.lines, shown(result.name)))
        print("`uhost kb learn` writes a draft of one")
    end
    write_findings(result)
    if #result.declined > 0 then print("\nmatch, but `when` says that they do not count:") end
    for _, each in ipairs(result.declined) do
        print(("  %s, line %d: %s"):format(shown(each.id), each.line_number, cut(each.line)))
    end
    if #result.readers == 0 then return end
    print("\nreaders and signals that match:")
    for _, each in ipairs(result.readers) do
        print(("  %s (%s): %d times, first in line %d"):format(shown(each.id), each.kind, each.hits, each.line_number))
    end
end

local function write_json(result)
    local findings = json.array({})
    for i, finding in ipairs(result.report.findings) do
        findings[i] = {
            id = finding.id, title = finding.title, class = finding.class, severity = finding.severity,
            priority = finding.priority, line_number = finding.line_number, line = finding.line,
            captures = items.captures(finding.captures), times = finding.times, why = finding.why,
            job = finding.job or json.null, step = finding.step or json.null, file = finding.file,
        }
    end
    items.write_json({
        log = result.name, lines = result.lines, findings = findings, declined = json.array(result.declined),
        readers = json.array(result.readers), left_out = result.report.left_out,
    })
end

---@param options table
---@param base kb.Base
---@return integer
function M.run(options, base)
    local result = look(options, base)
    if options.format == "json" then write_json(result) else write_text(result) end
    return #result.report.findings > 0 and 0 or 1
end

return M
