-- Changes of a workflow that remove a cause, as edits by source position. Each takes a place and what the policy
-- says, and gives changes for `yaml.edit` with a sentence, or nil and why it cannot.
local installing = require("lib.workflow_patch.installing")
local model = require("lib.workflow_guard.model")
local steps = require("lib.workflow_patch.steps")

local M = tables.copy(installing)

---@class workflow_patch.Edit
---@field changes yaml.Change[]
---@field what string

-- Caches --------------------------------------------------------------------------------------------------------------

-- "v1-linux" to "v2-linux"; "linux" to "v2-linux".
local function next_key(key)
    local raised, count = key:gsub("^(v?)(%d+)%-", function(v, number) return v .. tonumber(number) + 1 .. "-" end, 1)
    if count == 0 then
        raised, count = key:gsub("%-v(%d+)%f[%W]", function(number) return "-v" .. tonumber(number) + 1 end, 1)
    end
    return count > 0 and raised or "v2-" .. key
end

local function next_keys(text)
    return (text:gsub("[^\n]+", function(line)
        local indent, key = line:match("^(%s*)(.-)%s*$")
        return key == "" and line or indent .. next_key(key)
    end))
end

-- The inputs of caching actions that hold keys, and what they are without one.
local cache_inputs = {
    { match = "^actions/cache@", inputs = { "key", "restore-keys" } },
    { match = "^actions/cache/restore@", inputs = { "key", "restore-keys" } },
    { match = "^actions/cache/save@", inputs = { "key" } },
    { match = "^swatinem/rust%-cache@", inputs = { "prefix-key" }, default = "v0-rust" },
    { match = "^hendrikmuys/ccache%-action@", inputs = { "key" }, default = "ccache" },
}

local function cache_of(step)
    for _, cache in ipairs(cache_inputs) do
        if step.uses and step.uses:lower():find(cache.match) then return cache end
    end
end

local function keys_of_job(job)
    local keys = {}
    for _, step in ipairs(job.steps) do
        local cache = cache_of(step)
        local key = cache and (step.with[cache.inputs[1]] or cache.default)
        if type(key) == "string" then keys[step.uses:gsub("[@/].*", "") .. " " .. key] = true end
    end
    return keys
end

