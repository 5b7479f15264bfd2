-- Issues: one, lists of them, and what changes them. Each change is a mutation of its own in the plan.
local markers = require("uhost.github.internal.markers")
local record = require("uhost.github.internal.record")
local tables = require("uhost.tables")

return function(context, Repository)
    local client, check, mutation, define = context.client, context.check, context.mutation, context.define

    context.issue_record = record.of("github.Issue", {
        number = true, id = true, title = true, state = true, reason = "state_reason", author = "user.login",
        author_association = true, labels = record.list("labels", "name"),
        assignees = record.list("assignees", "login"), milestone = "milestone.title", comments = true, locked = true,
        lock_reason = "active_lock_reason", url = "html_url", created_at = true, updated_at = true, closed_at = true,
        closed_by = "closed_by.login", node_id = true,
        body = function(body) return markers.without(record.at(body, "body") or "") end,
        markers = function(body) return json.array(markers.names(record.at(body, "body"))) end,
        is_pull_request = function(body) return record.at(body, "pull_request") ~= nil end,
        repository = function(body) return (record.at(body, "repository_url") or ""):match("/repos/([^/]+/[^/]+)$") end,
    })

    define("issue", { "GET /issues/{number}", absent = { 410 }, record = context.issue_record })

    local filters = {
        state = check.one_of("open", "closed", "all"), labels = check.words, assignee = check.word,
        creator = check.word, mentioned = check.word, milestone = check.number_or_word, type = check.word,
        since = check.time, sort = check.one_of("created", "updated", "comments"),
        direction = check.one_of("asc", "desc"), pull_requests = check.flag, limit = check.id,
    }

    -- GitHub's list takes labels in one text, and milestones by number; those without one are "none", with any "*".
    local function query_of(self, options)
        local query = {}
        for _, name in ipairs({ "state", "assignee", "creator", "mentioned", "type", "since", "sort", "direction" }) do
            query[name] = options[name]
        end
        for _, name in ipairs(options.labels or {}) do
            if name:find(",", 1, true) then
                check.refuse("github.Repository:issues", "labels", "labels without a comma", name)
            end
        end
        if options.labels and options.labels[1] then query.labels = table.concat(options.labels, ",") end
        local milestone = options.milestone
        if milestone then query.milestone = tostring(context.milestone_number(self, milestone) or milestone) end
        return query
    end

    -- The bodies themselves, for what needs more than the record has.
    function context.issue_bodies(repository, query, path)
        return client.each(repository.path .. (path or "/issues"), { query = query, identity = "id" })
    end

    local function is_issue(body)
        return record.at(body, "pull_request") == nil
    end

    function Repository:issues(options)
        options = check.options("github.Repository:issues", options, filters)
        return client.list(self.path .. "/issues", {
            query = query_of(self, options), record = context.issue_record, limit = options.limit,
            keep = not options.pull_requests and is_issue or nil,
        })
    end

    -- Changes

    local new_issue = {
        title = check.word, body = check.text, labels = check.words, assignees = check.words,
        milestone = check.number_or_word, marker = check.word, cut = check.flag,
    }

    function Repository:create_issue(options)
        local owner = "github.Repository:create_issue"
        options = check.options(owner, options, new_issue, { "title" })
        local own = client.new_marker()
        local body = client.create(self.path .. "/issues", {
            json = {
                title = options.title, labels = options.labels, assignees = options.assignees,
                milestone = options.milestone and context.known_milestone(self, owner, options.milestone),
                body = markers.body(owner, options.body, markers.names_for(options.marker, own), options.cut),
            },
            expects = "object",
            mutates = mutation(self, "issue.create", nil, ("open the issue \"%s\""):format(options.title)),
            find = function() return client.find_issue(self.name, own) end,
        })
        return context.issue_record(body)
    end

    -- Changes an issue by what GitHub's call takes.
    function context.patch_issue(repository, number, change, kind, summary)
        local body = client.change("PATCH", ("%s/issues/%d"):format(repository.path, number), {
            json = change, idempotent = true, expects = "object",
            mutates = mutation(repository, kind, number, summary),
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
        return markers.body(owner, options.body, issue and issue.markers or {}, options.cut)
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

    -- Whether an issue is closed for this reason already; nil is any.
    local function is_closed_as(issue, reason)
        return issue ~= nil and issue.state == "closed" and (reason == nil or issue.reason == reason)
    end

    -- One that is closed keeps its reason unless another is given, and is not commented on again.
    function Repository:close_issue(number, options)
        local owner = "github.Repository:close_issue"
        number = check.value(owner, "number", check.id, number)
        options = check.options(owner, options, closing)
        local id = id_of_original(self, owner, options)
        local reason = id and "duplicate" or options.reason
        local issue = self:issue(number)
        if is_closed_as(issue, reason) then return issue end
        if options.comment and not is_closed_as(issue) then
            self:create_comment(number, { body = options.comment, cut = options.cut })
        end
        reason = reason or "completed"
        return context.patch_issue(self, number, { state = "closed", state_reason = reason, duplicate_issue_id = id },
            "issue.close", ("close it as %s"):format((reason:gsub("_", " "))))
    end

    function Repository:reopen_issue(number)
        number = check.value("github.Repository:reopen_issue", "number", check.id, number)
        return context.patch_issue(self, number, { state = "open", state_reason = "reopened" }, "issue.reopen",
            "open it again")
    end

    define("lock_issue", {
        "PUT /issues/{number}/lock", options = { reason = check.one_of("off-topic", "too heated", "resolved", "spam") },
        names = { reason = "lock_reason" }, kind = "issue.lock", summary = "lock its conversation",
    })
    define("unlock_issue", {
        "DELETE /issues/{number}/lock", kind = "issue.unlock", summary = "unlock its conversation",
    })
end
