-- What the hits of one reader's patterns mean. A pattern says what it `gives`, a failure by default:
--   failure    a failed test: `name` (templates), `message`, `file`, `line`, `suite`; `above`, `below`
--              and `before` look around it; of a sequence it is at the last line with `at_last`
--   list       a list of failed tests begins: `list` says how it is read; `recovers`: they passed in the end
--   counts     a summary with numbers; `fallback` counts only where no other summary is, `partial` is one of several
--              lines that make up a summary
--   recovered  a test that passed when it was run again: it did not fail
--   place      names the suite of the failures before it
--   context    nothing by itself
-- A failure is of a test, unless `of` says "suite": one that failed to run, which the tool does not count among its
-- tests. Names that match the reader's `setup` are of hooks and modules, which it does count among them.
-- What is `supporting` counts only where something else of its reader is found that counts or `proves` that
-- the tool ran. Each may set `sets` (values for templates further down), a `section`, and ask to be `inside` of one.
local counts = require("lib.log_readers.tests.counts")
local lists = require("lib.log_readers.tests.list")
local names = require("lib.log_readers.tests.names")
local records = require("lib.log_readers.tests.records")
local texts = require("lib.log_readers.tests.text")

local M = {}

local max_messages = 5000 -- beyond, tests are named without what they said

local gives = {}

local function filled(state, templates, captures)
    return names.first(templates, captures, state.context)
end

local function add_failure(state, spec, role, captures, line_number, message, in_full, message_line)
    local name = filled(state, spec.name, captures)
    if name == nil then return end
    name = names.cut(name)
    if name == "" then return end
    state.records:add({
        name = name,
        key = filled(state, spec.key, captures),
        alias = filled(state, spec.alias, captures),
        role = role,
        weak = spec.weak,
        line_number = line_number,
        message = message,
        message_line = message_line,
        in_full = in_full,
        has_block = spec.below ~= nil,
        file = filled(state, spec.file or "{file}", captures),
        line = tonumber(filled(state, spec.line or "{line}", captures)),
        suite = filled(state, spec.suite or "{suite}", captures),
        is_suite = spec.of == "suite" or nil,
        is_setup = state.setup ~= nil and texts.match(name, state.setup) ~= nil or nil,
    })
end

local function with(captures, more)
    for name, value in pairs(more or {}) do
        if type(name) == "string" and captures[name] == nil then captures[name] = value end
    end
    return captures
end

-- Where the lines before a hit begin; the rule's `since` may name captures.
local function since(rule, captures)
    local pattern = rule.since:gsub("{(%a%w*)}", function(name) return (captures[name] or ""):gsub("%W", "\\%0") end)
    return { match = pattern, within = rule.within }
end

function gives.failure(state, spec, hit, next_line)
    local captures, line_number = with({}, hit.captures), spec.at_last and hit.last_line or hit.line_number
    for at = 1, #hit.captures do captures[at] = hit.captures[at] end
    local prefix = captures.prefix
    if spec.above then
        local above, number = texts.above(state.text, line_number, prefix, spec.above)
        if above == nil and not spec.above.optional then return end
        captures = with(captures, above)
        if spec.above.begins and number then line_number = number end
    end
    local message = filled(state, spec.message, captures)
    local in_full, message_line = false, nil
    if spec.below and (state.messages < max_messages or spec.below.locate) then
        state.messages = state.messages + 1
        local block, located, begins = texts.block(state.text, hit.last_line + 1, next_line, prefix, spec.below)
        captures = with(captures, located)
        if block then message, in_full, message_line = block, true, begins end
    end
    if spec.before and not in_full and state.messages < max_messages then
        state.messages = state.messages + 1
        local _, from = texts.above(state.text, hit.line_number, prefix, since(spec.before, captures))
        if from then
            local block, located, begins = texts.block(state.text, from + 1, hit.line_number - 1, prefix, spec.before)
            captures = with(captures, located)
            if block then message, in_full, message_line = block, true, begins end
        end
    end
    add_failure(state, spec, hit.role, captures, line_number, message and names.cut(message, 1000), in_full,
        message_line)
end

