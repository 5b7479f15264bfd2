-- Starting a workflow, and finding the run that came of it.
local clock = require("uhost.github.clock")
local record = require("uhost.github.record")

local most_inputs = 25
local input_types = { string = true, number = true, boolean = true }
local usual_timeout_s = 60
local longest_pause_s = 5

return function(context, Repository)
    local client, check, mutation, identity = context.client, context.check, context.mutation, context.identity
    local owner = "github.Repository:dispatch"

    -- GitHub gives inputs to workflows as text.
    local function read_inputs(value)
        if type(value) ~= "table" then return nil end
        local inputs, count = {}, 0
        for name, each in pairs(value) do
            if type(name) ~= "string" or not input_types[type(each)] then return nil end
            inputs[name], count = tostring(each), count + 1
        end
        return count <= most_inputs and inputs or nil
    end

    local fields = {
        ref = check.word, timeout_s = check.seconds, identify_by = check.word,
        inputs = { expected = ("a table of at most %d inputs (texts, numbers, booleans)"):format(most_inputs),
            read = read_inputs },
    }

    local function branch_of(ref)
        return (ref:gsub("^refs/heads/", ""):gsub("^refs/tags/", ""))
    end

    -- The runs that the dispatch may have started, the oldest first. With a unique input the title must have it.
    local function candidates(self, wanted)
        local list = {}
        for body in client.each(wanted.path .. "/runs", {
            list = "workflow_runs", cache = false,
            query = { event = "workflow_dispatch", branch = wanted.branch, created = ">=" .. wanted.since },
        }) do
            local fits = not wanted.name or (record.at(body, "display_title") or ""):find(wanted.name, 1, true)
            if not wanted.name and wanted.actor then fits = record.at(body, "actor.login") == wanted.actor end
            if fits then list[#list + 1] = body end
        end
        table.sort(list, function(a, b) return a.id < b.id end)
        if #list > 1 then
            log.warn(("%d runs of %s began at the same time; the first is taken for the one that was started"):format(
                #list, self.name))
        end
        return list
    end

    -- Looks until the time is over; nil when there is nothing by then.
    local function wait_for(timeout_s, look)
        local deadline, pause = time.monotonic() + timeout_s, context.native.number_setting("settle_s") or 1
        while true do
            local found = look()
            if found or time.monotonic() >= deadline then return found end
            task.sleep(math.min(pause, longest_pause_s, math.max(0, deadline - time.monotonic())))
            pause = pause * 2
        end
    end

    -- Newer GitHubs tell the run's id when they are asked to; older ones refuse the question.
    local function send(self, workflow, wanted, options)
        local function dispatch(details)
            return client.create(wanted.path .. "/dispatches", {
                json = { ref = options.ref, inputs = wanted.inputs, return_run_details = details },
                accepts = function(answer) return details and answer.status == 422 end,
                mutates = mutation(self, "workflow.dispatch", nil,
                    ("start the workflow %s on %s"):format(tostring(workflow), options.ref)),
                find = function() return candidates(self, wanted)[1] end,
            })
        end
        local body, response = dispatch(true)
        if response.status ~= 422 then return body end
        if response.body:find("return_run_details", 1, true) then return (dispatch(nil)) end
        context.raise_refusal(response, wanted.path .. "/dispatches")
    end

    local function unique_inputs(options, name)
        local inputs = options.inputs
        if not name then return inputs end
        local all = { [options.identify_by] = name }
        for key, value in pairs(inputs or {}) do all[key] = value end
        return all
    end

    function Repository:dispatch(workflow, options)
        workflow = check.value(owner, "workflow", check.number_or_word, workflow)
        options = check.options(owner, options, fields, { "ref" })
        local path = context.workflow_path(self, owner, workflow)
        -- It tells whether there is such a workflow, and GitHub's own time: the run is not older.
        local _, response = client.get(path, { cache = false })
        local name = options.identify_by and client.new_marker() or nil
        local wanted = {
            path = path, branch = branch_of(options.ref), name = name,
            actor = not name and identity.login(self.name) or nil,
            since = time.iso(clock.http_date(response.headers.date) or time.now()),
            inputs = unique_inputs(options, name),
        }
        local body = send(self, workflow, wanted, options)
        if body and body.planned then return body end
        if body and body.run_number then return context.run_record(body) end  -- found after a lost answer
        local id = body and record.at(body, "workflow_run_id")
        return wait_for(options.timeout_s or usual_timeout_s, function()
            if id then return self:run(id) end
            local found = candidates(self, wanted)[1]
            return found and context.run_record(found)
        end)
    end
end
