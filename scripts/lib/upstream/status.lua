-- `uhost upstream status` and `check`: which release a fork is based on, and how many came since.
local counted = require("lib.counted")
local json_member = require("lib.json_member")
local monitor = require("lib.upstream.monitor")
local standing_of = require("lib.upstream.standing")

local M = {}

--- One line for people.
---@param standing upstream.Standing
---@return string
function M.sentence(standing)
    if standing.status == "UNKNOWN" then return "unknown: " .. standing.reason end
    if standing.releases_behind == 0 then
        return ("current: based on %s, the newest release"):format(standing.current_base)
    end
    return ("%s behind: based on %s, the newest is %s"):format(counted(standing.releases_behind, "release"),
        standing.current_base, standing.latest_stable)
end

--- What a person would type next; nil when there is nothing to do.
---@param standing upstream.Standing
---@return string?
function M.next_command(standing)
    if not standing.latest_stable then return "uhost upstream monitor" end
    -- The analysis finds the base of a shallow clone, or of a snapshot, and it is known from then on.
    if standing.releases_behind ~= 0 then return "uhost upstream analyze " .. standing.latest_stable end
end

local function document(standing)
    local value = {}
    for _, name in ipairs({ "reason", "current_base", "latest_stable", "releases_behind", "last_check", "last_sync",
        "next_sync_due" }) do
        value[name] = standing[name] == nil and json.null or standing[name]
    end
    value.status = standing.status
    return value
end

-- The document as the member `upstream_sync` of a JSON file that others write as well.
local function write_into(path, standing)
    local text = fs.read(path) or "{}\n"
    local ok, written = pcall(json_member.set, text, "upstream_sync", document(standing))
    if not ok then
        if not uhost.is_error(written) then error(written, 0) end
        uhost.fail("usage", ("--write: %s cannot be changed: %s"):format(path, written.message),
            { hint = "the file has to hold a JSON object" })
    end
    fs.write(path, written)
end

local function print_standing(standing)
    print(term.untrusted(M.sentence(standing)))
    if standing.next_sync_due then print("to be followed by " .. standing.next_sync_due) end
    if standing.last_sync then print("last sync ended " .. standing.last_sync) end
    if standing.last_check then print("last looked at " .. standing.last_check) end
    local command = M.next_command(standing)
    if command then print(term.untrusted("next: " .. command)) end
end

local function status(project, options)
    if options.refresh then monitor.look(project) end
    local standing = standing_of.of(project)
    if options.write then write_into(options.write, standing) end
    if options.json then
        io.write(json.encode(document(standing), { indent = 2 }), "\n")
    elseif not options.write then
        print_standing(standing)
    end
    return 0
end

local exit_codes = { CURRENT = 0, BEHIND = 0, CRITICAL_BEHIND = 1, UNKNOWN = 3 }

local function check(project)
    local standing = standing_of.of(project)
    if standing.status ~= "CURRENT" then
        io.stderr:write(term.untrusted(M.sentence(standing)) .. "\n")
        io.stderr:write(term.untrusted("  next: " .. M.next_command(standing)) .. "\n")
    end
    return exit_codes[standing.status]
end

function M.declare(parser)
    local command = parser:command("status", "Say which release the fork is based on, and how many came since.")
    command:flag("--json", "Write it as JSON (uhost schema upstream_status).")
    command:flag("--refresh", "Look for releases before.")
    command:option("--write", "Put it into a JSON file as `upstream_sync`; the rest of the file stays as it is.")
        :argname("FILE")
    parser:command("check", "For a hook at the start of work: fail when the fork is too far behind.")
end

M.commands = { status = status, check = check }
M.quiet = { check = true }

return M
