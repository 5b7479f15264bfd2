-- Fits the weights of `lib.diagnose.explanation_model` to passages that people marked: a conditional logit in which a
-- marked line is the anchor among the lines that may be one. Weights are held towards what was judged beforehand, so
-- that a property that only one project has moves little; projects count by the root of their number of logs.
local anchors_of = require("lib.diagnose.anchors")
local labelled_logs = require("labelled_logs")
local read_diagnostics = require("lib.log_readers.diagnostics").read
local read_tests = require("lib.log_readers.tests").read

local M = {}

---@class bench.FitOptions
---@field ridge number  how strongly weights are held towards the prior
---@field place number  how many times as strongly those of where a line stands are
---@field rounds integer

M.options = { ridge = 1, place = 20, rounds = 60 }

-- Where a line stands says what one project's logs look like more than what explains a failure.
local function is_of_place(name)
    return name:find("^end_") or name:find("^start_") or name:find("^wrappers?_") or name:find("^many_")
end

-- What a person would say before seeing any log; weights are held towards it.
M.prior = {
    is_first_test = 10, is_first_message = 1.5, is_first_error = 5, is_finding = 4, first_finding = 2, is_crash = 3,
    first_crash = 2, is_time_limit = 7, is_sanitizer = 10, is_ci_error = 1, is_error_line = 1, is_diagnostic = 1,
    is_not_found = 0.5, is_failure_item = 1, is_error_mention = 0.5, is_blankish = -1,
    is_passing = -1, is_progress = -1, is_warning = -0.5, is_wrapper = -0.5, is_no_error = -0.5, outside_before = -2,
    outside_after = -3, first_failure_item = 1, first_under_heading = 3, first_block_0 = 2,
    is_exit_meaning = 3, is_terminal = 1, below_terminal = 1.5,
}

---@class bench.FitLog
---@field labelled bench.LabelledLog
---@field project string
---@field language string
---@field rows table[]  of each line that may be the anchor, the properties' numbers and values
---@field marked boolean[]  which of the lines are in the mark

---@class bench.FitNames
---@field ids table<string, integer>
---@field names string[]

---@return bench.FitNames
function M.names() return { ids = {}, names = {} } end

