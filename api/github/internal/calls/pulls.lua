-- Pull requests, what they change, and how they were judged.
local markers = require("uhost.github.internal.markers")
local record = require("uhost.github.internal.record")

local max_files = 3000  -- that GitHub lists of one pull request

return function(context, Repository)
    local client, check, define = context.client, context.check, context.define

    local function place(name)
        return function(body)
            return {
                ref = record.at(body, name .. ".ref"), sha = record.at(body, name .. ".sha"),
                repository = record.at(body, name .. ".repo.full_name"),
            }
        end
    end

    context.pull_record = record.of("github.Pull", {
        number = true, id = true, node_id = true, title = true, state = true, is_draft = "draft",
        author = "user.login", author_association = true, labels = record.list("labels", "name"),
        assignees = record.list("assignees", "login"), reviewers = record.list("requested_reviewers", "login"),
        milestone = "milestone.title", head = place("head"), base = place("base"), merged_at = true,
        merged_by = "merged_by.login", merge_commit = "merge_commit_sha", is_mergeable = "mergeable",
        mergeable_state = true, commits = true, additions = true, deletions = true, changed_files = true,
        locked = true, url = "html_url", created_at = true, updated_at = true, closed_at = true,
        is_merged = function(body) return record.at(body, "merged_at") ~= nil end,
        body = function(body) return markers.without(record.at(body, "body") or "") end,
        markers = function(body) return json.array(markers.names(record.at(body, "body"))) end,
    })

    context.file_record = record.of("github.File", {
        path = "filename", previous_path = "previous_filename", status = true, additions = true, deletions = true,
        changes = true, blob = "sha", patch = true,
    })

    define("pull", { "GET /pulls/{number}", record = context.pull_record })
    define("pulls", {
        "GET /pulls", list = true, record = context.pull_record,
        options = {
            state = check.one_of("open", "closed", "all"), head = check.word, base = check.word,
            sort = check.one_of("created", "updated", "popularity", "long-running"),
            direction = check.one_of("asc", "desc"),
        },
    })
    define("pull_files", {
        "GET /pulls/{number}/files", list = true, identity = "filename", record = context.file_record,
        max = { max_files, "files of a pull request" },
    })

    function Repository:pulls_of_commit(sha)
        local owner = "github.Repository:pulls_of_commit"
        sha = check.value(owner, "sha", check.word, sha)
        local path = ("%s/commits/%s/pulls"):format(self.path, context.segment(owner, "sha", sha))
        local list = client.list(path, { record = context.pull_record })
        local ok, result = pcall(list.all, list)
        if ok then return result end
        -- GitHub finds a commit that is not there invalid.
        if uhost.is_error(result) and result.kind == "github.invalid" then return nil end
        error(result, 0)
    end

    -- Changes

    local function fresh_pull(self, number)
        return client.get(("%s/pulls/%d"):format(self.path, number), { cache = false })
    end

    define("create_pull", {
        "POST /pulls", kind = "pull.create", summary = "open the pull request \"{title}\" from {head}",
        options = {
            title = check.word, head = check.word, base = check.word, body = check.text, is_draft = check.flag,
            maintainers_may_push = check.flag, cut = check.flag,
        },
        required = { "title", "head", "base" },
        names = { is_draft = "draft", maintainers_may_push = "maintainer_can_modify" },
        record = context.pull_record, marked = "body",
        find = function(self, _, own)
            local issue = client.find_issue(self.name, own)
            return issue and fresh_pull(self, issue.number)
        end,
    })

    -- A new body keeps the markers of the old one.
    define("update_pull", {
        "PATCH /pulls/{number}", kind = "pull.update", summary = "change the pull request",
        options = {
            title = check.word, body = check.text, state = check.one_of("open", "closed"), base = check.word,
            maintainers_may_push = check.flag, cut = check.flag,
        },
        record = context.pull_record,
        send = function(values, self)
            local names = values.body and markers.names(record.at(fresh_pull(self, values.number), "body"))
            return {
                title = values.title, state = values.state, base = values.base,
                body = names and markers.body("github.Repository:update_pull", values.body, names, values.cut),
                maintainer_can_modify = values.maintainers_may_push,
            }
        end,
    })

    define("merge_pull", {
        "PUT /pulls/{number}/merge", kind = "pull.merge", summary = "merge it",
        options = {
            method = check.one_of("merge", "squash", "rebase"), title = check.word, message = check.text,
            sha = check.word,
        },
        names = { method = "merge_method", title = "commit_title", message = "commit_message" },
        record = record.of("github.Merge", { sha = true, is_merged = "merged", message = true }),
        find = function(self, values)
            local body = fresh_pull(self, values.number)
            return body.merged and { sha = body.merge_commit_sha, merged = true } or nil
        end,
    })

    define("request_reviewers", {
        "POST /pulls/{number}/requested_reviewers", kind = "pull.request_reviewers", summary = "ask for reviews of it",
        options = { reviewers = check.words, teams = check.words }, names = { teams = "team_reviewers" },
        record = context.pull_record, repeatable = true,
    })

    -- Reviews

    local review_record = record.of("github.Review", {
        id = true, author = "user.login", author_association = true, commit = "commit_id", url = "html_url",
        submitted_at = true,
        body = function(body) return markers.without(record.at(body, "body") or "") end,
        state = function(body) return (record.at(body, "state") or ""):lower() end,
    })

    define("pull_reviews", { "GET /pulls/{number}/reviews", list = true, record = review_record })

    define("create_review", {
        "POST /pulls/{number}/reviews", kind = "pull.review", summary = "review it: {event}",
        options = {
            event = check.one_of("approve", "request_changes", "comment"), body = check.text, commit = check.word,
            comments = check.table, cut = check.flag,
        },
        required = { "event" }, record = review_record, marked = "body",
        send = function(values)
            return {
                event = values.event:upper(), body = values.body, commit_id = values.commit,
                comments = values.comments and json.array(values.comments),
            }
        end,
        find = function(self, values, own)
            return client.find_marked(("%s/pulls/%d/reviews"):format(self.path, values.number), own)
        end,
    })
end
