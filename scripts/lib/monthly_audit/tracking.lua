-- --tracking-issue: one issue that holds all that needs attention. It is found again by a hidden marker, brought up to
-- date when the findings change, closed when nothing needs attention, and reopened when something does again.
local sections = require("lib.monthly_audit.sections")
local tracking_body = require("lib.monthly_audit.tracking_body")

local M = {}

---@class monthly_audit.Tracking
---@field outcome "created"|"updated"|"unchanged"|"reopened"|"closed"|"declined"|"none"|"planned"
---@field repository string  "owner/name"
---@field number integer?
---@field url string?

-- FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/
local function hash(text)
    local value = 0x811c9dc5
    for i = 1, #text do
        value = bit.bxor(value, text:byte(i))
        -- Times 16777619 = 2^24 + 403, in parts that a double holds exactly.
        value = bit.tobit((bit.lshift(bit.band(value, 0xff), 24) + value * 403) % 2 ^ 32)
    end
    return bit.tohex(value)
end

local longest_readable = 60

--- The name of the marker: one for each audited folder of a repository, so that several may be tracked in one place.
---@param model monthly_audit.Model
---@return string
function M.marker(model)
    local key = ("%s/%s"):format(model.home:lower(), model.path)
    local readable = key:gsub("[^%w._/-]+", "."):gsub("%-%-+", "-"):gsub("[-/]+$", "")
    if #readable <= longest_readable and readable == key then return "monthly_audit:" .. readable end
    return ("monthly_audit:%s.%s"):format(readable:sub(1, longest_readable):gsub("%-+$", ""), hash(key))
end

local function told(outcome, repository, issue)
    issue = issue or {}
    return { outcome = outcome, repository = repository.name, number = issue.number, url = issue.url }
end

-- Nothing needs attention: says so in the issue, and closes it.
local function finish(repository, wanted, found)
    if not found or found.state == "closed" then return told("none", repository) end
    local issue = repository:ensure_issue(wanted)
    repository:close_issue(found.number, { reason = "completed" })
    return told(uhost.dry_run and "planned" or "closed", repository, issue)
end

local function keep(repository, wanted, found)
    local is_closed = found and found.state == "closed"
    if is_closed and found.reason == "not_planned" then return told("declined", repository, found) end
    wanted.reopen = true
    local issue, how = repository:ensure_issue(wanted)
    if uhost.dry_run and how ~= "unchanged" then return told("planned", repository, found) end
    return told(is_closed and "reopened" or how, repository, issue)
end

--- Brings the tracking issue up to date. Under --dry-run the plan has what would be done; in the demonstration nothing
--- is asked.
---@param model monthly_audit.Model
---@param options monthly_audit.TrackingOptions
---@return monthly_audit.Tracking
function M.run(model, options)
    local name = options.repository or model.home
    if model.demo then return { outcome = "planned", repository = name } end
    local repository = github.repository(name)
    local labels = options.labels[1] and options.labels or nil
    local wanted = {
        marker = M.marker(model), title = sections.title(model), body = tracking_body.of(model), labels = labels,
    }
    local found = repository:find_issue({ marker = wanted.marker, labels = labels })
    local act = model.stats.needing_attention == 0 and finish or keep
    local tracking = act(repository, wanted, found)
    log.info(sections.tracked(tracking))
    return tracking
end

return M
