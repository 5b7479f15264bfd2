-- `uhost upstream history` and `report`: how the syncs of a fork went.
local command_line = require("lib.command_line")
local statistics = require("lib.upstream.statistics")
local syncs = require("lib.upstream.syncs")

local M = {}

local formats = { "text", "markdown", "json", "html" }
local max_syncs = 1000

local function whole(text)
    local count = text:match("^%d+$") and tonumber(text)
    if not count or count < 1 or count > max_syncs then
        return nil, ("--last takes a whole number from 1 to %d, not '%s'"):format(max_syncs, text)
    end
    return count
end

local function last_syncs(project, options)
    return syncs.list(project.store, project.name, project.fork, options.last or 20)
end

local function duration_of(sync)
    if not sync.completed_at then return nil end
    return time.human(time.parse(sync.completed_at) - time.parse(sync.started_at))
end

local function conflicts_of(sync)
    if sync.conflicts_count == 0 then return "none" end
    return ("%d, %d by hand"):format(sync.conflicts_count, sync.conflicts_manual_resolved)
end

local function tests_of(sync)
    if not sync.tests_passed then return "" end
    return ("%d passed, %d failed"):format(sync.tests_passed, sync.tests_failed or 0)
end

local function add_syncs(out, list)
    local rows = {}
    for i, sync in ipairs(list) do
        rows[i] = {
            id = sync.id, from = sync.from_version or "", to = sync.to_version, started = sync.started_at,
            took = duration_of(sync) or "", status = sync.status:gsub("_", " "), conflicts = conflicts_of(sync),
            tests = tests_of(sync),
        }
    end
    out:table({
        columns = { { key = "id", title = "ID" }, { key = "from", title = "From" }, { key = "to", title = "To" },
            { key = "started", title = "Began" }, { key = "took", title = "Took" },
            { key = "status", title = "Outcome" }, { key = "conflicts", title = "Conflicts" },
            { key = "tests", title = "Tests" } },
        rows = rows, empty = "There was no sync yet.",
    })
end

local function add_resolutions(out, project, sync)
    local rows = {}
    for i, resolution in ipairs(syncs.resolutions(project.store, sync.id)) do
        rows[i] = { resolution.file_path, resolution.conflict_type, resolution.rule or resolution.resolution_type,
            resolution.resolution_description }
    end
    out:table({
        title = ("Conflicts of sync %d, %s"):format(sync.id, sync.to_version),
        columns = { { title = "File" }, { title = "Kind" }, { title = "Resolved by" }, { title = "How" } },
        rows = rows, empty = "There were none.",
    })
end

local function as_json(project, sync)
    local value = { resolutions = json.array(syncs.resolutions(project.store, sync.id)) }
    for _, name in ipairs({ "id", "from_version", "to_version", "started_at", "completed_at", "status",
        "conflicts_count", "conflicts_auto_resolved", "conflicts_manual_resolved", "build_time_seconds",
        "tests_passed", "tests_failed", "impact_report_path", "sync_report_path", "error_log_path", "sync_branch",
        "merge_commit" }) do
        value[name] = sync[name] == nil and json.null or sync[name]
    end
    for _, resolution in ipairs(value.resolutions) do
        resolution.sync_id = nil
        resolution.rule = resolution.rule or json.null
    end
    return value
end

local function syncs_as_json(project, list)
    local values = json.array()
    for i, sync in ipairs(list) do values[i] = as_json(project, sync) end
    return values
end

local function write(text) io.write(term.without_commands(text)) end

local function history(project, options)
    local list = last_syncs(project, options)
    if options.json then
        io.write(json.encode({ syncs = syncs_as_json(project, list) }, { indent = 2 }), "\n")
        return 0
    end
    local out = report.new()
    add_syncs(out, list)
    if options.verbose then
        for _, sync in ipairs(list) do add_resolutions(out, project, sync) end
    end
    write(out:render("text", { color = term.color("stdout") }))
    return 0
end

-- report --------------------------------------------------------------------------------------------------------------

local function percent(value) return value and ("%.0f %%"):format(value) or "unknown" end

local function add_counts(out, title, first, counts)
    local rows = {}
    for i, each in ipairs(counts) do rows[i] = { each.name, each.count, each.manual } end
    out:table({
        title = title, columns = { { title = first }, { title = "Conflicts" }, { title = "By hand" } }, rows = rows,
    })
end

local function counts_as_json(counts)
    local values = json.array()
    for i, each in ipairs(counts) do
        values[i] = { name = each.name, conflicts = each.count, by_hand = each.manual }
    end
    return values
end

local function report_as_json(project, list, counts)
    local function or_null(value) return value == nil and json.null or value end
    return json.encode({
        project = project.name, syncs = syncs_as_json(project, list), ended = counts.syncs,
        succeeded = counts.succeeded, success_rate_percent = or_null(counts.success_rate_percent),
        average_hours = or_null(counts.average_hours),
        manual_interventions_percent = or_null(counts.manual_interventions_percent),
        conflicts_by_file = counts_as_json(counts.conflicts_by_file),
        conflicts_by_rule = counts_as_json(counts.conflicts_by_rule),
    }, { indent = 2 }) .. "\n"
end

local function report_document(project, list, counts)
    local out = report.new{ title = "Syncs with " .. project.name }
    out:facts({
        { "Syncs that ended", counts.syncs }, { "Succeeded", percent(counts.success_rate_percent) },
        { "Average time", counts.average_hours and time.human(counts.average_hours * 3600) or "unknown" },
        { "Needed a person", percent(counts.manual_interventions_percent) },
    })
    add_syncs(out, list)
    add_counts(out, "Conflicts by file", "File", counts.conflicts_by_file)
    add_counts(out, "Conflicts by rule", "Rule", counts.conflicts_by_rule)
    return out
end

local function make_report(project, options)
    local format = command_line.report_format(options, formats)
    local list = last_syncs(project, options)
    local counts = statistics.of(project.store, list)
    local text = format == "json" and report_as_json(project, list, counts)
        or report_document(project, list, counts):render(format,
            { color = format == "text" and not options.output and term.color("stdout") or nil })
    local file = options.output and command_line.output_file(options.output)
    if file then command_line.write_report(file, text) else write(text) end
    return 0
end

function M.declare(parser)
    local command = parser:command("history", "List the last syncs.")
    command:option("--last", "How many (default: 20)."):argname("N"):convert(whole)
    command:flag("--verbose", "With every conflict, and how it was resolved.")
    command:flag("--json", "Write it as JSON (uhost schema upstream_history).")
    command = parser:command("report", "Say how long syncs take, how many succeed, and which files keep hurting.")
    command:option("--last", "Of how many syncs (default: 20)."):argname("N"):convert(whole)
    command:option("--format", "How to write it (default: as --output ends, else text); as JSON, see uhost schema "
        .. "upstream_report."):choices(formats)
    command:option("--output", "Write it to a file; - is standard output."):argname("FILE")
end

M.commands = { history = history, report = make_report }

return M
