-- The comment that an issue is closed with: which pull requests and commits deleted its tests.
local links = require("lib.monthly_audit.links")

local M = {}

local most_files = 20

-- "deleted on 2026-01-31 by #1209 in b4a4541e7", with links.
local function deed(model, deletion)
    local content = { "deleted on " .. deletion.date:sub(1, 10) }
    if deletion.pr then
        content[#content + 1] = " by "
        content[#content + 1] = { text = "#" .. deletion.pr, url = links.pull_request(model, deletion.pr) }
    end
    content[#content + 1] = " in "
    content[#content + 1] = { text = deletion.commit:sub(1, 9), url = links.commit(model, deletion.commit) }
    return content
end

--- The comment for a verdict, and the name of its marker, which is the same as long as no test was deleted since.
---@param home string
---@param site string
---@param verdict monthly_audit.Verdict
---@return string body
---@return string marker
function M.of(home, site, verdict)
    local model = { home = home, site = site }
    local out, facts = report.new {}, {}
    out:text(#verdict.fates == 1 and "The crash test of this issue was deleted, and the issue stayed open:"
        or "All crash tests of this issue were deleted, and the issue stayed open:")
    for i, deletion in ipairs(verdict.files) do
        if i > most_files then
            facts[i] = { "And", ("%d more"):format(#verdict.files - most_files) }
            break
        end
        facts[i] = { deletion.path, deed(model, deletion) }
    end
    out:facts(facts)
    out:text("A deleted crash test means that the crash is fixed, so this closes the issue. Should it still happen, "
        .. "reopen the issue: it will not be closed this way again.")
    return out:render("markdown"), ("monthly_audit.close:%s"):format(verdict.files[1].commit:sub(1, 12))
end

return M
