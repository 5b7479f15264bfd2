-- `uhost upstream monitor`: looks for releases, once or again and again.
local alerts = require("lib.upstream.alerts")
local analysis_of = require("lib.upstream.impact.analysis")
local command_line = require("lib.command_line")
local document_of = require("lib.upstream.impact.document")
local notes = require("lib.upstream.notes")
local sources = require("lib.upstream.sources")
local store_of = require("lib.upstream.store")

local M = {}

local function warn(failures, choice)
    for source, failure in pairs(failures) do
        log.warn(("the %s could not be read, so the other sources have to do: %s"):format(source, tostring(failure)))
    end
    if choice.numbering_changed then
        log.warn("some tags are dates and some are versions: set tags.prefix in policies/upstream.lua")
    end
end

-- Of more releases at once, the newest are analysed.
local max_analyses = 3

local function impact_of(project, release, releases)
    local ok, analysis = pcall(analysis_of.run, project, release.version, { releases = releases })
    if ok then
        return { risk = analysis.overall_risk, text = document_of.report(analysis):render("markdown"),
            value = document_of.value(analysis) }
    end
    -- Interrupted or cancelled is no answer.
    if not uhost.is_error(analysis) or analysis.exit_code == 130 then error(analysis, 0) end
    log.info(("%s could not be analysed: %s"):format(release.version, analysis.message))
end

-- What new releases do to the fork, where there is one, by version.
local function impacts_of(project, found)
    local impacts, count = {}, 0
    if project.fork == "" then return impacts end
    for _, change in ipairs(store_of.news(project.store, project.name, found)) do
        if change.kind == "release" and count < max_analyses then
            count = count + 1
            impacts[change.release.version] = impact_of(project, change.release, found.releases)
        end
    end
    return impacts
end

--- One look at the project, which is kept.
---@param project upstream.Project
---@return upstream.Look
---@return notify.Event[] raised
function M.look(project)
    local found, failures, choice = sources.look(project.rules)
    warn(failures, choice)
    -- The analysis fetches what the changelog is read from.
    local impacts = impacts_of(project, found)
    notes.fill(project, found.releases)
    return found, store_of.keep(project.store, project.name, found, impacts)
end

local function print_look(found, raised)
    local newest = found.releases[1]
    print(newest and ("newest: %s%s"):format(newest.version, newest.released_at and ", " .. newest.released_at or "")
        or "there are no releases")
    if found.ignored > 0 then
        print(found.ignored == 1 and "1 tag is not a version" or ("%d tags are not versions"):format(found.ignored))
    end
    for _, event in ipairs(raised) do print(term.untrusted(event.title)) end
end

local function document(project)
    local check, releases = store_of.last_check(project.store, project.name),
        store_of.releases(project.store, project.name)
    local list = {}
    for i, release in ipairs(releases) do
        list[i] = {
            version = release.version, tag = release.tag, release_date = release.released_at or json.null,
            blog_post = release.blog_url or json.null, changelog_url = release.changelog_url or json.null,
            stabilized_features = json.array(release.notes.stabilized_features),
            breaking_changes = json.array(release.notes.breaking_changes),
            compiler_changes = json.array(release.notes.compiler_changes),
        }
    end
    return {
        releases = json.array(list), last_check = check.checked_at,
        current_stable = releases[1] and releases[1].version or json.null,
    }
end

-- Up to a tenth more or less, so that many hosts do not ask at once.
local function pause_s(rules) return rules.cadence.check_hours * 3600 * (0.9 + 0.2 * math.random()) end

local function look_once(project, options)
    local found, raised = M.look(project)
    local text = (options.json or options.output) and json.encode(document(project), { indent = 2 }) .. "\n"
    local file = options.output and command_line.output_file(options.output)
    if file then
        command_line.write_report(file, text)
    elseif text then
        io.write(text)
    else
        print_look(found, raised)
    end
    io.flush()
end

-- What is left of the pause since the last look, which another process may have made.
local function rest_s(project)
    local check = store_of.last_check(project.store, project.name)
    if not check then return 0 end
    local age_s = time.now() - time.parse(check.checked_at)
    return math.max(0, project.rules.cadence.check_hours * 3600 - age_s)
end

-- A project that cannot be reached now may be in some hours.
local function look_in_turn(project, options)
    local ok, failure = pcall(look_once, project, options)
    if ok then return end
    if not uhost.is_error(failure) or failure.kind ~= "upstream.unreachable" then error(failure, 0) end
    log.warn(failure.message .. "; what was known is kept")
end

local function monitor(project, options)
    if not options.watch then
        look_once(project, options)
        return 0
    end
    if not options.check_now then task.sleep(rest_s(project)) end
    while true do
        look_in_turn(project, options)
        alerts.tell(project)
        task.sleep(pause_s(project.rules))
    end
end

function M.declare(parser)
    local command = parser:command("monitor", "Look for releases, and keep what was found.")
    command:flag("--json", "Write all releases as JSON (uhost schema upstream_monitor).")
    command:option("--output", "Write that JSON to a file, such as releases.json; - is standard output.")
        :argname("FILE")
    command:flag("--watch", "Look again and again, as often as the policy's cadence says.")
    command:flag("--check-now", "Begin --watch with a look, also when the last one is younger than the cadence. "
        .. "Without --watch it always looks.")
end

M.commands = { monitor = monitor }

return M
