-- Projects of the repository's owner: issues and pull requests as items, and their fields.
local record = require("uhost.github.internal.record")

return function(context, Repository)
    local client, check, mutation = context.client, context.check, context.mutation

    -- An owner is an organization or a user, whose projects have different addresses.
    local function project_path(self, project)
        local owner = self.name:match("^[^/]+")
        local path = ("/orgs/%s/projectsV2/%d"):format(owner, project)
        if client.maybe(path) then return path end
        return ("/users/%s/projectsV2/%d"):format(owner, project)
    end

    local item_record = record.of("github.ProjectItem", { id = true, type = "content_type", node_id = true })

    -- To add one that is there gives the one that is there.
    function Repository:add_project_item(project, number)
        local owner = "github.Repository:add_project_item"
        project = check.value(owner, "project", check.id, project)
        number = check.value(owner, "number", check.id, number)
        local issue = client.get(("%s/issues/%d"):format(self.path, number))
        local account, name = self.name:match("^(.*)/(.*)$")
        local body = client.change("POST", project_path(self, project) .. "/items", {
            json = {
                type = issue.pull_request and "PullRequest" or "Issue", owner = account, repo = name, number = number,
            },
            idempotent = true, expects = "object",
            mutates = mutation(self, "project.add", number, ("put it into project %d"):format(project)),
        })
        return item_record(body.value or body)
    end

    -- A single-select or iteration field takes the id of an option: `value` is its name.
    local function option_id(owner, field, value)
        local options = field.options or record.at(field, "configuration.iterations")
        if not options then return value end
        for _, option in ipairs(options) do
            local name = record.at(option, "name.raw") or record.at(option, "title.raw") or option.name
            if name == value then return option.id end
        end
        return check.refuse(owner, "fields", ("an option of the field '%s'"):format(field.name), value)
    end

    function Repository:update_project_item(project, item_id, fields)
        local owner = "github.Repository:update_project_item"
        project = check.value(owner, "project", check.id, project)
        item_id = check.value(owner, "item_id", check.id, item_id)
        fields = check.value(owner, "fields", check.table, fields)
        local path, by_name = project_path(self, project), {}
        for field in client.each(path .. "/fields") do by_name[field.name] = field end
        local list = json.array()
        for name, value in pairs(fields) do
            local field = by_name[name] or check.refuse(owner, "fields", "names of the project's fields", name)
            list[#list + 1] = { id = field.id, value = value == false and json.null or option_id(owner, field, value) }
        end
        local body = client.change("PATCH", ("%s/items/%d"):format(path, item_id), {
            json = { fields = list }, expects = "object",
            mutates = mutation(self, "project.update", nil, ("change the item %d of project %d"):format(item_id,
                project)),
        })
        return item_record(body)
    end
end
