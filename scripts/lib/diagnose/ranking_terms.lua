-- What speaks for a finding, each as a number and in words. A point is worth ten points of an entry's priority.
local M = {}

-- Other findings of the failing step that explain more than this count as errors that came first.
local least_priority = 30
-- Rarity says something only once so many logs were looked at.
local least_logs = 10

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
    return (finding.priority or 50) > least_priority and (finding.severity or "error") == "error"
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
function M.facts(findings, context)
    local focus = context.structure and context.structure.focus
    local errors = {}
    for _, diagnostic in ipairs(context.diagnostics or {}) do
        if diagnostic.line_number and diagnostic.severity == "error" then errors[diagnostic.line_number] = true end
    end
    for _, test in ipairs(context.tests and context.tests.failed or {}) do
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
M.terms = {
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
            return distance == 0 and 1.5 or distance <= 10 and 0.75 or 0
        end,
        why = function(winner)
            local passage = winner.facts.passage
            return distance_to_passage(winner.finding, passage) == 0 and "it is in the passage that tells most"
                or "it is close to the passage that tells most"
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
            if not facts.history or facts.history.logs < least_logs then return 0 end
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

return M
