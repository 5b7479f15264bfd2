-- The most salient lines of a log that nothing known explains: those that look like errors and are rare; and, beside
-- logs of runs of the same job that went well, those that these do not have.
local templates = require("uhost.log_text.templates")

local M = {}

-- So much of failed steps is looked at, of each from its end; and of a log of a run that went well.
local max_lines, max_green_lines = 30000, 200000
local default_limit, max_bytes = 15, 1000
-- So many lines at the end of where something failed are given when there is nothing better.
local last_words, few = 12, 5
-- Of lines with one template, so many are given.
local max_alike = 2
-- What a line at the end is worth more than one at the beginning.
local late = 3

-- How much single words say that something went wrong.
local word_weights = {
    fatal = 5, panic = 5, panicked = 5, error = 4, err = 3, exception = 4, traceback = 4, failed = 4, failure = 3,
    fail = 3, fails = 2, failing = 2, abort = 4, aborted = 4, aborting = 3, segfault = 5, segmentation = 5, denied = 4,
    forbidden = 4, unauthorized = 4, cannot = 3, unable = 3, undefined = 3, unresolved = 3, missing = 3, invalid = 3,
    unexpected = 3, refused = 4, timeout = 3, killed = 4, mismatch = 3, conflict = 2, corrupt = 4, corrupted = 4,
    unsupported = 3, unrecognized = 3, unknown = 2, rejected = 3, expired = 3, wrong = 2, illegal = 3, violation = 3,
    expected = 1, assertion = 3, crash = 4, crashed = 4, errored = 3, incompatible = 3, exceeded = 3, nonexistent = 3,
    broken = 3, malformed = 3, errors = 2, failures = 2, exceptions = 1, stderr = 1, warning = -4, warn = -4,
    deprecated = -3, deprecation = -3, info = -2, debug = -3, notice = -2, passed = -2, succeeded = -3, success = -3,
    skipped = -2, skipping = -2, ok = -2, ignored = -3, ignore = -2, ignoring = -3,
}

-- What a few words say together. Plain texts, in lower case.
local phrase_weights = {
    { "not found", 4 }, { "no such", 4 }, { "does not exist", 4 }, { "doesn't exist", 4 }, { "could not", 4 },
    { "couldn't", 4 }, { "can't", 3 }, { "not defined", 3 }, { "timed out", 4 }, { "out of memory", 5 },
    { "no space", 5 }, { "not permitted", 4 }, { "not installed", 4 }, { "not allowed", 4 }, { "must be", 2 },
    { "unable to", 2 }, { "core dumped", 5 }, { "exit code 0", -6 }, { "0 errors", -6 }, { "0 failed", -6 },
    { "0 failures", -6 }, { "no errors", -6 }, { "errors: 0", -6 }, { "failures: 0", -6 }, { "failed: 0", -6 },
    { "without error", -5 }, { "continue-on-error", -5 }, { "exit code", -1 }, { "not found, using", -3 },
}

-- How a line begins that is about work, not about its outcome: what a command is, what is fetched, built or passed.
local work = {
    "^%++ ?%a", "^%$ ", "^%[command%]", "^##%[group%]", "^##%[command%]", "^##%[debug%]", "^##%[endgroup%]", "^Run ",
    "^Compiling ", "^Download", "^Fetch", "^Get:", "^Hit:", "^Unpacking ", "^Selecting ", "^Setting up ", "^Preparing ",
    "^Collecting ", "^Installing ", "^Building ", "^Checking ", "^Using ", "^adding:? ", "^Requirement already",
    "^ok%s", "^PASS", "^✓", "^✔", "^%[%s*OK", "^%-%- ", "^%* %[new", "^remote: ", "^Receiving ", "^Resolving ",
}

-- Points of a list, as in the notes of a release that was just installed.
local points = { "^%* ", "^%- ", "^• " }

-- A place in a source file: "a/b.c:12", "b.py\", line 3".
local function has_place(line)
    return line:find("[%w_]%.%a[%w+]*[:(]%d+") ~= nil or line:find('", line %d') ~= nil
end

-- Words as they are written, with their weights or false, and the one word that all forms of it count as.
local known_words, words_known = {}, 0
local max_known_words = 20000

local function known_word(word)
    local lower = word:lower()
    local own = word_weights[lower] or false
    if not own and (word:find("%l%l%l%lError$") or word:find("%lException$")) then own, lower = 4, "…error" end
    if words_known >= max_known_words then known_words, words_known = {}, 0 end
    local known = own and { weight = own, as = lower }
    known_words[word], words_known = known, words_known + 1
    return known
end

local function words_weight(line)
    local weight, seen = 0, nil
    -- The words in addresses and paths mean nothing.
    local plain = line:find("/", 1, true) and line:gsub("%a+://%S+", " "):gsub("[%w_%-%.]*/[%w_%-%./]*", " ") or line
    for word in plain:gmatch("%a+") do
        local known = known_words[word]
        if known == nil then known = known_word(word) end
        if known then
            seen = seen or {}
            if not seen[known.as] then weight = weight + known.weight end
            seen[known.as] = true
        end
    end
    return weight
end

local function begins_with_place(text)
    return text:find("^%s*[%w_%-%./\\]+%.%a%w*[:(]%d+[:,%d]*%)?:?%s?%S") ~= nil
end

-- Whether a phrase may be in it that weighs something although no word does.
local function may_say_no(text) return text:find("%f[%a][nN]o[t ]") ~= nil end

