-- Jobs that depend on each other, some of them at once.
local phases = require("uhost.build.internal.phases")

local M = {}

local function check_jobs(jobs)
    local names = {}
    for name in pairs(jobs) do names[#names + 1] = name end
    table.sort(names)
    for _, name in ipairs(names) do
        local job = uhost.check_options(jobs[name], ("build.graph (job '%s')"):format(name), { "needs", "run" })
        uhost.check_argument(job.run, "run", "build.graph", "function")
        for _, needed in ipairs(job.needs or {}) do
            if not jobs[needed] then
                uhost.fail("build.graph", ("job '%s' needs '%s', which there is not"):format(name, needed),
                    { hint = uhost.suggest(needed, names), details = { job = name, needs = needed } })
            end
        end
    end
    return names
end

-- An order in which each job comes after those that it needs.
local function in_order(jobs, names)
    local order, state, path = {}, {}, {}
    local function visit(name)
        if state[name] == "done" then return end
        path[#path + 1] = name
        if state[name] == "begun" then
            uhost.fail("build.graph", "jobs need each other: " .. table.concat(path, " → "),
                { hint = "take one of these needs away", details = { job = name } })
        end
        state[name] = "begun"
        for _, needed in ipairs(jobs[name].needs or {}) do visit(needed) end
        state[name], path[#path] = "done", nil
        order[#order + 1] = name
    end
    for _, name in ipairs(names) do visit(name) end
    return order
end

function M.run(options)
    options = uhost.check_options(options, "build.graph", { "jobs", "concurrency" })
    local jobs = uhost.check_argument(options.jobs, "jobs", "build.graph", "table")
    local order = in_order(jobs, check_jobs(jobs))
    local limit, outer = task.limit(options.concurrency or 2), phases.here()
    local running, results = {}, {}
    return task.scope(function()
        for _, name in ipairs(order) do
            running[name] = task.spawn(function()
                for _, needed in ipairs(jobs[name].needs or {}) do running[needed]:returned() end
                results[name] = limit:with(function()
                    return phases.within(outer, phases.phase, name, jobs[name].run, results)
                end)
            end)
        end
        for _, name in ipairs(order) do running[name]:await() end
        return results
    end)
end

return M
