-- Proposals: caches that jobs lack, and caches that do not help, each with its cost and its patch.
local cache_layers = require("lib.cache_layers")
local costs = require("lib.cache_advisor.costs")
local expressions = require("lib.workflow_guard.expressions")
local keys = require("lib.cache_advisor.keys")
local model = require("lib.workflow_guard.model")
local needs = require("lib.cache_advisor.needs")
local pins = require("lib.scaffold.pins")
local purposes = require("lib.workflow_guard.purposes")
local unified_diff = require("lib.unified_diff")

local M = {}

---@class cache_advisor.World
---@field workflows { path: string, text: string }[]
---@field files string[]  of the repository, from its root
---@field history cache_advisor.History?
---@field lock_changes number?  commits a week that change lock files
---@field read fun(path: string): string?

---@class cache_advisor.Proposal
---@field file string
---@field line integer
---@field column integer
---@field job string
---@field step string
---@field language string?
---@field layer string?
---@field problems cache_advisor.Problem[]
---@field changes table[]  of `yaml.edit`, with the job and the position of the step
---@field minutes number?  a week
---@field basis string
---@field patch string?

-- Edits ---------------------------------------------------------------------------------------------------------------

local function path_to(workflow, job, ...)
    if job.id == "runs" and workflow.by_id.runs then return { "runs", ... } end
    return { "jobs", job.id, ... }
end

-- An edit gives an action by its commit; the tag goes behind it.
local function with_tag(text)
    local pin = pins.actions["actions/cache"]
    return (text:gsub("(actions/cache@" .. pin.sha .. ")\n", "%1 # " .. pin.tag .. "\n"))
end

-- The text with changes, from the last step to the first, so that what is inserted moves nothing that is still to be
-- changed; nil where there are none, or the source is written in a way that cannot be edited.
local function edited(workflow, changes)
    if #changes == 0 then return nil end
    local order, bare = {}, {}
    for i, change in ipairs(changes) do order[i] = { at = i, change = change } end
    table.sort(order, function(a, b)
        local x, y = a.change, b.change
        if x.job ~= y.job then return x.job < y.job end
        if x.position ~= y.position then return x.position > y.position end
        -- What a step has is changed before another one takes its place.
        if (x.insert == nil) ~= (y.insert == nil) then return x.insert == nil end
        return a.at < b.at
    end)
    for i, each in ipairs(order) do
        bare[i] = { path = each.change.path, set = each.change.set, insert = each.change.insert }
    end
    local ok, text = pcall(yaml.edit, workflow.text, bare)
    if not ok then
        if uhost.is_error(text) and text.kind:find("^yaml%.") then return nil end
        error(text, 0)
    end
    return with_tag(text)
end

local function block(lines) return table.concat(lines, "\n") .. "\n" end

-- A list of one line stays one.
local function lines_value(lines, was)
    if #lines == 1 and not (type(was) == "string" and was:find("\n", 1, true)) then return lines[1] end
    return block(lines)
end

