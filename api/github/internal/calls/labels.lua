-- Labels of a repository and of its issues, and milestones, by number or by title.
local record = require("uhost.github.internal.record")

local max_description = 100

return function(context, Repository)
    local client, check, mutation, define = context.client, context.check, context.mutation, context.define

    local label_record = record.of("github.Label", {
        id = true, name = true, color = true, description = true, is_default = "default",
    })

    define("labels", { "GET /labels", list = true, record = label_record })

    local function is_color(value)
        return type(value) == "string" and value:match("^%x%x%x%x%x%x$") and value:lower() or nil
    end

    local fields = {
        name = check.word,
        color = { expected = "six hexadecimal digits, without '#'", read = is_color },
        description = {
            expected = ("a string of at most %d characters"):format(max_description),
            read = function(value)
                return type(value) == "string" and #value <= 4 * max_description
                    and select(2, value:gsub("[^\128-\191]", "")) <= max_description and value or nil
            end,
        },
    }

    define("update_label", {
        "PATCH /labels/{name}",
        options = { new_name = check.word, color = fields.color, description = fields.description },
        record = label_record, kind = "label.update", summary = "change the label {name}",
    })
    define("delete_label", { "DELETE /labels/{name}", kind = "label.delete", summary = "delete the label {name}" })

    local function differs(label, wanted)
        return (wanted.color and wanted.color ~= label.color:lower())
            or (wanted.description and wanted.description ~= (label.description or ""))
            or wanted.name ~= label.name
    end

    local function update(self, label, wanted)
        self:update_label(label.name, {
            new_name = wanted.name ~= label.name and wanted.name or nil, color = wanted.color,
            description = wanted.description,
        })
    end

    local function find_label(self, name)
        local body = client.maybe(("%s/labels/%s"):format(self.path,
            context.segment("github.Repository:ensure_labels", "name", name)))
        return body and label_record(body)
    end

    -- A label that another run makes at the same time is found on the second look.
    local function create(self, wanted)
        local _, response = client.change("POST", self.path .. "/labels", {
            json = { name = wanted.name, color = wanted.color, description = wanted.description },
            idempotent = true, accepts = { 422 },
            mutates = mutation(self, "label.create", nil, ("make the label %s"):format(wanted.name)),
        })
        if response.ok or response.planned then return "created" end
        local label = find_label(self, wanted.name)
        if not label then context.raise_refusal(response, ("the label %s"):format(wanted.name)) end
        if not differs(label, wanted) then return "unchanged" end
        update(self, label, wanted)
        return "updated"
    end

    function Repository:ensure_labels(list)
        local owner = "github.Repository:ensure_labels"
        list = check.value(owner, "labels", check.table, list)
        local wanted = {}
        for i, label in ipairs(list) do wanted[i] = check.options(owner, label, fields, { "name" }) end
        local there, result = {}, {}
        for _, outcome in ipairs({ "created", "updated", "unchanged" }) do result[outcome] = json.array() end
        for label in self:labels() do there[label.name:lower()] = label end
        for _, label in ipairs(wanted) do
            local known, outcome = there[label.name:lower()], "unchanged"
            if not known then
                outcome = create(self, label)
            elseif differs(known, label) then
                update(self, known, label)
                outcome = "updated"
            end
            table.insert(result[outcome], label.name)
        end
        return result
    end

    local function names_of(bodies)
        local names = json.array()
        for i, body in ipairs(bodies or {}) do names[i] = body.name end
        return names
    end

    function Repository:add_labels(number, names)
        local owner = "github.Repository:add_labels"
        number = check.value(owner, "number", check.id, number)
        names = check.value(owner, "names", check.words, names)
        if #names == 0 then return names_of(client.get(("%s/issues/%d/labels"):format(self.path, number))) end
        local body = client.change("POST", ("%s/issues/%d/labels"):format(self.path, number), {
            json = { labels = names }, idempotent = true,
            mutates = mutation(self, "label.add", number, "label it " .. table.concat(names, ", ")),
        })
        return body.planned and body or names_of(body)
    end

    function Repository:remove_label(number, name)
        local owner = "github.Repository:remove_label"
        number = check.value(owner, "number", check.id, number)
        name = check.value(owner, "name", check.word, name)
        local path = ("%s/issues/%d/labels/%s"):format(self.path, number, context.segment(owner, "name", name))
        local _, response = client.change("DELETE", path, {
            idempotent = true, accepts = { 404 },
            mutates = mutation(self, "label.remove", number, "take off the label " .. name),
        })
        return context.was_deleted(response, ("%s/issues/%d"):format(self.path, number))
    end

    -- Milestones

    local milestone_record = record.of("github.Milestone", {
        number = true, id = true, title = true, description = true, state = true, open_issues = true,
        closed_issues = true, due_on = true, url = "html_url", created_at = true, updated_at = true, closed_at = true,
    })

    define("milestones", {
        "GET /milestones", list = true, identity = "number", record = milestone_record,
        options = {
            state = check.one_of("open", "closed", "all"), sort = check.one_of("due_on", "completeness"),
            direction = check.one_of("asc", "desc"),
        },
    })

    local function with_title(self, title)
        for milestone in self:milestones({ state = "all" }) do
            if milestone.title:lower() == title:lower() then return milestone end
        end
    end

    -- The number of a milestone given by number or title; nil when there is none, or for "none" and "*" of filters.
    function context.milestone_number(repository, wanted)
        if type(wanted) == "number" then return wanted end
        if wanted == "none" or wanted == "*" then return nil end
        local found = with_title(repository, wanted)
        if found then return found.number end
        uhost.fail("github.not_found", ("%s has no milestone '%s'"):format(repository.name, wanted),
            { hint = "check the title; github.Repository:milestones lists them, :ensure_milestone makes one" })
    end

    function context.known_milestone(repository, owner, wanted)
        return context.milestone_number(repository, wanted)
            or check.refuse(owner, "milestone", "a milestone's number or title", wanted)
    end

    local milestone_fields = {
        title = check.word, description = check.text, due_on = check.time, state = check.one_of("open", "closed"),
    }

    -- GitHub keeps the day of a due date and sets an hour of its own.
    local function same(name, there, wanted)
        if name == "due_on" then return (there or ""):sub(1, 10) == wanted:sub(1, 10) end
        return (there or "") == wanted
    end

    local function change_for(milestone, wanted)
        local change, changed = {}, false
        for _, name in ipairs({ "description", "due_on", "state" }) do
            if wanted[name] and not same(name, milestone[name], wanted[name]) then
                change[name], changed = wanted[name], true
            end
        end
        return changed and change
    end

    local function bring_up(self, milestone, wanted)
        local change = change_for(milestone, wanted)
        if not change then return milestone, "unchanged" end
        local body = client.change("PATCH", ("%s/milestones/%d"):format(self.path, milestone.number), {
            json = change, idempotent = true,
            mutates = mutation(self, "milestone.update", nil, ("change the milestone %s"):format(milestone.title)),
        })
        return body.planned and milestone or milestone_record(body), "updated"
    end

    function Repository:ensure_milestone(options)
        options = check.options("github.Repository:ensure_milestone", options, milestone_fields, { "title" })
        local there = with_title(self, options.title)
        if there then return bring_up(self, there, options) end
        local body, response = client.change("POST", self.path .. "/milestones", {
            json = options, idempotent = true, accepts = { 422 },
            mutates = mutation(self, "milestone.create", nil, ("make the milestone %s"):format(options.title)),
        })
        if response.planned then return body, "created" end
        if response.ok then return milestone_record(body), "created" end
        there = with_title(self, options.title)
        if not there then context.raise_refusal(response, ("the milestone %s"):format(options.title)) end
        return bring_up(self, there, options)
    end
end
