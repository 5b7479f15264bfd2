-- Labels of a repository and of its issues.
local items = require("uhost.github.items")
local record = require("uhost.github.record")

local longest_description = 100

return function(context, Repository)
    local client, check, mutation = context.client, context.check, context.mutation

    local label_record = record.of({
        id = true, name = true, color = true, description = true, is_default = "default",
    })

    function Repository:labels()
        return items.of(client.each(self.path .. "/labels", { identity = "id" }), label_record)
    end

    local function is_color(value)
        return type(value) == "string" and value:match("^%x%x%x%x%x%x$") and value:lower() or nil
    end

    local fields = {
        name = check.word,
        color = { expected = "six hexadecimal digits, without '#'", read = is_color },
        description = {
            expected = ("a string of at most %d characters"):format(longest_description),
            read = function(value)
                return type(value) == "string" and #value <= 4 * longest_description
                    and select(2, value:gsub("[^\128-\191]", "")) <= longest_description and value or nil
            end,
        },
    }

    local function differs(label, wanted)
        return (wanted.color and wanted.color ~= label.color:lower())
            or (wanted.description and wanted.description ~= (label.description or ""))
            or wanted.name ~= label.name
    end

    local function update(self, label, wanted)
        client.change("PATCH", ("%s/labels/%s"):format(self.path, context.segment("github.Repository:ensure_labels",
            "name", label.name)), {
                json = {
                    new_name = wanted.name ~= label.name and wanted.name or nil, color = wanted.color,
                    description = wanted.description,
                },
                idempotent = true,
                mutates = mutation(self, "label.update", nil, ("change the label %s"):format(label.name)),
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
            idempotent = true, accepts = function(answer) return answer.status == 422 end,
            mutates = mutation(self, "label.create", nil, ("make the label %s"):format(wanted.name)),
        })
        if response.ok or response.planned then return "created" end
        local label = response.body:find("already_exists", 1, true) and find_label(self, wanted.name)
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
            idempotent = true, accepts = function(answer) return answer.status == 404 end,
            mutates = mutation(self, "label.remove", number, "take off the label " .. name),
        })
        return response.planned or response.ok
    end
end
