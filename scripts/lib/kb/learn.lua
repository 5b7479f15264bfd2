-- `uhost kb learn LOG`
local draft = require("lib.kb.draft")
local logs = require("lib.kb.logs")
local pattern_of = require("lib.kb.pattern").of

local M = {}

local max_others, max_rejects = 5, 2
-- So much of two lines must be the same words for one to be a near miss of the other.
local near = 0.4
local max_lines = 50000

-- Below this priority an entry names a symptom, such as the exit code of what failed.
local least_priority = 20

-- Lines that an entry says something about: those that are explained, and those that are symptoms, by the entry's id.
local function known_lines(base, scan)
    local explained, symptoms, counts = {}, {}, {}
    for _, hit in ipairs(scan.entries) do
        local id = hit.entry.id
        if counts[id] == nil then counts[id] = base:finding(hit, {}) ~= nil end
    end
    for _, hit in ipairs(scan.entries) do
        local known = (hit.entry.priority or 50) < least_priority and symptoms or explained
        local last = math.min(hit.last_line or hit.line_number, hit.line_number + 50)
        for number = hit.line_number, counts[hit.entry.id] and last or 0 do known[number] = hit.entry.id end
    end
    return explained, symptoms
end

-- Telling lines of the passage that explains the failure stand before others.
local function passage_first(salient, passage)
    local inside, outside = {}, {}
    for _, each in ipairs(salient) do
        local is_inside = passage and each.line_number >= passage.line_start and each.line_number <= passage.line_end
        table.insert(is_inside and inside or outside, each)
    end
    for _, each in ipairs(outside) do inside[#inside + 1] = each end
    return inside
end

local function at_line(opened, number)
    local line = number % 1 == 0 and opened:line(number)
    if not line then
        uhost.fail("usage", ("the log has no line %g"):format(number),
            { hint = ("it has %d"):format(opened.count or opened:index()) })
    end
    return { line_number = number, line = line }
end

-- The line to draft for, and the other salient ones.
local function chosen(options, base, opened, source, green)
    local report = require("lib.diagnose.report").of(source, opened, base, { context = 0 })
    local salient = log_text.salient_lines(opened, report.structure, { green = green, limit = 30 })
    if not green then salient = passage_first(salient, report.explanation) end
    if options.line then return at_line(opened, options.line), salient end
    local scan = base:scan(opened)
    local explained, symptoms = known_lines(base, scan)
    local unknown, ids = {}, {}
    for _, each in ipairs(salient) do
        local id = explained[each.line_number] or symptoms[each.line_number]
        if id then
            ids[id] = true
        elseif (each.is_error or each.new) and pattern_of(each.line) then
            unknown[#unknown + 1] = each
        end
    end
    return table.remove(unknown, 1), unknown, ids
end

local function words_of(line)
    local words, count = {}, 0
    for word in log_text.mask(line):gmatch("[%w_]+") do
        if not words[word] then
            words[word], count = true, count + 1
        end
    end
    return words, count
end

-- How much of the words of two lines they share, 0 to 1.
local function likeness(words, count, line)
    local others, other_count = words_of(line)
    local both = 0
    for word in pairs(others) do both = both + (words[word] and 1 or 0) end
    return both / math.max(1, count + other_count - both)
end

-- Lines that look alike and are not matched, and how many are.
local function near_misses(compiled, line, list)
    local words, count = words_of(line)
    local misses, seen, alike = {}, {}, 0
    for position, opened in ipairs(list) do
        log_text.each_line(opened, nil, nil, max_lines, function(other)
            local ok, matched = pcall(compiled.test, compiled, other)
            if ok and matched then
                if position == 1 then alike = alike + 1 end
            elseif not seen[other] and #other > 0 and #other < 500 then
                seen[other] = true
                local how = likeness(words, count, other)
                if how >= near then misses[#misses + 1] = { line = other, how = how } end
            end
        end)
    end
    table.sort(misses, function(a, b)
        if a.how ~= b.how then return a.how > b.how end
        return a.line < b.line
    end)
    local rejects = {}
    for i = 1, math.min(#misses, max_rejects) do rejects[i] = misses[i].line end
    return rejects, alike
end

local function some_of(list, except)
    local some = {}
    for _, each in ipairs(list) do
        if each.line_number ~= except and #some < max_others then some[#some + 1] = each end
    end
    return some
end

local function tell_nothing(ids, name)
    local known = tables.sorted_keys(ids or {})
    if #known > 0 then
        io.stderr:write(("the salient lines of %s are known: %s\n"):format(term.untrusted(name),
            term.untrusted(table.concat(known, ", "))))
    else
        io.stderr:write(("no line of %s looks like an error\n"):format(term.untrusted(name)))
    end
    io.stderr:write("  hint: name a line to draft for: --line N\n")
    return 1
end

-- A draft may be for what a known entry says already, in other words.
local function tell_known(ids)
    local known = tables.sorted_keys(ids or {})
    if #known == 0 then return end
    io.stderr:write(("other lines are known: %s\n"):format(term.untrusted(table.concat(known, ", "))))
end

local function check_options(options)
    if options.output and fs.exists(options.output) then
        uhost.fail("usage", ("%s is there already"):format(options.output),
            { hint = "name a new file, and move the entry to where it belongs" })
    end
    if options.id then
        local _, problems = require("uhost.kb.schema").check_item("entries", { id = options.id }, "draft", {})
        for _, problem in ipairs(problems) do
            if problem.path == "draft.id" then
                uhost.fail("usage", ("--id: '%s' is not an id"):format(options.id), { hint = problem.hint })
            end
        end
    end
end

local function write(options, source)
    source = uhost.mask(source)
    if not options.output then
        io.write(source)
        return 0
    end
    fs.mkdir(fs.dirname(options.output))
    fs.write(options.output, source)
    local file = term.untrusted(options.output)
    io.stderr:write(("wrote %s; `uhost check %s` says what is left to fill in\n"):format(file, file))
    return 0
end

local function learn(options, base, opened, source, green)
    local name = source.name
    local line, others, ids = chosen(options, base, opened, source, #green > 0 and green or nil)
    if not line then return tell_nothing(ids, name) end
    tell_known(ids)
    local pattern, names = pattern_of(line.line)
    if not pattern then
        uhost.fail("usage", ("line %d has no words that could be looked for"):format(line.line_number),
            { hint = "name another line: --line N" })
    end
    local all = { opened }
    for i, each in ipairs(green) do all[i + 1] = each end
    local rejects, alike = near_misses(re.compile(pattern), line.line, all)
    return write(options, draft.source({
        id = options.id or draft.id_of(line.line, function(id) return base:entry(id) ~= nil end), log = name,
        line_number = line.line_number, line = line.line, pattern = pattern, names = names, rejects = rejects,
        others = some_of(others, line.line_number), alike = alike,
    }))
end

---@param options table
---@param base kb.Base
---@return integer
function M.run(options, base)
    check_options(options)
    return logs.with(options.log, function(opened, source)
        return logs.with_all(options.green, function(green) return learn(options, base, opened, source, green) end)
    end)
end

return M
