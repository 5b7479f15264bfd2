-- Starting a workflow, and finding the run that it started.
local clock = require("uhost.github.internal.clock")
local record = require("uhost.github.internal.record")

local max_inputs = 25
local input_types = { string = true, number = true, boolean = true }
local default_timeout_s = 60
local max_pause_s = 5

return function(context, Repository)
    local client, check, mutation, native = context.client, context.check, context.mutation, context.native

    local owner = "github.Repository:dispatch"

    -- GitHub gives inputs to workflows as text.
    local function read_inputs(value)
        if type(value) ~= "table" then return nil end
        local inputs, count = {}, 0
        for name, each in pairs(value) do
            if type(name) ~= "string" or not input_types[type(each)] then return nil end
            inputs[name], count = tostring(each), count + 1
        end
        return count <= max_inputs and inputs or nil
    end

    local fields = {
        ref = check.word, timeout_s = check.seconds, identify_by = check.word,
        inputs = { expected = ("a table of at most %d inputs (texts, numbers, booleans)"):format(max_inputs),
            read = read_inputs },
    }

    local function branch_of(ref)
        return (ref:gsub("^refs/heads/", ""):gsub("^refs/tags/", ""))
    end

    -- The id of the newest run of a workflow; 0 when it never ran.
    local function newest_run(path)
        local body = client.get(path .. "/runs", {
            query = { event = "workflow_dispatch", per_page = 1 }, cache = false,
        })
        return record.at(body, "workflow_runs") and body.workflow_runs[1] and body.workflow_runs[1].id or 0
    end

    -- A run belongs to one call. Calls of other processes that use the same state folder are known, too.

    local own = {}  -- the runs of this process's calls

    local function taken_runs(path)
        local taken = native.shared.claimed(path)
        for id in pairs(own) do taken[id] = true end
        return taken
    end

    local function take(path, id)
        own[id] = true
        native.shared.claim(path, id)
    end

    -- Whether a dispatch may have started this run. What the list was asked for is checked again: servers differ in
    -- what they filter.
    local function fits(body, wanted)
        if wanted.taken[body.id] or body.id <= wanted.newest then return false end
        if record.at(body, "event") ~= "workflow_dispatch" then return false end
        if (record.at(body, "created_at") or "") < wanted.since then return false end
        local branch, sha = record.at(body, "head_branch"), record.at(body, "head_sha")
        if branch ~= wanted.branch and sha ~= wanted.branch then return false end
        if wanted.name then return (record.at(body, "display_title") or ""):find(wanted.name, 1, true) ~= nil end
        return not wanted.actor or record.at(body, "actor.login") == wanted.actor
    end

    -- The run that the dispatch started, the oldest of those that it may be. A unique input is in its title.
    local function started_run(self, wanted)
        local list = {}
        wanted.taken = taken_runs(wanted.path)
        for body in client.each(wanted.path .. "/runs", {
            list = "workflow_runs", cache = false,
            query = { event = "workflow_dispatch", branch = wanted.branch, created = ">=" .. wanted.since },
        }) do
            if fits(body, wanted) then list[#list + 1] = body end
        end
        table.sort(list, function(a, b) return a.id < b.id end)
        if #list > 1 then
            log.warn(("%d runs of %s began at the same time; the first is taken for the one that was started"):format(
                #list, self.name))
        end
        return list[1]
    end

    -- Looks until the time is over; nil when there is nothing by then.
    local function wait_for(timeout_s, look)
        local deadline, pause = time.monotonic() + timeout_s, native.number_setting("settle_s") or 1
        while true do
            local found = look()
            if found or time.monotonic() >= deadline then return found end
            task.sleep(math.min(pause, max_pause_s, math.max(0, deadline - time.monotonic())))
            pause = pause * 2
        end
    end

    -- Newer servers return the run's id when they are asked to; older ones refuse the field.
    local function send(self, workflow, wanted, options)
        local function dispatch(details)
            return client.create(wanted.path .. "/dispatches", {
                json = { ref = options.ref, inputs = wanted.inputs, return_run_details = details },
                accepts = details and { 422 } or nil,
                mutates = mutation(self, "workflow.dispatch", nil,
                    ("start the workflow %s on %s"):format(tostring(workflow), options.ref)),
                find = function() return started_run(self, wanted) end,
            })
        end
        local body, response = dispatch(true)
        if response.status ~= 422 then return body end
        return (dispatch(nil))  -- raises what else is wrong
    end

    local function unique_inputs(options, name)
        local inputs = options.inputs
        if not name then return inputs end
        local all = { [options.identify_by] = name }
        for key, value in pairs(inputs or {}) do all[key] = value end
        return all
    end

    -- Calls that only time and account distinguish run one after the other, in this process and in others: one whose
    -- answer was lost must not take the run of another for its own.
    local locks = {}

    local function alone(name, body)
        locks[name] = locks[name] or task.limit(1)
        return locks[name]:with(function()
            return native.shared.alone("dispatch " .. native.endpoints().api_url .. name, body)
        end)
    end

    -- Starts the workflow; gives what GitHub answers and what the run must be like.
    local function start(self, workflow, options, path, name)
        -- It raises if there is no such workflow, and has GitHub's own time: the run is not older.
        local _, response = client.get(path, { cache = false })
        local wanted = {
            path = path, branch = branch_of(options.ref), name = name,
            actor = not name and context.identity.login(self.name) or nil,
            since = time.iso(clock.http_date(response.headers.date) or time.now()),
            inputs = unique_inputs(options, name),
        }
        wanted.newest = newest_run(path)
        return send(self, workflow, wanted, options), wanted
    end

    -- The run, once it is known which one it is; nil when the time is over before.
    local function identified(self, workflow, options, path, name)
        local body, wanted = start(self, workflow, options, path, name)
        if body and (body.planned or body.run_number) then return body end  -- or found after a lost answer
        local id = body and record.at(body, "workflow_run_id")
        if id then return { id = id } end
        return wait_for(options.timeout_s or default_timeout_s, function() return started_run(self, wanted) end)
    end

    function Repository:dispatch(workflow, options)
        workflow = check.value(owner, "workflow", check.number_or_word, workflow)
        options = check.options(owner, options, fields, { "ref" })
        local path = context.workflow_path(self, owner, workflow)
        local name = options.identify_by and client.new_marker() or nil
        local function find()
            local run = identified(self, workflow, options, path, name)
            if run and not run.planned then take(path, run.id) end
            return run
        end
        local run = name and find() or not name and alone(path .. " " .. options.ref, find)
        if not run or run.planned then return run or nil end
        if not run.run_number then  -- GitHub has named it, and shows it a moment later
            run = wait_for(options.timeout_s or default_timeout_s, function()
                return client.maybe(("%s/actions/runs/%d"):format(self.path, run.id), { cache = false })
            end)
        end
        return run and context.run_record(run)
    end
end
