-- `uhost upstream`: follow the project that a fork is made from.
local command_line = require("lib.command_line")
local sources = require("lib.upstream.sources")
local standing_of = require("lib.upstream.standing")
local store_of = require("lib.upstream.store")

local M = {}

local function read_options(arguments)
    local parser = command_line.parser("upstream",
        "Follow the project that a fork is made from: its releases, and how far behind the fork is. "
        .. "policies/upstream.lua names the project.",
        { "uhost upstream --help", "uhost upstream monitor --help", "uhost upstream status --help" },
        "0 fine, 1 the fork is too far behind, 2 usage or policy, 3 no source could be read, or unknown, "
        .. "130 interrupted.")
    parser:command_target("command")
    local monitor = parser:command("monitor", "Look for releases, and keep what was found.")
    monitor:flag("--json", "Write all releases as JSON (uhost schema upstream_monitor).")
    monitor:flag("--watch", "Look again and again, as often as the policy's cadence says.")
    local status = parser:command("status", "Say which release the fork is based on, and how many came since.")
    status:flag("--json", "Write it as JSON (uhost schema upstream_status).")
    status:flag("--refresh", "Look for releases before.")
    parser:command("check", "For a hook at the start of work: fail when the fork is too far behind.")
    return parser:parse(arguments)
end

local function project_of(rules)
    return rules.upstream.github ~= "" and rules.upstream.github or rules.upstream.url ~= "" and rules.upstream.url
        or rules.feed.url
end

local function warn(failures, choice)
    for source, failure in pairs(failures) do
        local message = uhost.is_error(failure) and failure.message or tostring(failure)
        log.warn(("the %s could not be read, so the other sources have to do: %s"):format(source, message))
    end
    if choice.numbering_changed then
        log.warn("some tags are dates and some are versions: set tags.prefix in policies/upstream.lua")
    end
end

-- One look. Gives the events that it raised.
local function look(store, rules)
    local found, failures, choice = sources.look(rules)
    warn(failures, choice)
    return store_of.keep(store, project_of(rules), found), found
end

local function print_look(found, raised)
    local newest = found.releases[1]
    print(newest and ("newest: %s%s"):format(newest.version, newest.released_at and ", " .. newest.released_at or "")
        or "there are no releases")
    if found.ignored > 0 then print(("%d tags are no versions"):format(found.ignored)) end
    for _, event in ipairs(raised) do print(term.untrusted(event.title)) end
end

local function releases_document(store, project)
    local check, releases = store_of.last_check(store, project), store_of.releases(store, project)
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

local function print_json(value) io.write(json.encode(value, { indent = 2 }), "\n") end

-- Up to a tenth more or less, so that many hosts do not ask at once.
local function pause_s(rules) return rules.cadence.check_hours * 3600 * (0.9 + 0.2 * math.random()) end

local function monitor(store, rules, options)
    while true do
        local raised, found = look(store, rules)
        if options.json then
            print_json(releases_document(store, project_of(rules)))
        else
            print_look(found, raised)
        end
        if not options.watch then return 0 end
        task.sleep(pause_s(rules))
    end
end

local function sentence(standing)
    if standing.status == "UNKNOWN" then return "unknown: " .. standing.reason end
    if standing.releases_behind == 0 then
        return ("current: based on %s, the newest release"):format(standing.current_base)
    end
    return ("%d %s behind: based on %s, the newest is %s"):format(standing.releases_behind,
        standing.releases_behind == 1 and "release" or "releases", standing.current_base, standing.latest_stable)
end

local function status(store, rules, options)
    if options.refresh then look(store, rules) end
    local standing = standing_of.of(store, project_of(rules), rules)
    if options.json then
        print_json({
            status = standing.status, reason = standing.reason or json.null,
            current_base = standing.current_base or json.null, latest_stable = standing.latest_stable or json.null,
            releases_behind = standing.releases_behind or json.null, last_check = standing.last_check or json.null,
            next_sync_due = standing.next_sync_due or json.null,
        })
        return 0
    end
    print(term.untrusted(sentence(standing)))
    if standing.next_sync_due then print("to be followed by " .. standing.next_sync_due) end
    if standing.last_check then print("last looked at " .. standing.last_check) end
    return 0
end

local exit_codes = { CURRENT = 0, BEHIND = 0, CRITICAL_BEHIND = 1, UNKNOWN = 3 }

local function check(store, rules)
    local standing = standing_of.of(store, project_of(rules), rules)
    if standing.status ~= "CURRENT" then
        io.stderr:write(term.untrusted(sentence(standing)) .. "\n")
        if standing.status == "UNKNOWN" then io.stderr:write("  next: uhost upstream monitor\n") end
    end
    return exit_codes[standing.status]
end

local commands = { monitor = monitor, status = status, check = check }

---@param arguments string[]
---@return integer exit_code
function M.run(arguments)
    local options = read_options(arguments)
    local rules = policy.load("upstream", { schema = require("lib.schemas.upstream") }):data()
    if project_of(rules) == "" then
        uhost.fail("policy.upstream", "the policy names no upstream",
            { hint = "set upstream.url, upstream.github or feed.url in policies/upstream.lua of this repository" })
    end
    return commands[options.command](store_of.open(), rules, options)
end

return M
