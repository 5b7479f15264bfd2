-- What the tracking issue says. The text changes when the findings do, and never else: no times, no counts of what is
-- in order, no commit of the tip, so that a run that finds nothing new changes nothing.
local document = require("lib.monthly_audit.document")
local sections = require("lib.monthly_audit.sections")

local M = {}

--- GitHub takes 65,536 characters. Bytes are counted here, which are never fewer, and the hidden marker needs some.
M.limit_bytes = 65000

local function place(model)
    return model.path == "" and model.home or ("%s of %s"):format(model.path, model.home)
end

-- The window in words that stay the same: "6 months", not the day that was 6 months ago.
local function window(model)
    if model.since then return (" Only deletions of the last %s are looked at."):format(model.since) end
    local words = sections.window(model)
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
function M.of(model)
    local list = sections.of(model, true)
    return document.fit(M.limit_bytes, document.longest(list), function(room) return write(model, list, room) end)
end

return M