--- The lines of a log as numbers.
---@param anchors diagnose.Anchors
---@param first integer
---@param last integer
---@param names bench.FitNames
---@return { rows: table[], marked: boolean[] }
function M.rows(anchors, first, last, names)
    local rows, marked = {}, {}
    for i, line in ipairs(anchors.lines) do
        local ids, values = {}, {}
        anchors_of.each_property(anchors, line, function(name, value)
            local id = names.ids[name]
            if not id then
                id = #names.names + 1
                names.ids[name], names.names[id] = id, name
            end
            ids[#ids + 1], values[#values + 1] = id, value
        end)
        rows[i], marked[i] = { ids = ids, values = values }, line >= first and line <= last
    end
    return { rows = rows, marked = marked }
end

--- The entries that a scan found, as the explanation takes them.
function M.findings_of(scan)
    local list = {}
    for _, hit in ipairs(scan.entries) do
        local entry = hit.entry
        list[#list + 1] = { id = entry.id, line_number = hit.line_number, priority = entry.priority,
            severity = entry.severity }
    end
    return list
end

--- The logs that people marked passages in, as numbers.
---@return bench.FitLog[] logs, bench.FitNames names, fs.TempFolder? folder
function M.read()
    local base, names, list = kb.load(), M.names(), {}
    local logs, folder = labelled_logs.of_kind("chunk")
    for _, labelled in ipairs(logs) do
        local row = labelled.row
        -- Of a passage that was not found in the log again there are no lines.
        if type(row.line_start) == "number" then
            local log = log_text.open(labelled.path)
            local scan = base:scan(log)
            local found = { tests = read_tests(scan, log), diagnostics = read_diagnostics(scan, log),
                findings = M.findings_of(scan) }
            local anchors = anchors_of.read(scan, log, log_text.structure(scan, log).focus, found)
            local read = M.rows(anchors, row.line_start, row.line_end, names)
            read.labelled, read.language, read.project = labelled, row.language, labelled_logs.project_of(log)
            list[#list + 1] = read
            log:close()
        end
    end
    return list, names, folder
end

local function has_mark(log)
    for _, marked in ipairs(log.marked) do
        if marked then return true end
    end
    return false
end

local function exponentials(log, weights)
    local scores, highest = {}, -math.huge
    for i, row in ipairs(log.rows) do
        local score, ids, values = 0, row.ids, row.values
        for k = 1, #ids do score = score + weights[ids[k]] * values[k] end
        scores[i] = score
        if score > highest then highest = score end
    end
    local all, inside = 0, 0
    for i = 1, #scores do
        local e = math.exp(scores[i] - highest)
        scores[i], all = e, all + e
        if log.marked[i] then inside = inside + e end
    end
    return scores, all, inside
end

-- Adds the gradient of the log's likelihood: what the marked lines have more of than all lines.
local function add_gradient(log, weights, gradient, importance)
    local scores, all, inside = exponentials(log, weights)
    inside = math.max(inside, 1e-12 * all)
    for i, row in ipairs(log.rows) do
        local share = scores[i] / all
        local part = ((log.marked[i] and scores[i] / inside or 0) - share) * importance
        if part > 1e-6 or part < -1e-6 then
            local ids, values = row.ids, row.values
            for k = 1, #ids do gradient[ids[k]] = gradient[ids[k]] + part * values[k] end
        end
    end
end

local function importances(logs)
    local of_project = {}
    for _, log in ipairs(logs) do of_project[log.project] = (of_project[log.project] or 0) + 1 end
    local list = {}
    for i, log in ipairs(logs) do list[i] = 1 / math.sqrt(of_project[log.project]) end
    return list
end

--- The weights that fit the marks of some logs, by property number.
---@param logs bench.FitLog[]
---@param names bench.FitNames
---@param options? bench.FitOptions
---@param start? number[]  weights to begin with, which only saves time
---@return number[]
function M.fit(logs, names, options, start)
    options = options or M.options
    local count, prior, ridge = #names.names, {}, {}
    for id, name in ipairs(names.names) do
        prior[id], ridge[id] = M.prior[name] or 0, options.ridge * (is_of_place(name) and options.place or 1)
    end
    local used = {}
    for _, log in ipairs(logs) do
        if has_mark(log) then used[#used + 1] = log end
    end
    local weights, steps, before, importance = {}, {}, {}, importances(used)
    for id = 1, count do weights[id], steps[id], before[id] = start and start[id] or prior[id], 0.1, 0 end
    for _ = 1, options.rounds do
        local gradient = {}
        for id = 1, count do gradient[id] = ridge[id] * (prior[id] - weights[id]) end
        for i, log in ipairs(used) do add_gradient(log, weights, gradient, importance[i]) end
        -- Resilient steps: longer while the sign stays, shorter when it turns.
        for id = 1, count do
            local turn = gradient[id] * before[id]
            if turn > 0 then
                steps[id] = math.min(steps[id] * 1.2, 0.5)
            elseif turn < 0 then
                steps[id], gradient[id] = math.max(steps[id] * 0.5, 1e-4), 0
            end
            if gradient[id] > 0 then
                weights[id] = weights[id] + steps[id]
            elseif gradient[id] < 0 then
                weights[id] = weights[id] - steps[id]
            end
            before[id] = gradient[id]
        end
    end
    return weights
end

--- Weights by the properties' names, rounded as the model has them.
---@param weights number[]
---@param names bench.FitNames
---@return table<string, number>
function M.by_name(weights, names)
    local named = {}
    for name, weight in pairs(M.prior) do named[name] = weight end
    for id, weight in ipairs(weights) do
        local rounded = math.floor(weight * 100 + 0.5) / 100
        named[names.names[id]] = math.abs(rounded) >= 0.05 and rounded or nil
    end
    return named
end

return M
