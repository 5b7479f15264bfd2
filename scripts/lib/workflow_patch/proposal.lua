-- `uhost diagnose --patch`: the smallest change of the real workflow that removes the cause, if the guard lets it pass.
local edits = require("lib.workflow_patch.edits")
local guard = require("lib.workflow_guard.guard")
local model = require("lib.workflow_guard.model")
local place_of = require("lib.workflow_patch.place")
local purposes = require("lib.workflow_guard.purposes")
local sources = require("lib.workflow_patch.sources")
local unified_diff = require("lib.unified_diff")

local M = {}

---@class workflow_patch.Proposal
---@field file string
---@field where string  where the file was read
---@field before string
---@field after string
---@field diff string
---@field what string  what changes, as Markdown
---@field entry string  the entry of the knowledge base
---@field job string
---@field step? string
---@field unchanged any[]  contents of a report's list

-- The policy's proposal for a finding ---------------------------------------------------------------------------------

-- A word as it was captured: `package2` is the same in another form of the message.
local function captured(captures, word)
    for _, name in ipairs({ word, word .. "2", word .. "3" }) do
        local value = captures[name]
        if type(value) == "string" and value ~= "" then return value end
    end
end

local function captures_of(proposal, finding)
    local captures = tables.copy(finding.captures or {})
    if not proposal.find then return captures end
    local lines = { finding.line }
    for _, line in ipairs(finding.context and finding.context.after or {}) do lines[#lines + 1] = line end
    for _, line in ipairs(lines) do
        local found = re.match(line, proposal.find)
        if found then
            for name, value in pairs(found) do captures[name] = value end
            break
        end
    end
    return captures
end

local function filled_in(proposal, finding)
    local captures, filled = captures_of(proposal, finding), {}
    for name, value in pairs(proposal) do
        local word = type(value) == "string" and name ~= "find" and value:match("^{([%w_]+)}$")
        if word then filled[name] = captured(captures, word) else filled[name] = value end
    end
    return filled
end

local function proposal_for(policy, finding)
    for _, key in ipairs({ finding.id, finding.class }) do
        for _, proposal in ipairs(policy.proposals) do
            if proposal["for"] == key then return filled_in(proposal, finding) end
        end
    end
end

-- The file ------------------------------------------------------------------------------------------------------------

local function loaded_vocabulary()
    local rules = policy.load("workflow_rules", { schema = require("lib.schemas.workflow_rules") })
    return purposes.vocabulary(rules:data()), rules
end

local function model_of(file, vocabulary)
    local ok, workflow = pcall(model.of, file.text, file.path, vocabulary)
    if ok then return workflow end
    if not uhost.is_error(workflow) then error(workflow, 0) end
    return nil, ("%s cannot be read: %s"):format(file.path, workflow.message)
end

-- "caller / job" is a job of the reusable workflow that the job `caller` uses.
local function place_in(workflow, job, step, files, vocabulary)
    local caller, inner = (job or ""):match("^(.-) / (.+)$")
    local outer = caller and place_of.find(workflow, caller)
    local path = outer and outer.job.uses and outer.job.uses:match("^%./(.+)$")
    local text = path and files.read(path)
    local called = text and model_of({ path = path, text = text }, vocabulary)
    if called then return place_of.find(called, inner, step) end
    return place_of.find(workflow, job, step)
end

local function find_place(files, job, step, vocabulary)
    local found, unreadable = {}, nil
    for _, file in ipairs(files.list) do
        local workflow, why = model_of(file, vocabulary)
        unreadable = unreadable or why
        local place = workflow and place_in(workflow, job, step, files, vocabulary)
        if place then found[#found + 1] = place end
    end
    if #found == 1 then return found[1] end
    local with_step = {}
    for _, place in ipairs(found) do
        if place.step then with_step[#with_step + 1] = place end
    end
    if #with_step == 1 then return with_step[1] end
    return nil, #found == 0 and (unreadable or "no workflow has the job that failed; name the file with --workflow")
        or "several workflows have a job that fits; name one with --workflow"
end

-- What stays ----------------------------------------------------------------------------------------------------------

local max_listed = 12

local function quoted_list(names)
    local content = {}
    for i, name in ipairs(names) do
        if i > max_listed then
            content[#content + 1] = (" and %d more"):format(#names - max_listed)
            break
        end
        if i > 1 then content[#content + 1] = ", " end
        content[#content + 1] = { text = name, code = true }
    end
    return content
end

local function sentence(start, names, ending)
    local content = { start, unpack(quoted_list(names)) }
    content[#content + 1] = ending or "."
    return content
end

local function same_step(a, b)
    return a.run == b.run and a.uses == b.uses and a.if_text == b.if_text and json.encode(a.with) == json.encode(b.with)
        and json.encode(a.env) == json.encode(b.env)
end

local function step_names(before, after)
    local names, used = {}, {}
    for _, step in ipairs(before.steps) do
        for i, other in ipairs(after.steps) do
            if not used[i] and same_step(step, other) then
                used[i], names[#names + 1] = true, step.label
                break
            end
        end
    end
    return names
end

local function combination_names(job)
    local names = {}
    for i, combination in ipairs(job.combinations) do
        local values = {}
        for _, key in ipairs(tables.sorted_keys(combination)) do
            values[#values + 1] = ("%s: %s"):format(key, tostring(combination[key]))
        end
        names[i] = table.concat(values, ", ")
    end
    return names
end

local function unchanged(before, after)
    local list, jobs = {}, {}
    for _, job in ipairs(before.jobs) do
        local now = after.by_id[job.id]
        local kept = step_names(job, now)
        if #kept == #job.steps and #now.steps == #job.steps then
            jobs[#jobs + 1] = job.id
        else
            if #kept > 0 then list[#list + 1] = sentence(("Steps of the job %s: "):format(job.id), kept) end
        end
        if next(job.combinations[1]) and json.encode(job.combinations) == json.encode(now.combinations) then
            list[#list + 1] = sentence(("The matrix of the job %s: "):format(job.id), combination_names(job))
        end
    end
    if #jobs > 0 then list[#list + 1] = sentence("What these jobs run: ", jobs) end
    local events = tables.sorted_keys(before.events)
    if #events > 0 then list[#list + 1] = sentence("What starts the workflow: ", events) end
    return list
end

-- The proposal --------------------------------------------------------------------------------------------------------

local function guarded(path, before, after, rules)
    local result = guard.compare({ { path = path, text = before } }, { { path = path, text = after } }, rules)
    if result.coverage_reduced then return nil, result.findings[1].message end
    for _, finding in ipairs(result.findings) do
        if finding.severity == "error" then return nil, finding.message end
    end
    return true
end

local function propose(finding, report, options, state)
    local wanted = proposal_for(state.policy, finding)
    if not wanted then return nil, ("no change of a workflow is known that removes %s"):format(finding.id) end
    local files, missing = sources.of(report.source, options.workflow)
    if not files then return nil, missing end
    local job, step = require("lib.diagnose.wording").failing(report)
    local place, lost = find_place(files, finding.job or job, finding.step or step, state.vocabulary)
    if not place then return nil, lost end
    place.read = files.read
    local edit = edits[wanted.edit]
    if not edit then
        return nil, ("the policy workflow_patches names an edit '%s', which there is not"):format(tostring(wanted.edit))
    end
    local made, why = edit(place, wanted, state.policy)
    if not made then return nil, why end
    local path, before = place.workflow.path, place.workflow.text
    local ok, after = pcall(yaml.edit, before, made.changes)
    if not ok then
        if not uhost.is_error(after) or after.kind ~= "yaml.edit" then error(after, 0) end
        return nil, ("%s is written in a way that cannot be edited in place"):format(path)
    end
    local passes, reduced = guarded(path, before, after, state.rules)
    if not passes then return nil, ("what would remove it checks less: %s"):format(reduced) end
    return {
        file = path, where = files.where, before = before, after = after, diff = unified_diff.of(path, before, after),
        what = made.what, entry = finding.id, job = place.job.id, step = place.step and place.step.label,
        unchanged = unchanged(place.workflow, model_of({ path = path, text = after }, state.vocabulary)),
    }
end

--- Adds `proposal`, or `no_proposal` with the reason, to each report.
---@param reports diagnose.Report[]
---@param options diagnose.Options
function M.add(reports, options)
    local data = policy.load("workflow_patches", { schema = require("lib.schemas.workflow_patches") }):data()
    local vocabulary, rules = loaded_vocabulary()
    local state = { policy = data, vocabulary = vocabulary, rules = rules }
    for _, report in ipairs(reports) do
        local first
        for _, finding in ipairs(report.findings) do
            if not finding.is_symptom and not report.proposal then
                local why
                report.proposal, why = propose(finding, report, options, state)
                first = first or why
            end
        end
        if not report.proposal then report.no_proposal = first or "the cause is not known" end
    end
end

return M
