-- What was around the checks and is gone or weaker: limits, services, dependencies, artifacts, permissions.
local matching = require("lib.workflow_guard.matching")
local shell = require("lib.workflow_guard.shell")

local M = {}

local function count_of(job, pattern)
    local count = 0
    for _, step in ipairs(job.steps) do
        if step.uses and step.uses:find(pattern) then count = count + 1 end
    end
    return count
end

-- Artifacts by their names, with how many days they are kept.
local function kept_days(job)
    local days = {}
    for _, step in ipairs(job.steps) do
        if step.uses and step.uses:find("^actions/upload%-artifact") then
            days[tostring(step.with.name or step.label)] = tonumber(step.with["retention-days"])
        end
    end
    return days
end

local function compare_retention(base, head, report)
    local now = kept_days(head)
    for name, days in pairs(kept_days(base)) do
        if now[name] and now[name] < days then
            report("retention_shortened", tostring(days),
                ("the artifact '%s' is kept for %d days now, not %d"):format(name, now[name], days))
        end
    end
end

local installers = { ["pip install"] = 2, ["pip3 install"] = 2, ["-m pip install"] = 3, ["npm install"] = 2,
    ["gem install"] = 2, ["apt-get install"] = 2, ["apt install"] = 2, ["brew install"] = 2, ["conda install"] = 2,
    ["choco install"] = 2 }

-- The packages that a command installs by name: no options, files, or those that a file lists.
local function add_packages(words, packages)
    for at = 1, math.min(#words, 3) do
        for prefix, count in pairs(installers) do
            if table.concat(words, " ", at, math.min(#words, at + count - 1)) == prefix then
                for i = at + count, #words do
                    local name = words[i]:gsub("[=<>~!@%[].*", "")
                    if name:find("^[%a_]") and not name:find("[/$%.]") then packages[name] = true end
                end
            end
        end
    end
end

local function packages_of(job)
    local packages = {}
    for _, step in ipairs(job.steps) do
        for _, command in ipairs(step.run and step.run:find("install", 1, true) and shell.commands(step.run) or {}) do
            add_packages(command.words, packages)
        end
    end
    return packages
end

-- Tests that find something missing may leave themselves out. Where other packages came, they took its place.
local function compare_packages(base, head, around, report)
    local before, now, lost = packages_of(base), packages_of(head), {}
    for _, name in ipairs(tables.sorted_keys(before)) do
        local is_elsewhere = around.head.text:find(name, 1, true)
        if not now[name] and not is_elsewhere then lost[#lost + 1] = name end
    end
    for name in pairs(now) do
        if not before[name] then return end
    end
    if #lost == 0 then return end
    report("dependency_removed", table.concat(lost, ", "),
        ("job '%s' does not install %s now"):format(head.id, table.concat(lost, ", ")))
end

local ranks = { none = 0, read = 1, write = 2 }

-- The level of each permission; nil where the repository's settings say.
local function levels_of(permissions)
    if permissions == "read-all" or permissions == "write-all" then
        local level = permissions == "read-all" and 1 or 2
        return setmetatable({}, { __index = function() return level end })
    elseif type(permissions) == "table" then
        local levels = setmetatable({}, { __index = function() return 0 end })
        for name, level in pairs(permissions) do levels[name] = ranks[level] end
        return levels
    end
end

local function compare_permissions(base, head, around, report)
    local before = levels_of(base.permissions or around.base.permissions)
    local given = head.permissions or around.head.permissions
    local now = levels_of(given)
    if not before or not now or type(given) ~= "table" then return end
    for _, name in ipairs(tables.sorted_keys(given)) do
        if (now[name] or 0) > before[name] then
            report("permissions_widened", ("%s: %s"):format(name, before[name] == 1 and "read" or "none"),
                ("the token of job '%s' may %s %s now"):format(head.id, given[name], name))
        end
    end
end

local function compare_job(base, head, gone, add, around)
    local function report(rule, before, what) add(rule, { job = head.id, job_model = head, before = before,
        what = what }) end
    compare_retention(base, head, report)
    compare_packages(base, head, around, report)
    compare_permissions(base, head, around, report)
    if base.fail_fast == false and head.fail_fast ~= false and #head.combinations > 1 then
        report("fail_fast", "fail-fast: false", ("the first combination of job '%s' that fails cancels the others")
            :format(head.id))
    end
    if base.timeout and not head.timeout then
        report("timeout_removed", base.timeout, ("job '%s' has no timeout-minutes now"):format(head.id))
    end
    for name in pairs(base.services) do
        if head.services[name] == nil then
            report("service_removed", name, ("job '%s' has no service '%s' now"):format(head.id, name))
        end
    end
    local needed = {}
    for _, name in ipairs(head.needs) do needed[name] = true end
    for _, name in ipairs(base.needs) do
        if not needed[name] and not gone[name] then
            report("needs_removed", name, ("job '%s' does not wait for '%s' now"):format(head.id, name))
        end
    end
    if base.environment and base.environment ~= json.null and not head.environment then
        report("environment_removed", json.encode(base.environment),
            ("job '%s' has no environment now"):format(head.id))
    end
    if count_of(base, "upload%-artifact") > count_of(head, "upload%-artifact") then
        report("artifact_removed", "actions/upload-artifact", ("job '%s' keeps fewer artifacts"):format(head.id))
    end
    if count_of(base, "^actions/cache") > count_of(head, "^actions/cache") then
        report("cache_removed", "actions/cache", ("job '%s' has fewer caches"):format(head.id))
    end
end

---@param base table  of model.of
---@param head table
---@param add fun(rule: string, fields: table)
---@param budget workflow_guard.Budget
function M.compare(base, head, add, budget)
    local pairs_of, gone = matching.jobs(base.jobs, head.jobs, budget), {}
    local around = { base = base, head = head }
    for _, job in ipairs(base.jobs) do
        local now = pairs_of[job]
        gone[job.id] = now == nil or now.id ~= job.id
    end
    for _, job in ipairs(base.jobs) do
        if pairs_of[job] then compare_job(job, pairs_of[job], gone, add, around) end
    end
end

return M
