-- The guard: two revisions of workflows in, findings out.
local advice = require("lib.workflow_guard.advice")
local called = require("lib.workflow_guard.called")
local changes = require("lib.workflow_guard.changes")
local compare = require("lib.workflow_guard.compare")
local mistakes = require("lib.workflow_guard.mistakes")
local model = require("lib.workflow_guard.model")
local patches = require("lib.workflow_guard.patches")
local purposes = require("lib.workflow_guard.purposes")
local reach = require("lib.workflow_guard.reach")
local risks = require("lib.workflow_guard.risks")
local similarity = require("lib.workflow_guard.similarity")
local suppressions = require("lib.workflow_guard.suppressions")

local M = {}

---@class workflow_guard.Finding
---@field rule string
---@field severity "error"|"warning"|"note"
---@field reduces boolean  fewer checks run because of it
---@field file string
---@field line integer
---@field column integer
---@field job? string
---@field step? string
---@field before? string
---@field after? string
---@field message string
---@field why string
---@field fix string
---@field patch? string  a unified diff

-- Where the text of a line begins.
local function first_column(text, number)
    local at = 0
    for line in (text .. "\n"):gmatch("(.-)\n") do
        at = at + 1
        if at == number then return line:find("%S") or 1 end
    end
    return 1
end

-- Where in the head a finding is to be seen: the key that made it, else the step or job.
local function place_of(workflow, fields)
    local owner = fields.step_model and fields.step_model.node or fields.job_model and fields.job_model.node
        or workflow.root
    local node, place = owner, fields.step_model or fields.job_model or { line = 1, column = 1 }
    if fields.line then return fields.line, fields.column or first_column(workflow.text, fields.line) end
    for _, key in ipairs(fields.key or {}) do
        local found
        for _, entry in ipairs(node.entries or {}) do
            if entry.key.text == key then found = entry end
        end
        if not found then break end
        node, place = found.value, found.key
    end
    return place.line, place.column
end

local function key_of(rule, fields)
    return table.concat({ rule, fields.job or "", fields.step or "", fields.after or "", fields.what or "" }, "\0")
end

-- What the policy says of each rule, asked once.
local function reducing(rules)
    local known = {}
    return function(rule)
        if known[rule] == nil then known[rule] = (rules:call("reduces", rule)) end
        return known[rule]
    end
end

local function collector(reduces, workflow, list)
    local seen = {}
    return function(rule, fields)
        local key = key_of(rule, fields)
        if seen[key] then return end
        seen[key] = true
        local line, column = place_of(workflow, fields)
        local known = advice[rule]
        list[#list + 1] = {
            rule = rule, severity = known.level, file = workflow.path,
            reduces = fields.reduces or reduces(rule), line = line, column = column, job = fields.job,
            step = fields.step, before = fields.before, after = fields.after,
            message = fields.what, why = known.why, fix = known.fix, patch = patches.of(workflow, rule, fields),
        }
    end
end

-- Risks and mistakes that the base had already are not of this change.
local function new_risks(base, head, data, repository, add)
    local known = {}
    local function check(workflow, visit)
        risks.check(workflow, data, visit)
        mistakes.check(workflow, visit)
        reach.check(workflow, repository, visit)
    end
    if base then check(base, function(rule, fields) known[key_of(rule, fields)] = true end) end
    check(head, function(rule, fields)
        if not known[key_of(rule, fields)] then add(rule, fields) end
    end)
end

local function parse(file, vocabulary, list, add_invalid)
    local ok, workflow = pcall(model.of, file.text, file.path, vocabulary)
    if ok then return workflow end
    if not uhost.is_error(workflow) or not workflow.kind:find("^yaml%.") then error(workflow, 0) end
    if add_invalid then
        list[#list + 1] = {
            rule = "invalid_workflow", severity = "error", reduces = true, file = file.path,
            line = workflow.details.line or 1, column = workflow.details.column or 1, message = workflow.message,
            why = advice.invalid_workflow.why, fix = advice.invalid_workflow.fix,
        }
    end
    return nil
end

local function empty(workflow)
    return { path = workflow.path, root = { entries = {} }, text = "", events = workflow.events, env = {}, jobs = {},
        by_id = {} }
end