-- The systems that a step runs on, and the keys of the matrix that decide about them.
local function systems_of(job, step)
    local set, deciding = {}, {}
    for _, combination in ipairs(job.combinations) do
        local system = model.runner_os(job.runs_on, combination)
        local context = { combination = combination, runner_os = system, dynamic = job.dynamic }
        local runs = expressions.holds(job.condition, context) ~= false
            and (not step or expressions.holds(step.condition, context) ~= false)
        if system and runs then set[system] = true end
    end
    local text = type(job.runs_on) == "string" and job.runs_on or json.encode(job.runs_on or json.null)
    for name in text:gmatch("matrix%.([%w_.-]+)") do deciding[#deciding + 1] = name end
    return tables.sorted_keys(set), deciding
end

local function base_of(workflow, job, step)
    return { file = workflow.path, line = step.line, column = step.column, job = job.id, step = step.label }
end

-- Keys that are not what they should be -------------------------------------------------------------------------------

-- Steps with one key are parts of one cache: jobs that share it, and a save behind its restore.
local function caches_of(workflow)
    local groups, by_key = {}, {}
    for _, job in ipairs(workflow.jobs) do
        for position, step in ipairs(job.steps) do
            local key = needs.is_cache(step) and step.with.key
            if type(key) == "string" then
                if not by_key[key] then
                    by_key[key] = { uses = {}, jobs = {} }
                    groups[#groups + 1] = by_key[key]
                end
                local group = by_key[key]
                table.insert(group.uses, { job = job, position = position, step = step })
                group.jobs[job.id] = job
            end
        end
    end
    return groups
end

local function is_save(step) return step.uses:find("^actions/cache/save@") ~= nil end

local function changes_of(workflow, use, fixed)
    local changes, with = {}, use.step.with
    local function set(name, value)
        changes[#changes + 1] = { path = path_to(workflow, use.job, "steps", use.position, "with", name), set = value,
            job = use.job.id, position = use.position }
    end
    if fixed.key ~= with.key then set("key", fixed.key) end
    if fixed.restore_keys and not is_save(use.step) then
        set("restore-keys", lines_value(fixed.restore_keys, with["restore-keys"]))
    end
    if fixed.paths then set("path", lines_value(fixed.paths, with.path)) end
    return changes
end

-- Folders that other repositories are checked out to.
local function foreign_of(job)
    local folders = {}
    for _, step in ipairs(job.steps) do
        local is_checkout = step.uses and step.uses:find("^actions/checkout@")
        local folder = is_checkout and type(step.with.path) == "string" and step.with.path:match("^[^/]+")
        if folder then folders[folder] = true end
    end
    return folders
end

-- What the steps of a cache know together.
local function subject_of(world, group)
    local first, systems, deciding = nil, {}, {}
    for _, use in ipairs(group.uses) do
        if not first or is_save(first.step) and not is_save(use.step) then first = use end
        local own, keys_of_matrix = systems_of(use.job, use.step)
        for _, system in ipairs(own) do systems[system] = true end
        for _, key in ipairs(keys_of_matrix) do deciding[#deciding + 1] = key end
    end
    local of
    for _, path in ipairs(needs.lines_of(first.step.with.path)) do
        local found = needs.of_path(path)
        if found and (not of or found.system) then of = found end
    end
    return first, {
        step = first.step, of = of, systems = tables.sorted_keys(systems), system_keys = deciding, files = world.files,
        is_handed_on = #tables.sorted_keys(group.jobs) > 1, is_only_saved = is_save(first.step),
        foreign = foreign_of(first.job),
    }
end

local order_of_losses = { none = 1, lock = 2, part = 3, all = 4 }

local function judge_cache(world, workflow, group)
    local first, subject = subject_of(world, group)
    local problems, fixed = keys.judge(subject)
    if #problems == 0 then return nil end
    local worst = "none"
    for _, problem in ipairs(problems) do
        if order_of_losses[problem.loses] > order_of_losses[worst] then worst = problem.loses end
    end
    local proposal, of = base_of(workflow, first.job, first.step), subject.of
    proposal.language, proposal.layer = of and of.language, of and of.layer.id
    proposal.problems, proposal.changes = problems, {}
    for _, use in ipairs(group.uses) do
        for _, change in ipairs(changes_of(workflow, use, fixed)) do
            proposal.changes[#proposal.changes + 1] = change
        end
    end
    for _, id in ipairs(tables.sorted_keys(group.jobs)) do
        local job = group.jobs[id]
        local minutes, basis = costs.of(world, workflow, job, of and needs.steps_of(job, of.language) or {},
            costs.share({ of and of.layer }), worst)
        proposal.minutes = minutes and (proposal.minutes or 0) + minutes or proposal.minutes
        proposal.basis = proposal.basis or basis
    end
    return proposal
end

-- Missing layers ------------------------------------------------------------------------------------------------------

local setup_inputs = {
    node = { "^actions/setup%-node@", function(tool) return tool end },
    python = { "^actions/setup%-python@", function(tool)
        return (tool == "poetry" or tool == "pipenv") and tool or tool:find("^pip") and "pip" or nil
    end },
}

-- The setup action has a cache of its own, which needs one line.
local function by_setup_action(workflow, job, language, tool)
    local known = setup_inputs[language]
    local value = known and known[2](tool)
    for i, step in ipairs(value and job.steps or {}) do
        if step.uses and step.uses:lower():find(known[1]) then
            local has_with = yaml.get(step.node, "with") ~= nil
            return { has_with and { path = path_to(workflow, job, "steps", i, "with", "cache"), set = value,
                job = job.id, position = i } or { path = path_to(workflow, job, "steps", i, "with"),
                set = { cache = value }, job = job.id, position = i } }
        end
    end
end

local function cache_step(world, language, layer, systems)
    local prefix = ("v1-%s-%s-${{ runner.os }}-"):format(language, layer.id)
    local key, restore = prefix .. keys.hash_of((keys.present(layer.hash, world.files))), { prefix }
    if layer.sources then
        restore = { key .. "-", prefix }
        key = key .. "-" .. keys.hash_of((keys.present(layer.sources, world.files)))
    end
    local paths = cache_layers.paths(layer, #systems == 1 and systems[1] or nil)
    return {
        name = "Restore " .. layer.says, uses = "actions/cache@" .. pins.actions["actions/cache"].sha,
        with = { path = lines_value(paths), key = key, ["restore-keys"] = block(restore) },
    }
end

local function missing_of(world, workflow, job, language, layers)
    local steps, first = needs.steps_of(job, language)
    local _, tool = needs.of_step(job.steps[first])
    local changes = by_setup_action(workflow, job, language, tool)
    if not changes then
        local systems = systems_of(job, job.steps[first])
        changes = {}
        for i = #layers, 1, -1 do
            changes[#changes + 1] = { path = path_to(workflow, job, "steps", first), job = job.id, position = first,
                insert = cache_step(world, language, layers[i], systems) }
        end
    end
    local names = {}
    for i, layer in ipairs(layers) do names[i] = layer.says end
    local proposal = base_of(workflow, job, job.steps[first])
    proposal.language, proposal.layer, proposal.changes = language, layers[1].id, changes
    proposal.problems = { { rule = "layer_missing", loses = "all",
        message = ("nothing keeps %s from run to run"):format(table.concat(names, ", nor ")) } }
    proposal.minutes, proposal.basis = costs.of(world, workflow, job, steps, costs.share(layers), "all")
    return proposal
end

-- Layers that are worth it whatever the project is.
local essential = { rust = { dependencies = true, build = true }, go = { dependencies = true, build = true },
    node = { dependencies = true }, python = { dependencies = true }, cpp = { dependencies = true } }

-- A runner of one's own may keep its folders anyway.
local function is_hosted(job)
    local text = type(job.runs_on) == "string" and job.runs_on or json.encode(job.runs_on or json.null)
    return not text:find("self%-hosted")
end

-- Layers of an image that BuildKit would keep at GitHub.
local function missing_of_image(world, workflow, job, position)
    local step = job.steps[position]
    local is_build = step.uses and step.uses:lower():find("^docker/build%-push%-action@")
    if not is_build or step.with["cache-from"] or tostring(step.with["no-cache"]) == "true" then return nil end
    local values, changes = { ["cache-from"] = "type=gha", ["cache-to"] = "type=gha,mode=max" }, {}
    if yaml.get(step.node, "with") == nil then
        changes[1] = { path = path_to(workflow, job, "steps", position, "with"), set = values }
    else
        for _, name in ipairs(tables.sorted_keys(values)) do
            changes[#changes + 1] = { path = path_to(workflow, job, "steps", position, "with", name),
                set = values[name] }
        end
    end
    for _, change in ipairs(changes) do change.job, change.position = job.id, position end
    local proposal = base_of(workflow, job, step)
    proposal.layer, proposal.changes = "image", changes
    proposal.problems = { { rule = "layer_missing", loses = "all",
        message = "nothing keeps the layers of the image from run to run" } }
    proposal.minutes, proposal.basis = costs.of(world, workflow, job, { step }, 0.5, "all")
    return proposal
end

local function missing_layers(world, workflow, job, local_action)
    if not is_hosted(job) then return {} end
    local list, covered, seen = {}, needs.covered(job.steps, local_action), {}
    for position = 1, #job.steps do list[#list + 1] = missing_of_image(world, workflow, job, position) end
    for _, step in ipairs(job.steps) do
        local language = needs.of_step(step)
        if language and not seen[language] and covered[language] ~= "all" then
            local layers = {}
            for _, layer in ipairs(cache_layers.layers[language]) do
                local _, has_files = keys.present(layer.hash, world.files)
                local is_covered = covered[language] and covered[language][layer.id]
                if essential[language][layer.id] and not is_covered and has_files then layers[#layers + 1] = layer end
            end
            if #layers > 0 then list[#list + 1] = missing_of(world, workflow, job, language, layers) end
        end
        if language then seen[language] = true end
    end
    return list
end

-- All of them ---------------------------------------------------------------------------------------------------------

local function local_actions(world, vocabulary)
    return function(uses)
        local folder = uses:gsub("^%./", ""):gsub("/$", "")
        for _, name in ipairs({ "action.yml", "action.yaml" }) do
            local path = fs.join(folder, name)
            local text = not path:find("..", 1, true) and world.read(path)
            local ok, action = pcall(model.of, text or "", path, vocabulary)
            if text and ok and action.by_id.runs then return action.by_id.runs.steps end
        end
    end
end

--- Proposals for all workflows, dearest first, and the texts with all of them.
---@param world cache_advisor.World
---@param rules table  the policy `workflow_rules`
---@return cache_advisor.Proposal[] proposals
---@return { path: string, before: string, after: string }[] files
---@return string[] unread  files that are no valid YAML
function M.advise(world, rules)
    local vocabulary = purposes.vocabulary(rules:data())
    local local_action = local_actions(world, vocabulary)
    local proposals, files, unread = {}, {}, {}
    for _, file in ipairs(world.workflows) do
        local ok, workflow = pcall(model.of, file.text, file.path, vocabulary)
        if not ok and not (uhost.is_error(workflow) and workflow.kind:find("^yaml%.")) then error(workflow, 0) end
        if not ok then unread[#unread + 1] = file.path end
        local own, all = {}, {}
        for _, group in ipairs(ok and caches_of(workflow) or {}) do
            own[#own + 1] = judge_cache(world, workflow, group)
        end
        for _, job in ipairs(ok and not workflow.by_id.runs and workflow.jobs or {}) do
            local missing = missing_layers(world, workflow, job, local_action)
            for _, proposal in ipairs(missing) do own[#own + 1] = proposal end
        end
        for _, proposal in ipairs(own) do
            local after = edited(workflow, proposal.changes)
            proposal.patch = after and unified_diff.of(file.path, file.text, after) or nil
            for _, change in ipairs(proposal.patch and proposal.changes or {}) do all[#all + 1] = change end
            proposals[#proposals + 1] = proposal
        end
        local after = edited(workflow, all)
        if after then files[#files + 1] = { path = file.path, before = file.text, after = after } end
    end
    table.sort(proposals, function(a, b)
        if (a.minutes or -1) ~= (b.minutes or -1) then return (a.minutes or -1) > (b.minutes or -1) end
        if a.file ~= b.file then return a.file < b.file end
        return a.line < b.line
    end)
    return proposals, files, unread
end

return M
