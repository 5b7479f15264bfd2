-- --tracking-issue: one issue that holds all that needs attention. It is found again by a hidden marker, brought up to
-- date when the findings change, closed when nothing needs attention, and reopened when something does again.
local demo = require("lib.monthly_audit.demo")
local document = require("lib.monthly_audit.document")

local M = {}

---@class monthly_audit.Tracking
---@field outcome "created"|"updated"|"unchanged"|"reopened"|"closed"|"declined"|"none"|"planned"|"left"
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

local max_readable_bytes = 60

--- The name of the marker: one for each audited folder of a repository, so that several may be tracked in one place.
---@param model monthly_audit.Model
---@return string
function M.marker(model)
    local key = ("%s/%s"):format(model.home:lower(), model.path)
    local readable = key:gsub("[^%w._/-]+", "."):gsub("%-%-+", "-"):gsub("[-/]+$", "")
    if #readable <= max_readable_bytes and readable == key then return "monthly_audit:" .. readable end
    return ("monthly_audit:%s.%s"):format(readable:sub(1, max_readable_bytes):gsub("%-+$", ""), hash(key))
end

-- The text ------------------------------------------------------------------------------------------------------------

-- The text changes only when the findings do: no times, no counts of what is in order, no commit of the tip. So a run
-- that finds nothing new changes nothing.

--- GitHub takes 65,536 characters. Bytes are counted here, which are never fewer, and the hidden marker needs some.
M.limit_bytes = 65000

local function place(model)
    return model.path == "" and model.home or ("%s of %s"):format(model.path, model.home)
end

-- The window in words that stay the same: "6 months", not the day that was 6 months ago.
local function window(model)
    if model.since then return (" Only deletions of the last %s are looked at."):format(model.since) end
    local words = document.window(model)
    return words ~= "" and (" Only deletions%s are looked at."):format(words) or ""
end

local function counts(list)
    local words = {}
    for i, section in ipairs(list) do
        words[i] = ("%d %s"):format(#section.verdicts, section.title:lower())
    end
    return table.concat(words, ", ")
end

local function write(model, list, room)
    local out, total = report.new {}, 0
    for _, section in ipairs(list) do total = total + #section.verdicts end
    if total == 0 then
        out:text(("Nothing needs attention: no issue has lost its crash tests in %s without saying so.%s"):format(
            place(model), window(model)))
    else
        out:text(("Issues that have lost crash tests in %s, and need attention: %d (%s).%s"):format(place(model), total,
            counts(list), window(model)))
    end
    for _, section in ipairs(list) do document.add_section(out, model, section, room) end
    out:text("This issue is written by uhost monthly_audit, which replaces its text, closes it when nothing needs "
        .. "attention, and reopens it when something does. Closed as not planned, it stays closed.")
    return out:render("markdown")
end

--- The body of the tracking issue, without its marker: all that needs attention, or as much as there is room for.
---@param model monthly_audit.Model
---@return string
function M.body(model)
    local list = document.sections(model, true)
    return document.fit(M.limit_bytes, document.longest(list), function(room) return write(model, list, room) end)
end

-- The issue -----------------------------------------------------------------------------------------------------------

local function result(outcome, repository, issue)
    issue = issue or {}
    return { outcome = outcome, repository = repository.name, number = issue.number, url = issue.url }
end

-- Nothing needs attention: says so in the issue, and closes it.
local function close(repository, wanted, found)
    if not found or found.state == "closed" then return result("none", repository) end
    local issue = repository:ensure_issue(wanted)
    repository:close_issue(found.number, { reason = "completed" })
    return result(uhost.dry_run and "planned" or "closed", repository, issue)
end

local function keep(repository, wanted, found)
    local is_closed = found and found.state == "closed"
    if is_closed and found.reason == "not_planned" then return result("declined", repository, found) end
    wanted.reopen = true
    local issue, how = repository:ensure_issue(wanted)
    if uhost.dry_run and how ~= "unchanged" then return result("planned", repository, found) end
    return result(is_closed and "reopened" or how, repository, issue)
end

--- Brings the tracking issue up to date. Under --dry-run the plan has what would be done; in the demonstration nothing
--- is asked.
---@param model monthly_audit.Model
---@param options monthly_audit.TrackingOptions
---@return monthly_audit.Tracking
function M.run(model, options)
    local name = options.repository or model.home
    if model.demo then
        demo.plan("github.ensure_issue", name, "keep the tracking issue up to date")
        return { outcome = "planned", repository = name }
    end
    local repository = github.repository(name)
    local labels = options.labels[1] and options.labels or nil
    local wanted = {
        marker = M.marker(model), title = document.title(model), body = M.body(model), labels = labels,
    }
    local found = repository:find_issue({ marker = wanted.marker, labels = labels })
    -- What is in doubt neither closes an issue nor changes what it says.
    if model.warning then
        local left = result("left", repository, found)
        log.info(document.tracked(left))
        return left
    end
    local act = model.stats.needing_attention == 0 and close or keep
    local tracking = act(repository, wanted, found)
    log.info(document.tracked(tracking))
    return tracking
end

return M