-- All steps of the workflow that share a key change together, or some would restore what others no longer save.
function M.new_cache_key(place)
    local keys, changes = keys_of_job(place.job), {}
    for _, job in ipairs(place.workflow.jobs) do
        for i, step in ipairs(job.steps) do
            local cache = cache_of(step)
            local own = cache and (step.with[cache.inputs[1]] or cache.default)
            if type(own) == "string" and keys[step.uses:gsub("[@/].*", "") .. " " .. own] then
                for n, input in ipairs(cache.inputs) do
                    local known = step.with[input] or n == 1 and cache.default
                    if type(known) == "string" then
                        changes[#changes + 1] = steps.with_input({ job = job }, i, input, next_keys(known))
                    end
                end
            end
        end
    end
    if #changes == 0 then return nil, "no step of the job has a cache with a key; delete the cache by hand" end
    return { changes = changes, what = "The cache's key has a new version, so that the broken one is not restored." }
end

-- Versions ------------------------------------------------------------------------------------------------------------

-- The least version that a range names: ">=3.10,<4" is 3.10.
local function least_version(range)
    return range:match("^%s*[>~^]?=?%s*v?(%d[%d%.]*)") or range:match(">=%s*v?(%d[%d%.]*)")
end

function M.version(place, proposal)
    local version = type(proposal.version) == "string" and least_version(proposal.version)
    if not version then return nil, "the log does not say which version is wanted" end
    local position, step = steps.step_using(place, steps.plain_pattern(proposal.action))
    if not position then return nil, ("no step in front of it uses %s"):format(proposal.action) end
    local given = step.with[proposal.input]
    if type(given) == "string" and given:find("${{", 1, true) then
        return nil, "the version comes from the matrix: whether it is still supported is for a person to say"
    end
    return { changes = { steps.with_input(place, position, proposal.input, version) },
        what = ("`%s` is %s."):format(proposal.input, version) }
end

local function image_change(place, images)
    local from = place.job.runs_on
    local to = type(from) == "string" and images[from]
    if to then return { path = steps.path_to(place, "runs-on"), set = to }, from, to end
end

local function matrix_image_changes(place, images)
    local key = type(place.job.runs_on) == "string" and place.job.runs_on:match("^%${{%s*matrix%.([%w_%-]+)%s*}}$")
    local list = key and yaml.get(place.job.node, "strategy", "matrix", key)
    local changes, names = {}, {}
    for i, item in ipairs(list and list.items or {}) do
        if images[item.text] then
            changes[#changes + 1] = { path = steps.path_to(place, "strategy", "matrix", key, i),
                set = images[item.text] }
            names[#names + 1] = ("`%s` becomes `%s`"):format(item.text, images[item.text])
        end
    end
    return changes, names
end

function M.next_image(place, _, policy)
    local change, from, to = image_change(place, policy.next_images)
    if change then return { changes = { change }, what = ("`%s` becomes `%s`."):format(from, to) } end
    local changes, names = matrix_image_changes(place, policy.next_images)
    if #changes > 0 then return { changes = changes, what = table.concat(names, ", ") .. "." } end
    return nil, "the job's image is not one that is known to be retired"
end

-- A version without quotes was another number; else an older image still has it.
function M.available_version(place, proposal, policy)
    for i, step in ipairs(place.job.steps) do
        local with = yaml.get(step.node, "with")
        for _, entry in ipairs(with and with.entries or {}) do
            if entry.key.text:find("version") and entry.value.doubt then
                return { changes = { { path = steps.step_path(place, i, "with", entry.key.text),
                    set = entry.value.text } },
                    what = ("`%s` is the text '%s', not a number that loses its last zero."):format(entry.key.text,
                        entry.value.text) }
            end
        end
    end
    local change, from, to = image_change(place, policy.older_images)
    if change and proposal.input then
        return { changes = { change }, what = ("The image is pinned: `%s` has the version, `%s` no longer.")
            :format(to, from) }
    end
    return nil, "which version there is instead, or which image has it, is for a person to say"
end

function M.next_action(place, proposal, policy)
    local version = policy.next_actions[proposal.action or ""]
    if not version then return nil, "the current version of the action is not known" end
    local changes = {}
    for _, job in ipairs(place.workflow.jobs) do
        for i, step in ipairs(job.steps) do
            local name, tag = (step.uses or ""):match("^([^@]+)@v?(%d+)")
            if name == proposal.action and tonumber(tag) < tonumber(version:match("%d+")) then
                changes[#changes + 1] = { path = { "jobs", job.id, "steps", i, "uses" }, set = name .. "@" .. version }
            end
        end
    end
    if #changes == 0 then return nil, "the workflow does not use it itself: raise the action that does" end
    return { changes = changes, what = ("`%s` is %s."):format(proposal.action, version) }
end

-- Permissions, inputs, environment ------------------------------------------------------------------------------------

local function needed(step, permissions)
    local text = (step.uses or "") .. "\n" .. (step.run or "") .. "\n" .. json.encode(step.with)
    for _, known in ipairs(permissions) do
        for _, pattern in ipairs(known.match) do
            if text:find(pattern) then return known.needs end
        end
    end
end

function M.permission(place, proposal, policy)
    local wanted = proposal.permissions or place.step and needed(place.step, policy.permissions)
    if not wanted then return nil, "which permission the step needs is not known" end
    local given = place.job.permissions
    if type(given) == "table" then
        local changes = {}
        for _, name in ipairs(tables.sorted_keys(wanted)) do
            if given[name] ~= wanted[name] then
                changes[#changes + 1] = { path = steps.path_to(place, "permissions", name), set = wanted[name] }
            end
        end
        if #changes == 0 then return nil, "the job has it already: runs from forks never do" end
        return { changes = changes, what = ("The job's token gets `%s`."):format(json.encode(wanted)) }
    end
    local inherited = place.workflow.permissions
    if type(given) == "string" or type(inherited) == "string" then
        return nil, "the permissions are given as one word: name those that the job needs"
    end
    local all = type(inherited) == "table" and tables.copy(inherited) or { contents = "read" }
    local is_new = false
    for name, level in pairs(wanted) do
        is_new = is_new or all[name] ~= level
        all[name] = level
    end
    if not is_new and inherited then return nil, "the workflow has it already: runs from forks never do" end
    return { changes = { { path = steps.path_to(place, "permissions"), set = all } },
        what = ("This job's token gets `%s`, and keeps what it had; other jobs do not get it."):format(
            json.encode(wanted)) }
end

function M.input(place, proposal)
    local position, step = steps.step_using(place, steps.plain_pattern(proposal.action))
    if not position then return nil, ("no step in front of it uses %s"):format(proposal.action) end
    if step.with[proposal.input] == proposal.value then return nil, "the step has it already" end
    return { changes = { steps.with_input(place, position, proposal.input, proposal.value) },
        what = ("`%s` has `%s: %s`."):format(step.label, proposal.input, tostring(proposal.value)) }
end

function M.environment(place, proposal)
    if not place.position then return nil, "the log does not say which step failed" end
    if place.step.env[proposal.name] ~= nil then return nil, "the step has it already" end
    local path, value = steps.step_path(place, place.position, "env"), { [proposal.name] = proposal.value }
    if yaml.get(place.step.node, "env") then
        path, value = steps.step_path(place, place.position, "env", proposal.name), proposal.value
    end
    return { changes = { { path = path, set = value } }, what = ("The step has `%s`."):format(proposal.name) }
end

-- Retries -------------------------------------------------------------------------------------------------------------

-- The line of the script that is the flaky command: the only command of the step that checks something.
local function command_line_of(step)
    local found
    for line in step.run:gmatch("[^\n]+") do
        local text = line:match("^%s*(.-)%s*$")
        if text ~= "" and text:sub(1, 1) ~= "#" then
            local only = #step.checks == 1
            for _, check in ipairs(step.checks) do
                if check.text == text and (only or check.purpose == "test") then
                    if found and found ~= text then return nil end
                    found = text
                end
            end
        end
    end
    return found
end

local function retried(run, line, retry)
    local numbers = {}
    for i = 1, retry.attempts do numbers[i] = tostring(i) end
    local loop = { ("for attempt in %s; do"):format(table.concat(numbers, " ")), ("  %s && break"):format(line),
        ('  [ "$attempt" -lt %d ] || exit 1'):format(retry.attempts), ("  sleep %d"):format(retry.wait_s), "done" }
    local lines = {}
    for each in (run:gsub("\n$", "") .. "\n"):gmatch("(.-)\n") do
        local indent = each:match("^%s*")
        if each:match("^%s*(.-)%s*$") == line then
            for _, part in ipairs(loop) do lines[#lines + 1] = indent .. part end
        else
            lines[#lines + 1] = each
        end
    end
    return table.concat(lines, "\n") .. "\n"
end

function M.retry(place, _, policy)
    local step = place.step
    if not step then return nil, "the log does not say which step failed" end
    if not step.run then return nil, "the step is an action: whether it retries is one of its inputs" end
    if step.run:find("for attempt in", 1, true) then return nil, "the step retries already" end
    local line = command_line_of(step)
    if not line then return nil, "the step runs several commands: retry the flaky one by itself" end
    local changes = { { path = steps.step_path(place, place.position, "run"),
        set = retried(step.run, line, policy.retry) } }
    local on_windows = false
    for _, combination in ipairs(place.job.combinations) do
        local system = model.runner_os(place.job.runs_on, combination)
        on_windows = on_windows or system == nil or system == "Windows"
    end
    if step.shell and not step.shell:find("^bash") and not step.shell:find("^sh") then
        return nil, ("its shell is %s"):format(step.shell)
    elseif on_windows and not step.shell then
        changes[2] = { path = steps.step_path(place, place.position, "shell"), set = "bash" }
    end
    return { changes = changes, what = ("`%s` is tried %d times at most."):format(line, policy.retry.attempts) }
end

return M
