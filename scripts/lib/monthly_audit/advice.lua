-- What to do about a verdict: one sentence, and whether anything is to be done at all.
local issues = require("lib.monthly_audit.issues")

local M = {}

-- "a.rs", "a.rs and b.rs", "a.rs, b.rs and 3 more".
local function names(paths)
    if #paths <= 2 then return table.concat(paths, " and ") end
    return ("%s, %s and %d more"):format(paths[1], paths[2], #paths - 2)
end

-- The places of the fates of one kind, each once.
local function places(fates, what)
    local list, seen = {}, {}
    for _, fate in ipairs(fates) do
        if fate.what == what and not seen[fate.where] then
            seen[fate.where] = true
            list[#list + 1] = fate.where
        end
    end
    table.sort(list)
    return list
end

local function day(verdict) return verdict.files[1].date:sub(1, 10) end

-- Issues that a list of places stands for at the tip, as text; "" when none of them is below the audited path.
local function successors(paths, tip)
    local list, seen = {}, {}
    for _, path in ipairs(paths) do
        for _, issue in ipairs(tip[path] or {}) do
            if not seen[issue] then
                seen[issue] = true
                list[#list + 1] = issues.text(issue)
            end
        end
    end
    return table.concat(list, ", ")
end

local by_verdict = {}

local function gone(verdict)
    return ("%s gone since %s"):format(#verdict.fates == 1 and "its test is" or "all its tests are", day(verdict))
end

function by_verdict.out_of_sync(verdict) return "close the issue: " .. gone(verdict), true end

function by_verdict.in_sync(verdict) return "nothing to do: closed, and " .. gone(verdict), false end

function by_verdict.partial(verdict)
    local left = #verdict.remaining
    local remain = left == 1 and "1 test remains" or ("%d tests remain"):format(left)
    remain = ("%s (%s)"):format(remain, names(verdict.remaining))
    if verdict.state == "open" then return "keep the issue open: " .. remain, false end
    return "reopen the issue, or delete what is left: it is closed, yet " .. remain, true
end

function by_verdict.back(verdict)
    local back = places(verdict.fates, "back")
    local again = ("%s %s there again"):format(names(back), #back == 1 and "is" or "are")
    if verdict.state == "open" then return "keep the issue open: " .. again, false end
    return "reopen the issue, or delete the test: it is closed, yet " .. again, true
end

local function renamed(verdict)
    local now = names(places(verdict.fates, "kept"))
    if verdict.state == "open" then return ("nothing to do: the test is now %s"):format(now), false end
    return ("reopen the issue, or delete the test: it is closed, yet the test is now %s"):format(now), true
end

function by_verdict.moved(verdict, evidence)
    local away = places(verdict.fates, "moved")
    if #away == 0 then return renamed(verdict) end
    local where, others = names(away), successors(away, evidence.tip)
    if verdict.state == "closed" then return ("nothing to do: closed, and the test is now %s"):format(where), false end
    if others ~= "" then
        return ("check whether %s took its place, then close the issue: the test is now %s"):format(others, where), true
    end
    return ("check that it is fixed, then close the issue: the test is now %s"):format(where), true
end

function by_verdict.unknown(verdict)
    if verdict.state == "transferred" then
        if verdict.transferred_to then
            return ("look at %s: the issue was transferred there"):format(verdict.transferred_to), true
        end
        return "find out where the issue was transferred to", true
    end
    if verdict.state == "pull_request" then
        return ("find the issue it was about: %s is a pull request"):format(issues.text(verdict.issue)), true
    end
    return ("check the number: GitHub has no issue %s, or it was deleted"):format(issues.text(verdict.issue)), true
end

--- The action for a verdict, and whether it needs a person's attention.
---@param verdict monthly_audit.Verdict  all but `action` and `attention`
---@param evidence monthly_audit.Evidence
---@return string action
---@return boolean attention
function M.of(verdict, evidence) return by_verdict[verdict.verdict](verdict, evidence) end

return M
