-- The repository itself and how it is set up: branches and what they require, environments, variables, the names of
-- secrets, hooks and runners.
local record = require("uhost.github.internal.record")

return function(context, Repository)
    local client, check, define = context.client, context.check, context.define

    define("details", {
        "GET ",
        record = record.of("github.RepositoryDetails", {
            id = true, node_id = true, name = "full_name", description = true, url = "html_url", homepage = true,
            default_branch = true, is_private = "private", is_fork = "fork", is_archived = "archived",
            is_template = true, visibility = true, parent = "parent.full_name", source = "source.full_name",
            language = true, license = "license.spdx_id", topics = record.list("topics", "name"),
            stars = "stargazers_count", forks = "forks_count", open_issues = "open_issues_count", size_kb = "size",
            has_issues = true,
            may_squash = "allow_squash_merge", may_rebase = "allow_rebase_merge", may_merge = "allow_merge_commit",
            deletes_branches = "delete_branch_on_merge", created_at = true, pushed_at = true, updated_at = true,
            permissions = true,
        }),
    })

    -- Branches

    local branch_record = record.of("github.Branch", {
        name = true, commit = "commit.sha", is_protected = "protected",
        required_checks = record.list("protection.required_status_checks.contexts", "name"),
    })

    define("branches", {
        "GET /branches", list = true, identity = "name", options = { is_protected = check.flag },
        names = { is_protected = "protected" }, record = branch_record,
    })
    define("branch", { "GET /branches/{name*}", record = branch_record })

    define("rulesets", {
        "GET /rulesets", list = true, options = { includes_parents = check.flag },
        record = record.of("github.Ruleset", {
            id = true, name = true, target = true, enforcement = true, source = true, source_type = true,
            created_at = true, updated_at = true,
        }),
    })
    define("branch_rules", {
        "GET /rules/branches/{branch*}", list = true, identity = false,
        record = record.of("github.BranchRule", {
            type = true, parameters = true, ruleset_id = true, source = "ruleset_source",
        }),
    })

    -- From the branch's protection and from the rules of rulesets, which anybody may read who may read the repository.
    function Repository:required_checks(branch)
        check.value("github.Repository:required_checks", "branch", check.word, branch)
        local list, seen = json.array(), {}
        local function add(name, app_id, source)
            if seen[name] then return end
            seen[name] = true
            list[#list + 1] = { name = name, app_id = app_id, source = source }
        end
        local known = self:branch(branch)
        if not known then return nil end
        for _, name in ipairs(known.required_checks) do add(name, nil, "protection") end
        for rule in self:branch_rules(branch) do
            for _, each in ipairs(record.at(rule, "parameters.required_status_checks") or {}) do
                add(each.context, each.integration_id, "ruleset")
            end
        end
        return list
    end

    -- Environments, variables, secrets

    define("environments", {
        "GET /environments", list = "environments",
        record = record.of("github.Environment", {
            id = true, name = true, url = "html_url", rules = record.list("protection_rules", "type"),
            created_at = true, updated_at = true,
        }),
    })

    local variable_record = record.of("github.Variable", {
        name = true, value = true, created_at = true, updated_at = true,
    })
    local secret_record = record.of("github.Secret", { name = true, created_at = true, updated_at = true })
    local of_environment = { environment = check.word }

    -- Where variables and secrets are: of the repository's actions, or of an environment.
    local function place_of(self, owner, options, collection)
        if not options.environment then return ("%s/actions/%s"):format(self.path, collection) end
        return ("%s/environments/%s/%s"):format(self.path,
            context.segment(owner, "environment", options.environment), collection)
    end

    local function define_collection(method, collection, convert)
        local owner = "github.Repository:" .. method
        Repository[method] = function(self, options)
            options = check.options(owner, options, { environment = check.word, limit = check.id })
            return client.list(place_of(self, owner, options, collection), {
                list = collection, identity = "name", record = convert, limit = options.limit,
            })
        end
    end

    define_collection("variables", "variables", variable_record)
    define_collection("secrets", "secrets", secret_record)

    -- Changes the variable, or makes it where there is none. The same value twice comes to the same.
    function Repository:set_variable(name, value, options)
        local owner = "github.Repository:set_variable"
        name = check.value(owner, "name", check.word, name)
        value = check.value(owner, "value", check.text, value)
        options = check.options(owner, options, of_environment)
        local place = place_of(self, owner, options, "variables")
        local path = ("%s/%s"):format(place, context.segment(owner, "name", name))
        local mutates = context.mutation(self, "variable.set", nil, ("set the variable %s"):format(name))
        local _, response = client.change("PATCH", path, {
            json = { value = value }, mutates = mutates,
            accepts = { 404 },
        })
        if response.planned then return { planned = true } end
        if response.ok then return true end
        client.create(place, {
            json = { name = name, value = value }, mutates = mutates,
            find = function()
                local body = client.maybe(path, { cache = false })
                return body and body.value == value and body or nil
            end,
        })
        return true
    end

    function Repository:delete_variable(name, options)
        local owner = "github.Repository:delete_variable"
        name = check.value(owner, "name", check.word, name)
        options = check.options(owner, options, of_environment)
        local place = place_of(self, owner, options, "variables")
        local _, response = client.change("DELETE", ("%s/%s"):format(place, context.segment(owner, "name", name)), {
            accepts = { 404 },
            mutates = context.mutation(self, "variable.delete", nil, ("delete the variable %s"):format(name)),
        })
        return context.was_deleted(response, self.path)
    end

    -- Hooks and runners

    define("hooks", {
        "GET /hooks", list = true,
        record = record.of("github.Hook", {
            id = true, name = true, is_active = "active", events = record.list("events", "name"), url = "config.url",
            content_type = "config.content_type", last_status = "last_response.code",
            last_message = "last_response.message", created_at = true, updated_at = true,
        }),
    })
    define("ping_hook", {
        "POST /hooks/{id}/pings", kind = "hook.ping", summary = "ping the hook {id}", repeatable = true,
    })
    define("delete_hook", { "DELETE /hooks/{id}", kind = "hook.delete", summary = "delete the hook {id}" })

    define("runners", {
        "GET /actions/runners", list = "runners", options = { name = check.word },
        record = record.of("github.Runner", {
            id = true, name = true, os = true, status = true, is_busy = "busy", labels = record.list("labels", "name"),
        }),
    })
end
