-- Milestones, by number or by title.
local items = require("uhost.github.items")
local record = require("uhost.github.record")

return function(context, Repository)
    local client, check, mutation = context.client, context.check, context.mutation

    local milestone_record = record.of({
        number = true, id = true, title = true, description = true, state = true, open_issues = true,
        closed_issues = true, due_on = true, url = "html_url", created_at = true, updated_at = true, closed_at = true,
    })

    local filters = {
        state = check.one_of("open", "closed", "all"), sort = check.one_of("due_on", "completeness"),
        direction = check.one_of("asc", "desc"),
    }

    function Repository:milestones(options)
        options = check.options("github.Repository:milestones", options, filters)
        return items.of(client.each(self.path .. "/milestones", { query = options, identity = "number" }),
            milestone_record)
    end

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

    local fields = {
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
        options = check.options("github.Repository:ensure_milestone", options, fields, { "title" })
        local there = with_title(self, options.title)
        if there then return bring_up(self, there, options) end
        local body, response = client.change("POST", self.path .. "/milestones", {
            json = options, idempotent = true, accepts = function(answer) return answer.status == 422 end,
            mutates = mutation(self, "milestone.create", nil, ("make the milestone %s"):format(options.title)),
        })
        if response.planned then return body, "created" end
        if response.ok then return milestone_record(body), "created" end
        there = response.body:find("already_exists", 1, true) and with_title(self, options.title)
        if not there then context.raise_refusal(response, ("the milestone %s"):format(options.title)) end
        return bring_up(self, there, options)
    end
end
