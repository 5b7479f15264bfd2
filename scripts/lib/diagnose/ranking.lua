-- Which of the findings explains a failure: puts them in order, says why each stands before the next, and which of them
-- follow from another. A finding's score is a sum of terms that a person could name; the sentence comes from the terms
-- in which a finding is most ahead of its runner-up.
local terms_of = require("lib.diagnose.ranking_terms")

local M = {}

-- A term that is ahead by less is not worth a word.
local least_lead = 0.25
-- A finding that explains this much less than another one that came before it, in the same step, follows from it.
local follows_priority, follows_lines = 30, 80
-- A finding below this priority only says that something failed.
local symptom_priority = 20

---@class diagnose.RankContext
---@field scan? kb.Scan
---@field structure? log_text.Structure
---@field explanation? diagnose.Explanation
---@field diagnostics? table[]
---@field tests? table
---@field history? { counts: table<string, kb.Count>, logs: integer }

---@class diagnose.Ranked: diagnose.Finding
---@field why string

local function before(a, b)
    if a.score ~= b.score then return a.score > b.score end
    local first, second = a.finding, b.finding
    if first.line_number ~= second.line_number then return first.line_number < second.line_number end
    return first.id < second.id
end

-- The terms in which one is ahead, the most first.
local function leads(winner, loser)
    local list = {}
    for _, term in ipairs(terms_of.terms) do
        local lead = winner.terms[term.name] - loser.terms[term.name]
        if lead >= least_lead then list[#list + 1] = { term = term, lead = lead } end
    end
    table.sort(list, function(a, b)
        if a.lead ~= b.lead then return a.lead > b.lead end
        return a.term.name < b.term.name
    end)
    return list
end

local function capitalised(text) return (text:gsub("^%l", string.upper)) end

local function why_before(winner, loser)
    local parts = {}
    for _, each in ipairs(leads(winner, loser)) do
        parts[#parts + 1] = each.term.why(winner, loser)
        if #parts == 2 then break end
    end
    local other = ("%s (line %d)"):format(loser.finding.id, loser.finding.line_number)
    if #parts == 0 then
        return winner.finding.line_number < loser.finding.line_number
            and ("It says as much as %s and comes first."):format(other)
            or ("It says as much as %s."):format(other)
    end
    return ("%s; so it stands before %s."):format(capitalised(table.concat(parts, ", and ")), other)
end

-- What is good about a finding that nothing stands behind.
local function why_alone(ranked, count)
    if count == 1 then
        local place = ranked.terms.step > 0 and " in the step that failed" or ""
        return ("It is the only known cause%s."):format(place)
    end
    return ("It explains least of the %d findings."):format(count)
end

--- Orders findings by how much they explain the failure. Each gets `why` and `score`.
---@param findings diagnose.Finding[]
---@param context diagnose.RankContext
---@return diagnose.Ranked[]
function M.rank(findings, context)
    context = context or {}
    local facts, ranked = terms_of.facts(findings, context), {}
    for i, finding in ipairs(findings) do
        local terms, score = {}, 0
        for _, term in ipairs(terms_of.terms) do
            terms[term.name] = term.of(finding, facts)
            score = score + terms[term.name]
        end
        ranked[i] = { finding = finding, terms = terms, score = score, facts = facts }
    end
    table.sort(ranked, before)
    local ordered = {}
    for i, each in ipairs(ranked) do
        local runner_up = ranked[i + 1]
        each.finding.why = runner_up and why_before(each, runner_up) or why_alone(each, #ranked)
        each.finding.score = each.score
        ordered[i] = each.finding
    end
    return ordered
end

-- Causes --------------------------------------------------------------------------------------------------------------

local function template(text)
    return (text:gsub("%x%x%x%x%x%x%x+", "#"):gsub("%d+", "#"):gsub("%s+", " "))
end

local function last_line(finding) return math.max(finding.last_line or 0, finding.line_number) end

local function priority(finding) return finding.priority or 50 end

local function is_symptom(finding)
    return finding.is_symptom or priority(finding) < symptom_priority
end

local function same_place(finding, lead)
    return (finding.job or "") == (lead.job or "") and (finding.step or "") == (lead.step or "")
end

-- Whether a finding says no more than its lead does: the same cause again, the same lines, or what came of it.
local function follows(finding, lead)
    if finding.id == lead.id then
        return finding.cause == lead.cause or template(finding.line or "") == template(lead.line or "")
    end
    if not same_place(finding, lead) then return false end
    if finding.line_number <= last_line(lead) and last_line(finding) >= lead.line_number then return true end
    local distance = finding.line_number - last_line(lead)
    if is_symptom(finding) and not is_symptom(lead) then return distance > 0 end
    return distance > 0 and distance <= follows_lines and priority(lead) - priority(finding) >= follows_priority
end

--- Groups ordered findings by cause: the finding that explains it, and those that follow from it.
---@param ordered diagnose.Finding[]
---@return { lead: diagnose.Finding, follows: diagnose.Finding[] }[]
function M.group(ordered)
    local causes = {}
    for _, finding in ipairs(ordered) do
        local found
        for _, cause in ipairs(causes) do
            if follows(finding, cause.lead) then
                found = cause
                break
            end
        end
        if found then
            table.insert(found.follows, finding)
        else
            causes[#causes + 1] = { lead = finding, follows = {} }
        end
    end
    return causes
end

return M
