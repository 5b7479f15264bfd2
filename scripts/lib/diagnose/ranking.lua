-- Which of the findings explains a failure: puts them in order, says why each stands before the next, and which of them
-- follow from another. A finding's score is a sum of terms that a person could name; the sentence comes from the terms
-- in which a finding is most ahead of its runner-up.
local M = {}

-- What speaks for a finding, each as a number and in words. A point is worth ten points of an entry's priority --------

-- Other findings of the failing step that explain more than this count as errors that came first.
local min_priority = 30
-- A finding so many lines from the passage agrees with it. Where the two disagree, the finding is wrong far more often
-- than the passage, so that the place counts as much as forty points of priority.
local near_passage = 3
-- Rarity says something only once so many logs were looked at.
local min_logs = 10

---@class diagnose.RankFacts
---@field focus? log_text.Focus
---@field passage? { line_start: integer, line_end: integer }
---@field errors table<integer, true>  lines of diagnostics and failed tests
---@field position table<table, integer>  the place of a finding among those of the failing step
---@field history? { counts: table<string, kb.Count>, logs: integer }
---@field words table<string, number>  how much a pattern spells out, by id

local function is_inside(finding, focus)
    return focus ~= nil and finding.line_number > focus.after and finding.line_number <= focus.before
end

local function explains(finding)
    return (finding.priority or 50) > min_priority and (finding.severity or "error") == "error"
end

