-- Deployments and their statuses.
local record = require("uhost.github.internal.record")

local max_description = 140

return function(context, Repository)
    local client, check, mutation, define = context.client, context.check, context.mutation, context.define

    local deployment_record = record.of("github.Deployment", {
        id = true, sha = true, ref = true, task = true, environment = true, description = true,
        creator = "creator.login", payload = true, is_transient = "transient_environment",
        is_production = "production_environment", created_at = true, updated_at = true,
    })

    define("deployments", {
        "GET /deployments", list = true, record = deployment_record,
        options = { sha = check.word, ref = check.word, task = check.word, environment = check.word },
    })

    local description = { expected = ("a string of at most %d bytes"):format(max_description),
        read = function(value)
            return type(value) == "string" and #value <= max_description and value or nil
        end }

    local fields = {
        ref = check.word, task = check.word, environment = check.word, description = description,
        payload = check.table, auto_merge = check.flag, required_contexts = check.words, is_transient = check.flag,
        is_production = check.flag,
    }

    -- The payload has a marker, which identifies this deployment when the answer is lost.
    local function with_marker(payload, own)
        local all = { uhost = own }
        for key, value in pairs(payload or {}) do all[key] = value end
        return all
    end

    local function find_created(self, options, own)
        local query = { ref = options.ref, environment = options.environment }
        for body in client.each(self.path .. "/deployments", { query = query, cache = false }) do
            if record.at(body, "payload.uhost") == own then return body end
        end
    end

    function Repository:create_deployment(options)
        local owner = "github.Repository:create_deployment"
        options = check.options(owner, options, fields, { "ref" })
        if options.payload and options.payload.uhost ~= nil then
            check.refuse(owner, "payload", "a table without a field 'uhost'", options.payload)
        end
        local own = client.new_marker()
        local body = client.create(self.path .. "/deployments", {
            json = {
                ref = options.ref, task = options.task, environment = options.environment,
                description = options.description, payload = with_marker(options.payload, own),
                auto_merge = options.auto_merge or false, required_contexts = options.required_contexts,
                transient_environment = options.is_transient, production_environment = options.is_production,
            },
            expects = "object",
            mutates = mutation(self, "deployment.create", nil, ("deploy %s to %s"):format(options.ref,
                options.environment or "production")),
            find = function() return find_created(self, options, own) end,
        })
        if not body.planned and not record.at(body, "id") then
            uhost.fail("github.conflict", ("GitHub merged the default branch into %s in place of deploying it")
                :format(options.ref), { hint = "deploy the merged branch", native = record.at(body, "message") })
        end
        return deployment_record(body)
    end

    local status_record = record.of("github.DeploymentStatus", {
        id = true, state = true, description = true, environment = true, environment_url = true, log_url = true,
        creator = "creator.login", created_at = true, updated_at = true,
    })

    define("deployment_statuses", { "GET /deployments/{id}/statuses", list = true, record = status_record })

    -- A newest status that says the same has the same effect, whoever set it.
    local function find_status(self, values, _, sent)
        local path = ("%s/deployments/%d/statuses"):format(self.path, values.id)
        local newest = client.get(path, { query = { per_page = 1 }, cache = false })[1]
        if not newest then return nil end
        for _, name in ipairs({ "state", "description", "environment", "environment_url", "log_url" }) do
            if sent[name] and record.at(newest, name) ~= sent[name] then return nil end
        end
        return newest
    end

    define("create_deployment_status", {
        "POST /deployments/{id}/statuses", kind = "deployment.status", summary = "set deployment {id} to {state}",
        options = {
            state = check.one_of("error", "failure", "inactive", "in_progress", "queued", "pending", "success"),
            description = description, environment = check.word, environment_url = check.word, log_url = check.word,
            auto_inactive = check.flag,
        },
        required = { "state" }, record = status_record, find = find_status,
    })
end
