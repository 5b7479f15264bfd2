-- `uhost upstream analyze`: what a release would do to the fork.
local analysis_of = require("lib.upstream.impact.analysis")
local command_line = require("lib.command_line")
local document = require("lib.upstream.impact.document")

local M = {}

local formats = { "text", "markdown", "json", "html" }

--- Keeps an analysis in the store, in the place of the one of the same commits.
---@param project upstream.Project
---@param analysis impact.Analysis
---@return string json
function M.keep(project, analysis)
    local text = document.json(analysis)
    project.store:execute([[
        INSERT INTO upstream_analyses (project, fork, from_version, to_version, head, overall_risk, analysed_at, report)
        VALUES (:project, :fork, :from_version, :to_version, :head, :overall_risk, :analysed_at, :report)
        ON CONFLICT (project, fork, from_version, to_version, head) DO UPDATE SET
            overall_risk = excluded.overall_risk, analysed_at = excluded.analysed_at, report = excluded.report
    ]], {
        project = project.name, fork = project.fork, from_version = analysis.from_version,
        to_version = analysis.to_version, head = analysis.head, overall_risk = analysis.overall_risk,
        analysed_at = analysis.analysis_date, report = text,
    })
    return text
end

local function analyze(project, options)
    local format = options.json and "json" or command_line.report_format(options, formats)
    local file = options.output and command_line.output_file(options.output)
    local analysis = analysis_of.run(project, options.version, { from = options.from })
    local kept = M.keep(project, analysis)
    local text = format == "json" and kept or document.report(analysis):render(format,
        { color = format == "text" and not file and term.color("stdout") or nil })
    if file then command_line.write_report(file, text) else io.write(term.without_commands(text)) end
    return analysis.auto_mergeable and analysis.overall_risk ~= "HIGH" and 0 or 1
end

function M.declare(parser)
    local command = parser:command("analyze", "Say what a release would do to the fork, before it is merged.")
    command:argument("version", "A release, as a version or a tag.")
    command:option("--from", "The release that the fork is made from (default: found in the repository)."):argname(
        "VERSION")
    command:flag("--json", "Write it as JSON (uhost schema upstream_analyze).")
    command:option("--format", "How to write it (default: as --output ends, else text)."):choices(formats)
    command:option("--output", "Write it to a file, such as impact_report.json; - is standard output."):argname("FILE")
end

M.commands = { analyze = analyze }

return M