-- Whether a line's weight is 0 or less, by a quick look that sees it of most such lines.
local function is_surely_light(line)
    local text = line:sub(1, max_bytes)
    return words_weight(text) <= 0 and not begins_with_place(text) and not may_say_no(text)
end

--- How much a line looks like what went wrong; 0 and less for one that does not.
---@param line string
---@return number
function M.weight(line)
    local text = line:sub(1, max_bytes)
    local weight = words_weight(text)
    if begins_with_place(text) then weight = weight + 3 end
    local trimmed = text:gsub("^%s+", "")
    for _, start in ipairs(work) do
        if trimmed:find(start) then weight = weight - 5 end
    end
    if weight <= 0 and not may_say_no(text) then return weight end
    local lower = text:lower()
    for _, phrase in ipairs(phrase_weights) do
        if lower:find(phrase[1], 1, true) then weight = weight + phrase[2] end
    end
    for _, point in ipairs(points) do
        if trimmed:find(point) then weight = weight - 3 end
    end
    if trimmed:find("^##%[error%]") or trimmed:find("^%S*[eE]rror[%[:%s]") or trimmed:find("^ERROR") then
        weight = weight + 2
    end
    if weight > 0 and has_place(text) then weight = weight + 2 end
    -- Long lines name many things, and explain few.
    return math.min(weight, 12) - math.min(math.max(0, #line - 300) / 200, 3)
end

-- Where to look: in the steps that failed, otherwise where the structure says that work ended, or in all of it.
local function ranges_of(structure, count)
    local ranges = {}
    for _, step in ipairs(type(structure) == "table" and structure.failed_steps or {}) do
        local first, last = tonumber(step.first_line), tonumber(step.last_line)
        if first and last and first <= last then ranges[#ranges + 1] = { math.max(first, 1), math.min(last, count) } end
    end
    table.sort(ranges, function(a, b) return a[1] < b[1] end)
    local focus = type(structure) == "table" and structure.focus
    if #ranges == 0 and focus and focus.before - focus.after > 1 then
        ranges[1] = { math.max(focus.after, 1), math.min(focus.before - 1, count) }
    end
    if #ranges == 0 then ranges[1] = { 1, count } end
    return ranges
end

local function learn(logs)
    if not logs or #logs == 0 then return nil end
    local green = templates.miner()
    for _, opened in ipairs(logs) do green:add_log(opened, nil, nil, max_green_lines) end
    return green
end

-- A function of a line, computed once for each: most lines of long logs come again. Those of one log are held.
local function remembered(of)
    local known = {}
    return function(line)
        local value = known[line]
        if value == nil then
            value = of(line)
            known[line] = value
        end
        return value
    end
end

-- The lines that come into question, with how much each looks like an error, and how often its template is there.
local function candidates(opened, structure, green)
    local list, counts, known = {}, {}, {}
    local ranges, left = ranges_of(structure, opened.count or opened:index()), max_lines
    local is_light, weight_of = remembered(is_surely_light), remembered(M.weight)
    for i, range in ipairs(ranges) do
        -- What short steps do not need is for those after them.
        local most = math.floor(left / (#ranges - i + 1))
        left = left - math.min(most, range[2] - range[1] + 1)
        templates.each_line(opened, range[1], range[2], most, function(line, number)
            local is_at_end = range[2] - number < last_words
            if not green and not is_at_end and is_light(line) then return end
            local weight = weight_of(line)
            -- What a step said last is better than nothing.
            local is_end = is_at_end and weight > -3
            if not line:find("%w") or weight <= 0 and not green and not is_end then return end
            local template = templates.mask(line)
            counts[template] = (counts[template] or 0) + 1
            if known[template] == nil then known[template] = green ~= nil and green:knows(line) end
            if known[template] or counts[template] > max_alike then return end
            list[#list + 1] = {
                line_number = number, line = line, template = template, weight = weight, is_error = weight > 0,
            }
        end)
    end
    return list, counts
end

-- Errors that follow each other closely have one cause, which the first names: each further one counts less. The same
-- holds at the end of a step, where what went wrong is summed up.
local function spread(list)
    local last, run = nil, 0
    for _, each in ipairs(list) do
        run = last and each.line_number - last <= 3 and run + 1 or 0
        if each.is_error then each.score = each.score - math.min(run, 6) * 0.25 end
        last = each.line_number
    end
end

-- The first so many; a line that looks like no error only where there are few that do.
local function shortened(list, limit)
    local short = {}
    for _, each in ipairs(list) do
        if #short < limit and (each.is_error or each.new or #short < few) then short[#short + 1] = each end
    end
    return short
end

--- The most salient lines, the best first. With logs of runs that went well, none whose template these have.
---@param opened log_text.Log
---@param structure? table  its `failed_steps` say where to look: a list of { first_line, last_line }
---@param options? { green?: log_text.Log[], limit?: integer }  15 lines unless given
---@return { line_number: integer, line: string, score: number, template: string, new: boolean, is_error: boolean }[]
function M.lines(opened, structure, options)
    options = options or {}
    local green = learn(options.green)
    local list, counts = candidates(opened, structure, green)
    local count = opened.count
    for _, each in ipairs(list) do
        -- What ends a run stands near the end of its log.
        each.score = each.weight - math.log(counts[each.template]) / math.log(2) + late * each.line_number / count
        each.new, each.weight = green ~= nil, nil
    end
    spread(list)
    table.sort(list, function(a, b)
        if a.score ~= b.score then return a.score > b.score end
        return a.line_number < b.line_number
    end)
    return shortened(list, options.limit or default_limit)
end

return M
