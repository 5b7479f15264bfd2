-- Which changes start a workflow at all, and which required checks wait for one that does not start.
local triggers = require("lib.workflow_guard.triggers")

local M = {}

---@class workflow_guard.Repository
---@field default_branch? string
---@field required_checks string[]  names of checks without which nothing is merged

local function filters_of(workflow, event) return workflow.events[event] end

-- Whether a push to a branch, or a pull request for it, passes an event's filters; nil without the event.
local function reaches(filters, branch)
    if not filters then return nil end
    if filters["branches-ignore"] then return not triggers.includes(filters["branches-ignore"], branch) end
    if filters.branches then return triggers.includes(filters.branches, branch) end
    return filters.tags == nil and filters["tags-ignore"] == nil
end

local function check_default_branch(workflow, branch, add)
    local push = reaches(filters_of(workflow, "push"), branch)
    local pull = reaches(filters_of(workflow, "pull_request"), branch)
    local is_for_branches = filters_of(workflow, "push") and filters_of(workflow, "push").branches
        or filters_of(workflow, "pull_request") and filters_of(workflow, "pull_request").branches
    if push or pull or not is_for_branches or workflow.events.schedule then return end
    add("default_branch_unreached", { key = { "on" }, after = table.concat(is_for_branches, ", "),
        what = ("no push to the default branch '%s' and no pull request for it starts this workflow"):format(branch) })
end

-- The names that GitHub gives to the checks of a job.
local function names_of(job)
    local names, base = {}, job.name or job.id
    for i, combination in ipairs(job.combinations) do
        local values = {}
        for _, key in ipairs(tables.sorted_keys(combination)) do values[#values + 1] = tostring(combination[key]) end
        local filled = base:gsub("%${{%s*matrix%.([%w_%.%-]+)%s*}}", function(key)
            return combination[key] ~= nil and tostring(combination[key]) or nil
        end)
        names[i] = filled == base and #values > 0 and ("%s (%s)"):format(base, table.concat(values, ", ")) or filled
    end
    return names
end

local function required_of(job, required)
    for _, name in ipairs(names_of(job)) do
        if required[name] then return name end
    end
end

local function check_required(workflow, required, add)
    local pull = filters_of(workflow, "pull_request")
    for _, job in ipairs(workflow.jobs) do
        local name = required_of(job, required)
        if name and pull and (pull.paths or pull["paths-ignore"]) then
            add("required_check_waits", { job = job.id, job_model = job, after = name,
                what = ("the required check '%s' waits for ever where no path of the filter changes"):format(name) })
        end
        if name and job.condition and next(job.combinations[1]) ~= nil then
            add("required_check_renamed", { job = job.id, job_model = job, key = { "if" }, after = name,
                what = ("when job '%s' is skipped it reports as '%s', and the required check '%s' never comes")
                    :format(job.id, job.name or job.id, name) })
        end
    end
end

--- Reports what starts nothing, or is waited for in vain.
---@param workflow table  of model.of
---@param repository workflow_guard.Repository
---@param add fun(rule: string, fields: table)
function M.check(workflow, repository, add)
    if repository.default_branch then check_default_branch(workflow, repository.default_branch, add) end
    check_required(workflow, tables.set(repository.required_checks), add)
end

local function stacked_filter(workflow)
    local filters = workflow and filters_of(workflow, "pull_request")
    return filters and filters.branches and table.concat(filters.branches, ", ")
end

--- Workflows that a pull request for another pull request's branch does not start, those of one filter together. Those
--- that had the filter before are left out.
---@param base table<string, table>
---@param head table<string, table>
---@param report fun(workflow: table, fields: table)  asked once for each filter, with the first of its workflows
function M.stacked(base, head, report)
    local by_filter = {}
    for _, path in ipairs(tables.sorted_keys(head)) do
        local filter = stacked_filter(head[path])
        if filter and not filter:find("%*%*") and filter ~= stacked_filter(base[path]) then
            by_filter[filter] = by_filter[filter] or {}
            table.insert(by_filter[filter], head[path])
        end
    end
    for _, filter in ipairs(tables.sorted_keys(by_filter)) do
        local names = {}
        for i, workflow in ipairs(by_filter[filter]) do names[i] = workflow.path:match("[^/]*$") end
        report(by_filter[filter][1], { key = { "on", "pull_request", "branches" }, after = filter,
            what = ("a pull request for another branch than %s starts nothing of %s"):format(filter,
                table.concat(names, ", ")) })
    end
end

return M
