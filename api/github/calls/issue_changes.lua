-- What changes an issue. Each is a mutation of its own in the plan.
local marker = require("uhost.github.marker")
local tables = require("uhost.tables")
local text = require("uhost.github.text")

return function(context, Repository)
    local client, check, mutation = context.client, context.check, context.mutation

    local new_issue = {
        title = check.word, body = check.text, labels = check.words, assignees = check.words,
        milestone = check.number_or_word, marker = check.word, cut = check.flag,
    }

    local function marker_names(options, own)
        if options.marker then marker.comment(options.marker) end  -- refuses what is no marker
        return options.marker and { options.marker, own } or { own }
    end

    function Repository:create_issue(options)
        local owner = "github.Repository:create_issue"
        options = check.options(owner, options, new_issue, { "title" })
        local own = client.new_marker()
        local body = client.create(self.path .. "/issues", {
            json = {
                title = options.title, labels = options.labels, assignees = options.assignees,
                milestone = options.milestone and context.known_milestone(self, owner, options.milestone),
                body = text.body(owner, options.body, marker_names(options, own), options.cut),
            },
            mutates = mutation(self, "issue.create", nil, ("open the issue \"%s\""):format(options.title)),
            find = function() return client.lookup.issue(client, self.name, own) end,
        })
        return context.issue_record(body)
    end

    -- Changes an issue by what GitHub's call takes.
    function context.patch_issue(repository, number, change, kind, summary)
        local body = client.change("PATCH", ("%s/issues/%d"):format(repository.path, number), {
            json = change, idempotent = true, mutates = mutation(repository, kind, number, summary),
        })
        return context.issue_record(body)
    end

    local issue_change = {
        title = check.word, body = check.text, labels = check.words, assignees = check.words,
        milestone = check.either("a milestone's number or title, or false for none", check.id, check.word, check.flag),
        cut = check.flag,
    }

    -- A new body keeps the markers of the old one, by which scripts find the issue again.
    local function body_with_markers(self, owner, number, options)
        if not options.body then return nil end
        local issue = self:issue(number)
        return text.body(owner, options.body, issue and issue.markers or {}, options.cut)
    end

    function Repository:update_issue(number, options)
        local owner = "github.Repository:update_issue"
        number = check.value(owner, "number", check.id, number)
        options = check.options(owner, options, issue_change)
        local change = { title = options.title, labels = options.labels, assignees = options.assignees }
        change.body = body_with_markers(self, owner, number, options)
        if options.milestone == false then
            change.milestone = json.null
        elseif options.milestone then
            change.milestone = context.known_milestone(self, owner, options.milestone)
        end
        local names = tables.sorted_keys(change)
        if #names == 0 then check.refuse(owner, "options", "something to change", "nothing") end
        return context.patch_issue(self, number, change, "issue.update", "change its " .. table.concat(names, ", "))
    end

    local reasons = check.one_of("completed", "not_planned", "duplicate")
    local closing = { reason = reasons, comment = check.text, duplicate_of = check.id, cut = check.flag }

    -- GitHub wants the id, not the number, of the issue that a duplicate repeats.
    local function id_of_original(self, owner, options)
        if not options.duplicate_of then return nil end
        if options.reason and options.reason ~= "duplicate" then
            check.refuse(owner, "reason", "\"duplicate\" beside duplicate_of", options.reason)
        end
        local original = self:issue(options.duplicate_of)
        if not original then
            check.refuse(owner, "duplicate_of", "the number of an issue of " .. self.name,
                tostring(options.duplicate_of))
        end
        return original.id
    end

    function Repository:close_issue(number, options)
        local owner = "github.Repository:close_issue"
        number = check.value(owner, "number", check.id, number)
        options = check.options(owner, options, closing)
        local id = id_of_original(self, owner, options)
        local reason = id and "duplicate" or options.reason or "completed"
        if options.comment then self:create_comment(number, { body = options.comment, cut = options.cut }) end
        return context.patch_issue(self, number, { state = "closed", state_reason = reason, duplicate_issue_id = id },
            "issue.close", ("close it as %s"):format((reason:gsub("_", " "))))
    end

    function Repository:reopen_issue(number)
        number = check.value("github.Repository:reopen_issue", "number", check.id, number)
        return context.patch_issue(self, number, { state = "open", state_reason = "reopened" }, "issue.reopen",
            "open it again")
    end

    local lock_reasons = { reason = check.one_of("off-topic", "too heated", "resolved", "spam") }

    local function lock_call(self, method, number, change, kind, summary)
        client.change(method, ("%s/issues/%d/lock"):format(self.path, number), {
            json = change, idempotent = true, mutates = mutation(self, kind, number, summary),
        })
    end

    function Repository:lock_issue(number, options)
        local owner = "github.Repository:lock_issue"
        number = check.value(owner, "number", check.id, number)
        options = check.options(owner, options, lock_reasons)
        lock_call(self, "PUT", number, options.reason and { lock_reason = options.reason }, "issue.lock",
            "lock its conversation")
    end

    function Repository:unlock_issue(number)
        number = check.value("github.Repository:unlock_issue", "number", check.id, number)
        lock_call(self, "DELETE", number, nil, "issue.unlock", "unlock its conversation")
    end
end