function gives.list(state, spec, hit)
    lists.read(state.text, hit.line_number, hit.captures.prefix, spec.list, function(captures, line_number, message)
        if spec.recovers then return state.records:forgive(filled(state, spec.name, captures) or "") end
        add_failure(state, spec, hit.role, captures, line_number, message or filled(state, spec.message, captures),
            message ~= nil)
    end)
end

function gives.recovered(state, spec, hit)
    local name = filled(state, spec.key or spec.name, hit.captures)
    if name then state.records:forgive(name, filled(state, spec.suite or "{suite}", hit.captures)) end
end

function gives.place(state, spec, hit)
    local suite = filled(state, spec.suite, hit.captures)
    if suite then state.records:place(names.cut(suite), state.placed or 1) end
    state.placed = hit.line_number + 1
end

function gives.context() end

-- Some tools print a summary twice, to the terminal and to a file that is shown.
local function repeated(state, hit)
    local last = state.last_summary
    state.last_summary = hit
    return last and last.line == hit.line and last.line_number + 1 == hit.line_number
end

function gives.counts(state, spec, hit)
    if repeated(state, hit) then return end
    if spec.partial then
        state.partial = counts.add(state.partial, counts.numbers(hit.captures), spec.counting)
        return
    end
    local found = counts.of(hit.captures, spec)
    if spec.settles then state.records:settle(found and found.failed) end
    if found == nil then return end
    local kind = spec.fallback and "fallback" or "counts"
    state[kind] = counts.add(state[kind], found, spec.counting)
end

-- The line before the next hit that may begin something else.
local function next_lines(reader, hits)
    local result, ahead = {}, nil
    for at = #hits, 1, -1 do
        local hit = hits[at]
        result[at] = ahead and ahead - 1 or nil
        if ahead and ahead == hit.line_number then result[at] = result[at + 1] end
        if not reader.patterns[hit.role].transparent then ahead = hit.line_number end
    end
    return result
end

local function inside(state, spec)
    if spec.inside == nil then return true end
    return state.section ~= nil and texts.match(state.section, spec.inside) ~= nil
end

local function apply(state, spec, hit, next_line)
    if not inside(state, spec) then return end
    if spec.proves or (not spec.supporting and spec.gives ~= "context") then state.seen = true end
    if spec.section then state.section = filled(state, spec.section, hit.captures) end
    for name, template in pairs(spec.sets or {}) do state.context[name] = filled(state, template, hit.captures) end
    gives[spec.gives or "failure"](state, spec, hit, next_line)
    if spec.counts then gives.counts(state, spec, hit) end
end

-- What a summary leaves out follows from the rest.
local function filled_up(counted, named)
    local failures, skipped = counted.failed or named, counted.skipped or 0
    return { total = counted.total, failures = failures, skipped = skipped,
        passed = counted.passed or math.max(0, counted.total - failures - math.min(skipped, counted.total)) }
end

---@class log_readers.TestRun
---@field reader string  the reader's id
---@field framework string
---@field total? integer  tests that ran, as the tool counts; nil when it printed no summary
---@field passed? integer
---@field skipped? integer
---@field failures? integer  how many failed by the summaries
---@field failed log_readers.FailedTest[]
---@field shared boolean?  whether the reader is of marks that many tools share, and of none in particular
---@field first_line integer

--- What one reader finds, or nil when its hits say nothing about a run.
---@param reader table
---@param hits table[]  in the order of their lines
---@param text log_readers.Text
---@return log_readers.TestRun?
function M.read(reader, hits, text)
    local state = { records = records.new(), context = {}, text = text, messages = 0, setup = reader.setup }
    local next_line = next_lines(reader, hits)
    for at, hit in ipairs(hits) do apply(state, reader.patterns[hit.role], hit, next_line[at]) end
    state.records:drop_parents()
    state.records:settle(nil)
    local failed = state.records:failed()
    if not state.seen then return nil end
    local counted = state.counts or state.fallback or (state.partial and counts.complete(state.partial, reader))
    if counted == nil and #failed == 0 then return nil end
    local run = counted and filled_up(counted, #failed) or {}
    return {
        reader = reader.id,
        framework = state.context.framework or reader.framework,
        total = run.total,
        passed = run.passed,
        skipped = run.skipped,
        failures = run.failures,
        failed = failed,
        shared = reader.shared,
        first_line = hits[1].line_number,
    }
end

return M
