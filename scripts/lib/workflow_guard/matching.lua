-- Which checks, steps and jobs of the head are those of the base, under other names or in other places.
local checks_of = require("lib.workflow_guard.checks")
local similarity = require("lib.workflow_guard.similarity")

local M = {}

local function set_of(text)
    local set = {}
    for word in text:gmatch("%S+") do set[word] = true end
    return set
end

-- Programs that say nothing of what they run.
local generic = set_of("npm pnpm yarn bun npx make gmake just rake task cargo go python python3 py node ruby perl"
    .. " docker podman java php deno dotnet gradle gradlew mvn mvnw bundle mix poetry uv cmake composer nx turbo"
    .. " lerna pwsh tox nox")
-- Those whose targets are a project's own: `make lint` may do what several commands did.
local by_target = set_of("npm pnpm yarn bun make gmake just rake task tox nox")
-- What stands for many checks at once.
local gathering = set_of("ci all check checks verify validate qa pre-commit prek tox nox lint test tests")

local function identity(check)
    local from = generic[check.tool] and 2 or 1
    local words = {}
    for i = from, #check.words do
        local word = check.words[i]
        if word == "t" and check.tool == "npm" then word = "test" end
        if word ~= "run" and word ~= "run-script" then words[#words + 1] = i == 1 and check.tool or word end
    end
    return table.concat(words, " ")
end

local function same_kind(a, b, vocabulary)
    local left, right = vocabulary.same_kind[a.tool], vocabulary.same_kind[b.tool]
    for group in pairs(left or {}) do
        if right and right[group] then return true end
    end
    return false
end

-- "pre-commit" in `pre-commit/action` and in `tox -e pre-commit`.
local function shares_purpose_word(a, b, vocabulary)
    local function words(check)
        local set = {}
        for word in check.text:lower():gmatch("[%w%-]+") do
            local purpose = vocabulary.purposes[word]
            if purpose and purpose ~= "build" then set[word] = true end
        end
        return set
    end
    local left, right = words(a), words(b)
    for word in pairs(left) do
        if right[word] then return true end
    end
    return false
end

local function version_free(text) return (text:gsub("@[%w%.%-_]+", ""):gsub("==?[%d%.]+", "")) end

-- Of equal commands, those of the same step belong together.
local function same_step(a, b)
    return (a.step.label == b.step.label and 0.3 or 0) + (a.step.if_text == b.step.if_text and 0.2 or 0)
end

local function of_checks(a, b, vocabulary)
    if a.text == b.text then return 3 + same_step(a, b) end
    if version_free(a.text) == version_free(b.text) then return 2 + same_step(a, b) end
    local score = similarity.of_texts(identity(a), identity(b))
    if identity(a) == identity(b) and a.tool == b.tool then return 2 + same_step(a, b) end
    if a.purpose == "test" and b.purpose == "build" and a.tool == b.tool then return 0 end
    if a.tool == b.tool then
        score = score + (generic[a.tool] and 0 or 0.5)
    elseif same_kind(a, b, vocabulary) then
        score = score + 0.4
    end
    -- One test or linter that took the place of another: those that are still there were paired before.
    if a.purpose == b.purpose and a.purpose ~= "task" and a.purpose ~= "build" then score = score + 0.55 end
    if a.purpose == b.purpose and a.purpose == "build" then score = score + 0.15 end
    score = score + same_step(a, b)
    if a.step.if_text == b.step.if_text then score = score - 0.2 end
    if shares_purpose_word(a, b, vocabulary) then score = score + 0.2 end
    if b.purpose == "looking" or b.purpose == "preparing" then score = score - 0.5 end
    return score
end

-- "npm run ci" may run all that there is.
local everything = set_of("ci all verify validate qa")

local function runs_everything(check)
    for word in check.text:lower():gmatch("[%w%-]+") do
        if everything[word] then return generic[check.tool] ~= nil end
    end
    return false
end

local function gathers(check)
    for word in check.text:lower():gmatch("[%w%-]+") do
        if gathering[word] then return true end
    end
    return false
end

-- `make distcheck` does what `make dist` did.
local function is_within(base, head, is_new)
    if base.text == head.text and not head.step.if_text then return true end
    if base.script then return head.step.run ~= nil and head.step.run:find(base.script, 1, true) ~= nil end
    local target, other = base.words[2], head.words[2]
    for i = 2, #base.words do if not base.words[i]:find("^%-") then target = base.words[i] end end
    for i = 2, #head.words do if not head.words[i]:find("^%-") then other = head.words[i] end end
    if base.tool == head.tool and target and other and #other > #target and #target > 2 and #base.words == #head.words
        and other:sub(1, #target) == target and other:find("check") then
        return true
    end
    if is_new == "took over" and gathers(head) and by_target[head.tool] and base.purpose == head.purpose then
        return true
    end
    if is_new and runs_everything(head) then return base.purpose == "lint" or base.purpose == "test" end
    return is_new and gathers(head) and (base.purpose == "lint" or base.purpose == "test")
        and similarity.of_texts(base.text, head.text) > 0 and base.purpose == head.purpose
end

local function text_of(check) return check.text end

-- Of checks without a pair, those that none of the others does too.
local function not_within(checks, others, budget, is_new)
    similarity.spend(budget, #checks * #others)
    local remaining = {}
    for _, check in ipairs(checks) do
        local found = false
        for _, other in ipairs(others) do
            if is_within(check, other, is_new(other)) then
                found = true
                break
            end
        end
        if not found then remaining[#remaining + 1] = check end
    end
    return remaining
end

local function without_pair(checks, pairs_of)
    local list = {}
    for _, check in ipairs(checks) do
        if pairs_of[check] == nil then list[#list + 1] = check end
    end
    return list
end

local function filtered(checks, keep)
    local list = {}
    for _, check in ipairs(checks) do
        if keep(check) then list[#list + 1] = check end
    end
    return list
end

--- Finds the checks of a job in its head.
---@return table<workflow_guard.Check, workflow_guard.Check> of_base
---@return workflow_guard.Check[] lost
---@return workflow_guard.Check[] new
function M.checks(base, head, vocabulary)
    local of_base, of_head = similarity.pair(base, head, {
        similar = function(a, b) return of_checks(a, b, vocabulary) end, least = 0.5, key = text_of,
        budget = vocabulary.budget,
    })
    local reached = filtered(head, function(check) return not check.unreachable end)
    local lost = not_within(without_pair(base, of_base), reached, vocabulary.budget,
        function(check)
            local before = of_head[check]
            if before and before.text == check.text then return false end
            return before and not by_target[before.tool] and "took over" or true
        end)
    return of_base, lost, without_pair(head, of_head)
end

--- Of lost checks, those that none of the new ones takes over.
---@param lost { check: workflow_guard.Check }[]
---@param pool workflow_guard.Check[]
---@return { check: workflow_guard.Check }[] remaining
---@return table<workflow_guard.Check, workflow_guard.Check> found  what took the place of others
function M.moved(lost, pool, vocabulary)
    local base, item_of = {}, {}
    for i, item in ipairs(lost) do base[i], item_of[item.check] = item.check, item end
    local counting = filtered(pool, checks_of.counts)
    local found = similarity.pair(base, counting, {
        similar = function(a, b) return of_checks(a, b, vocabulary) end, least = 0.7, key = text_of,
        budget = vocabulary.budget,
    })
    local remaining = {}
    for i, check in ipairs(not_within(without_pair(base, found), counting, vocabulary.budget,
        function() return true end)) do
        remaining[i] = item_of[check]
    end
    return remaining, found
end

--- The commands of a workflow that its base has in no job.
---@return workflow_guard.Check[]
function M.new_checks(base, head)
    local known, list = {}, {}
    for _, job in ipairs(base.jobs) do
        for _, check in ipairs(job.checks) do known[check.text] = true end
    end
    for _, job in ipairs(head.jobs) do
        for _, check in ipairs(job.checks) do
            if not known[check.text] and not check.unreachable then list[#list + 1] = check end
        end
    end
    return list
end

--- Whether a command of the same kind is among them: it may run what this one leaves out.
---@param check workflow_guard.Check
---@param new_checks workflow_guard.Check[]
function M.has_another(check, new_checks)
    for _, other in ipairs(new_checks) do
        if other ~= check and other.tool == check.tool and other.purpose == check.purpose and other.text ~= check.text
            and not other.ignored then
            return true
        end
    end
    return false
end

local function of_steps(a, b)
    if a.id and a.id == b.id then return 1 end
    if a.name and a.name == b.name then return 0.95 end
    local uses_a, uses_b = (a.uses or ""):gsub("@.*", ""), (b.uses or ""):gsub("@.*", "")
    if a.uses and uses_a == uses_b then return 0.8 end
    if a.run and b.run then return similarity.of_texts(a.run, b.run) end
    return 0
end

local function key_of_step(step)
    local parts = { step.id or "", step.name or "", step.uses or "", step.run or "", step.if_text or "" }
    return table.concat(parts, "\0")
end

--- Pairs the steps of two jobs.
---@return table<table, table> of_base
function M.steps(base, head, budget)
    return (similarity.pair(base, head, { similar = of_steps, least = 0.5, key = key_of_step, budget = budget }))
end

--- How much of what two jobs run is the same, 0 to 1.
function M.of_contents(a, b)
    local left, right = {}, {}
    for i, step in ipairs(a.steps) do left[i] = step.run or step.uses or "" end
    for i, step in ipairs(b.steps) do right[i] = step.run or step.uses or "" end
    return similarity.of_texts(table.concat(left, "\n"), table.concat(right, "\n"))
end

--- Whether a program says nothing of what it runs: `make`, `npm`, `python`.
function M.is_generic(tool) return generic[tool] ~= nil end

local function of_jobs(a, b)
    if a.name and a.name == b.name then return 2 end
    local bonus = 0.3 * similarity.of_texts(a.id, b.id)
        + (json.encode(a.combinations) == json.encode(b.combinations) and 0.1 or 0)
    if a.uses or b.uses then
        return a.uses == b.uses and similarity.of_texts(json.encode(a.with), json.encode(b.with)) or 0
    end
    return M.of_contents(a, b) + bonus
end

--- Pairs jobs by id, then by name and by what they do.
---@return table<table, table> of_base
function M.jobs(base, head, budget)
    local by_id, made, left, right, used = {}, {}, {}, {}, {}
    for _, job in ipairs(head) do by_id[job.id] = job end
    for _, job in ipairs(base) do
        if by_id[job.id] then
            made[job] = by_id[job.id]
            used[by_id[job.id]] = true
        else
            left[#left + 1] = job
        end
    end
    for _, job in ipairs(head) do
        if not used[job] then right[#right + 1] = job end
    end
    local by_content = similarity.pair(left, right, { similar = of_jobs, least = 0.45, budget = budget,
        key = function(job) return job.name end })
    for job, now in pairs(by_content) do made[job] = now end
    return made
end

return M
