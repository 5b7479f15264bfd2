-- Issues: one, and lists of them.
local items = require("uhost.github.items")
local marker = require("uhost.github.marker")
local record = require("uhost.github.record")

return function(context, Repository)
    local client, check = context.client, context.check

    context.issue_record = record.of({
        number = true, id = true, title = true, state = true, reason = "state_reason", author = "user.login",
        author_association = true, labels = record.list("labels", "name"),
        assignees = record.list("assignees", "login"), milestone = "milestone.title", comments = true, locked = true,
        lock_reason = "active_lock_reason", url = "html_url", created_at = true, updated_at = true, closed_at = true,
        closed_by = "closed_by.login", node_id = true,
        body = function(body) return marker.without(record.at(body, "body") or "") end,
        markers = function(body) return json.array(marker.names(record.at(body, "body"))) end,
        is_pull_request = function(body) return record.at(body, "pull_request") ~= nil end,
        repository = function(body) return (record.at(body, "repository_url") or ""):match("/repos/([^/]+/[^/]+)$") end,
    })

    function Repository:issue(number)
        number = check.value("github.Repository:issue", "number", check.id, number)
        local body = client.maybe(("%s/issues/%d"):format(self.path, number), { absent = { 404, 410 } })
        return body and context.issue_record(body)
    end

    local filters = {
        state = check.one_of("open", "closed", "all"), labels = check.words, assignee = check.word,
        creator = check.word, mentioned = check.word, milestone = check.number_or_word, type = check.word,
        since = check.time, sort = check.one_of("created", "updated", "comments"),
        direction = check.one_of("asc", "desc"), pull_requests = check.flag,
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

    function Repository:issues(options)
        options = check.options("github.Repository:issues", options, filters)
        local following = context.issue_bodies(self, query_of(self, options))
        return items.of(following, context.issue_record, function(body)
            return options.pull_requests or record.at(body, "pull_request") == nil
        end)
    end
end
