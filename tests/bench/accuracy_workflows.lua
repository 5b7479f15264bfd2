-- How well the guard tells changes that check less from those that do not: on labelled pairs, rule by rule, and on
-- rewritings of the same workflows in which nothing is lost. No rule has a number that was fitted to the pairs.
-- Prints rows of the bench's table: what, the share, the counts; separated by tabs.
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")
package.path = ("%s/?.lua;%s/../../scripts/?.lua;%s"):format(here, here, package.path)
local guard = require("lib.workflow_guard.guard")
local print_share = require("labelled_logs").print_share

local data = fs.join(here, "../../../shared/data/workflow_pairs_dev")
if not fs.exists(data .. ".tar.xz") then
    log.warn("workflows: skipped, there is no ../shared/data")
    return 0
end

local rules = policy.load("workflow_rules", { schema = require("lib.schemas.workflow_rules") })

local function findings_of(before, after)
    local found = {}
    local result = guard.compare({ { path = "ci.yml", text = before } }, { { path = "ci.yml", text = after } }, rules)
    for _, finding in ipairs(result.findings) do
        if finding.reduces then found[finding.rule] = true end
    end
    return found
end

-- Rewritings ----------------------------------------------------------------------------------------------------------

local function each_job(workflow, visit)
    for id, job in pairs(workflow.jobs) do visit(job, id) end
end

local function each_step(workflow, visit)
    each_job(workflow, function(job)
        for i, step in ipairs(job.steps or {}) do
            if step.run or step.uses then visit(step, i) end
        end
    end)
end

local rewritings = {
    { "written anew", function() end },
    { "steps without names", function(workflow) each_step(workflow, function(step) step.name = nil end) end },
    { "steps renamed", function(workflow) each_step(workflow, function(step, i) step.name = "Step " .. i end) end },
    { "jobs renamed", function(workflow)
        local jobs = {}
        each_job(workflow, function(job, id)
            local needs = type(job.needs) == "string" and { job.needs } or job.needs
            for i, name in ipairs(needs or {}) do needs[i] = name .. "-2" end
            job.needs = needs
            jobs[id .. "-2"] = job
        end)
        workflow.jobs = jobs
    end },
    { "actions bumped", function(workflow)
        each_step(workflow, function(step) step.uses = step.uses and step.uses:gsub("@.*$", "@v99") end)
    end },
}

local function rewritten(text, change)
    local workflow = yaml.decode(text)
    change(workflow)
    return yaml.encode(workflow)
end

-- Measuring -----------------------------------------------------------------------------------------------------------

local counts = { reduced = 0, found = 0, right = 0 }
local by_rule, quiet = {}, {}

local function measure_pair(label, before, after)
    local is_reduced = label == "coverage_reduced"
    local found = findings_of(before, after)
    local any = next(found) ~= nil
    counts.reduced = counts.reduced + (is_reduced and 1 or 0)
    counts.found = counts.found + (any and 1 or 0)
    counts.right = counts.right + (any and is_reduced and 1 or 0)
    for rule in pairs(found) do
        by_rule[rule] = by_rule[rule] or { right = 0, all = 0 }
        by_rule[rule].all = by_rule[rule].all + 1
        by_rule[rule].right = by_rule[rule].right + (is_reduced and 1 or 0)
    end
end

local function measure_rewritings(text)
    for _, rewriting in ipairs(rewritings) do
        local name = rewriting[1]
        quiet[name] = quiet[name] or { right = 0, all = 0 }
        quiet[name].all = quiet[name].all + 1
        local is_quiet = next(findings_of(text, rewritten(text, rewriting[2]))) == nil
        quiet[name].right = quiet[name].right + (is_quiet and 1 or 0)
    end
end

local folder = fs.temp_dir()
process.run({ "tar", "xf", data .. ".tar.xz", "-C", folder:path(), check = true })
for line in fs.read(data .. ".jsonl"):gmatch("[^\n]+") do
    local pair = json.decode(line)
    local before = fs.read(fs.join(folder:path(), pair.pair, "before.yml"))
    measure_pair(pair.label, before, fs.read(fs.join(folder:path(), pair.pair, "after.yml")))
    measure_rewritings(before)
end
folder:close()

print_share("workflow changes found to check less that do", counts.right, counts.found, ">= 95 %")
print_share("workflow changes that check less, found", counts.right, counts.reduced, ">= 95 %")
local names = {}
for name in pairs(by_rule) do names[#names + 1] = name end
table.sort(names)
for _, name in ipairs(names) do print_share("- right by " .. name, by_rule[name].right, by_rule[name].all) end
for _, rewriting in ipairs(rewritings) do
    local name = rewriting[1]
    print_share("workflows with no finding when " .. name, quiet[name].right, quiet[name].all)
end