-- Checks that files of the head have and their bases have not: where lost ones may have moved to.
local function pool_of(base, head)
    local pool = {}
    for path, workflow in pairs(head) do
        local known = {}
        for _, job in ipairs(base[path] and base[path].jobs or {}) do
            for _, check in ipairs(job.checks) do known[check.text] = true end
        end
        for _, job in ipairs(workflow.jobs) do
            for _, check in ipairs(job.checks) do
                if not known[check.text] then pool[#pool + 1] = check end
            end
        end
    end
    return pool
end

-- Files that are the same on the other side need no reading: nothing was lost in them, or came.
local function by_path(files, others, vocabulary, list, add_invalid)
    local made, known = {}, {}
    for _, file in ipairs(others) do known[file.path] = file.text end
    for _, file in ipairs(files) do
        if known[file.path] ~= file.text then made[file.path] = parse(file, vocabulary, list, add_invalid) end
    end
    return made
end

-- Models of other files of one side, each read once; nil for what is not there, or no workflow.
local function models_of(read, vocabulary)
    local known = {}
    return function(path)
        if known[path] == nil then
            known[path] = false  -- a file that calls itself
            local text = read and read(path)
            known[path] = text and parse({ path = path, text = text }, vocabulary, {}, false) or false
        end
        return known[path] or nil
    end
end

local function sorted_paths(base, head)
    local paths, seen = {}, {}
    for _, side in ipairs({ base, head }) do
        for path in pairs(side) do
            if not seen[path] then paths[#paths + 1] = path end
            seen[path] = true
        end
    end
    table.sort(paths)
    return paths
end

-- What is too much to compare may have lost anything: it counts as less than before.
local function within_budget(add, work)
    local ok, failure = pcall(work)
    if ok then return end
    if not uhost.is_error(failure) or failure.kind ~= "workflow_guard.too_many_changes" then error(failure, 0) end
    add("too_many_changes", { reduces = true, what = failure.message })
end

--- Compares files of two revisions; a file is its path and text.
---@param base { path: string, text: string }[]
---@param head { path: string, text: string }[]
---@param rules table  the policy `workflow_rules`
---@param readers? { base: fun(path: string): string?, head: fun(path: string): string?, default_branch?: string }  of
---  other files of the two
---@return { coverage_reduced: boolean, findings: workflow_guard.Finding[], suppressed: workflow_guard.Finding[],
---  files: integer }
function M.compare(base, head, rules, readers)
    local list = {}
    local data, reduces = rules:data(), reducing(rules)
    local vocabulary = setmetatable({ budget = similarity.budget() }, { __index = purposes.vocabulary(data) })
    local function reading(side)
        return setmetatable({ read = readers and readers[side] }, { __index = vocabulary })
    end
    local vocabularies = { base = reading("base"), head = reading("head") }
    local repository = { default_branch = readers and readers.default_branch,
        required_checks = data.required_checks or {} }
    local old = by_path(base, head, vocabularies.base, list, false)
    local new = by_path(head, base, vocabularies.head, list, true)
    local models = {}
    for side, own in pairs(vocabularies) do models[side] = models_of(readers and readers[side], own) end
    local is_invalid = {}
    -- What could not be read before either has lost nothing by it.
    for _, finding in ipairs(list) do is_invalid[finding.file], finding.reduces = true, old[finding.file] ~= nil end
    local paths = sorted_paths(old, new)
    local pool = next(old) ~= nil and pool_of(old, new) or {}
    for _, path in ipairs(paths) do
        local before, now = old[path], new[path]
        if now then
            local add = collector(reduces, now, list)
            if before then
                within_budget(add, function()
                    local whole, whole_now = called.inline(before, now, models.base),
                        called.inline(now, before, models.head)
                    compare.workflow(whole, whole_now, vocabulary, add, pool)
                    changes.compare(whole, whole_now, add, vocabulary.budget)
                end)
            end
            new_risks(before, now, data, repository, add)
        elseif before and not now and not is_invalid[path] then
            local gone = {}
            local add = collector(reduces, before, gone)
            within_budget(add, function() compare.workflow(before, empty(before), vocabulary, add, pool) end)
            if #gone > 0 then
                collector(reduces, before, list)("workflow_removed",
                    { before = path, what = ("the workflow %s is gone"):format(path) })
            end
            for _, finding in ipairs(gone) do list[#list + 1] = finding end
        end
    end
    reach.stacked(old, new, function(workflow, fields)
        collector(reduces, workflow, list)("stacked_pull_requests", fields)
    end)
    table.sort(list, function(a, b)
        if a.file ~= b.file then return a.file < b.file end
        if a.line ~= b.line then return a.line < b.line end
        if a.rule ~= b.rule then return a.rule < b.rule end
        return a.message < b.message
    end)
    local kept, suppressed = suppressions.apply(list, new)
    local reduced = false
    for _, finding in ipairs(kept) do reduced = reduced or finding.reduces end
    return { coverage_reduced = reduced, findings = kept, suppressed = suppressed, files = #head }
end

return M