-- Which finding of the failing step comes first, second, …: entries that match again do not count again.
local function positions(findings, focus)
    local inside = {}
    for _, finding in ipairs(findings) do
        if (focus == nil or is_inside(finding, focus)) and explains(finding) then inside[#inside + 1] = finding end
    end
    table.sort(inside, function(a, b)
        if a.line_number ~= b.line_number then return a.line_number < b.line_number end
        return a.id < b.id
    end)
    local position, last_line, rank = {}, nil, 0
    for _, finding in ipairs(inside) do
        if finding.line_number ~= last_line then rank = rank + 1 end
        position[finding], last_line = rank, finding.line_number
    end
    return position
end

-- How many letters a pattern spells out.
local function letters_of(match)
    local patterns, count = type(match) == "table" and match or { match }, 0
    for _, pattern in ipairs(patterns) do
        local plain = tostring(pattern):gsub("%(%?<[%w_]+>", ""):gsub("\\.", ""):gsub("%[.-%]", "")
        for word in plain:gmatch("%a%a%a+") do count = count + #word end
    end
    return count, #patterns
end

local function words_of(findings, base)
    local words = {}
    for _, finding in ipairs(findings) do
        if not words[finding.id] then
            local entry = base and base:entry(finding.id)
            local letters, patterns = letters_of(entry and entry.match or finding.match or "")
            local captured = 0
            for name in pairs(finding.captures or {}) do
                if type(name) == "number" and name > 0 then captured = captured + 1 end
            end
            words[finding.id] = math.min(1, letters / 40) + math.min(0.6, captured * 0.2) + (patterns > 1 and 0.5 or 0)
        end
    end
    return words
end

---@param findings diagnose.Finding[]
---@param context diagnose.RankContext
---@return diagnose.RankFacts
local function facts_of(findings, context)
    local focus = context.structure and context.structure.focus
    local errors = {}
    for _, diagnostic in ipairs(context.diagnostics or {}) do
        if diagnostic.line_number and diagnostic.severity == "error" then errors[diagnostic.line_number] = true end
    end
    for _, test in ipairs(context.tests and context.tests.all or {}) do
        if test.line_number then errors[test.line_number] = true end
    end
    return {
        focus = focus, passage = context.explanation, errors = errors, position = positions(findings, focus),
        history = context.history, words = words_of(findings, context.scan and context.scan.base),
    }
end

local function distance_to_passage(finding, passage)
    if finding.line_number < passage.line_start then
        return passage.line_start - math.max(finding.last_line or 0, finding.line_number)
    end
    return math.max(0, finding.line_number - passage.line_end)
end

local function share(finding, history)
    local known = history.counts[finding.id]
    return known and known.logs or 0, history.logs
end

---@class diagnose.RankTerm
---@field name string
---@field of fun(finding: diagnose.Finding, facts: diagnose.RankFacts): number
---@field why fun(winner: table, loser: table): string

---@type diagnose.RankTerm[]
local terms = {
    {
        name = "priority",
        of = function(finding) return (finding.priority or 50) / 10 end,
        why = function(winner, loser)
            return ("it names the cause more exactly (priority %d against %d)"):format(winner.finding.priority or 50,
                loser.finding.priority or 50)
        end,
    },
    {
        name = "severity",
        of = function(finding)
            return ({ error = 0, warning = -2.5, note = -4 })[finding.severity or "error"] or 0
        end,
        why = function(winner, loser)
            local own = winner.finding.severity or "error"
            return ("it is %s, not a %s"):format(own == "error" and "an error" or "a " .. own, loser.finding.severity)
        end,
    },
    {
        name = "step",
        of = function(finding, facts)
            local focus = facts.focus
            if not focus then return 0 end
            if is_inside(finding, focus) then return focus.certain and 1.5 or 1 end
            if finding.line_number > focus.before then return focus.certain and -2.5 or -1.5 end
            return focus.certain and -2 or -0.5
        end,
        why = function(winner, loser)
            local focus = winner.facts.focus
            if not is_inside(winner.finding, focus) then return "it is nearer to the step that failed" end
            return loser.finding.line_number > focus.before
                and "it is in the step that failed and the next comes only after it"
                or "it is in the step that failed and the next is before it"
        end,
    },
    {
        name = "passage",
        of = function(finding, facts)
            local passage = facts.passage
            if not passage then return 0 end
            local distance = distance_to_passage(finding, passage)
            return distance <= near_passage and 4 or distance <= 10 and 0.75 or 0
        end,
        why = function(winner)
            local passage = winner.facts.passage
            local agrees = distance_to_passage(winner.finding, passage) <= near_passage
            return agrees and "it is in the most salient passage" or "it is close to the most salient passage"
        end,
    },
    {
        name = "first",
        of = function(finding, facts)
            local position = facts.position[finding]
            return position and math.max(-1, 1.25 - 0.5 * (position - 1)) or 0
        end,
        why = function(winner)
            return winner.facts.position[winner.finding] == 1 and "it is the first error of the step"
                or "it comes earlier in the step"
        end,
    },
    {
        name = "specific",
        of = function(finding, facts) return facts.words[finding.id] end,
        why = function() return "its pattern spells out more of the line" end,
    },
    {
        name = "read",
        of = function(finding, facts) return facts.errors[finding.line_number] and 0.3 or 0 end,
        why = function() return "its line is an error of a compiler or a failed test" end,
    },
    {
        name = "rare",
        of = function(finding, facts)
            if not facts.history or facts.history.logs < min_logs then return 0 end
            local logs, all = share(finding, facts.history)
            return math.min(1.2, -0.6 * math.log10((logs + 1) / (all + 1)))
        end,
        why = function(winner, loser)
            local logs, all = share(winner.finding, winner.facts.history)
            return ("it is rarer (in %d of %d earlier logs against %d)"):format(logs, all,
                (share(loser.finding, loser.facts.history)))
        end,
    },
    {
        name = "once",
        of = function(finding)
            local times = finding.times or 1
            return times > 5 and -math.min(1, 0.5 * math.log10(times / 5)) or 0
        end,
        why = function(_, loser) return ("the next is found %d times in the log"):format(loser.finding.times or 1) end,
    },
}

-- Order ---------------------------------------------------------------------------------------------------------------

-- A term that is ahead by less is not worth a word.
local min_lead = 0.25
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
    for _, term in ipairs(terms) do
        local lead = winner.terms[term.name] - loser.terms[term.name]
        if lead >= min_lead then list[#list + 1] = { term = term, lead = lead } end
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

-- Findings of a list of rules that has an order keep it among themselves, in the places that they have together.
local function in_listed_order(ordered)
    local places = {}
    for i, finding in ipairs(ordered) do
        if finding.rank then
            places[finding.rules] = places[finding.rules] or {}
            table.insert(places[finding.rules], i)
        end
    end
    for _, list in pairs(places) do
        local own = {}
        for i, place in ipairs(list) do own[i] = ordered[place] end
        table.sort(own, function(a, b)
            if a.rank ~= b.rank then return a.rank < b.rank end
            return a.line_number < b.line_number
        end)
        for i, place in ipairs(list) do
            ordered[place] = own[i]
            own[i].why = ("It is number %d of its list of rules, which has an order."):format(own[i].rank)
        end
    end
    return ordered
end

--- Orders findings by how much they explain the failure. Each gets `why` and `score`.
---@param findings diagnose.Finding[]
---@param context diagnose.RankContext
---@return diagnose.Ranked[]
function M.rank(findings, context)
    context = context or {}
    local facts, ranked = facts_of(findings, context), {}
    for i, finding in ipairs(findings) do
        local points, score = {}, 0
        for _, term in ipairs(terms) do
            points[term.name] = term.of(finding, facts)
            score = score + points[term.name]
        end
        ranked[i] = { finding = finding, terms = points, score = score, facts = facts }
    end
    table.sort(ranked, before)
    local ordered = {}
    for i, each in ipairs(ranked) do
        local runner_up = ranked[i + 1]
        each.finding.why = runner_up and why_before(each, runner_up) or why_alone(each, #ranked)
        each.finding.score = each.score
        ordered[i] = each.finding
    end
    return in_listed_order(ordered)
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
