-- Pull requests, what they change, and how they were judged.
local markers = require("uhost.github.internal.markers")
local pages = require("uhost.github.internal.pages")
local record = require("uhost.github.internal.record")

local max_files = 3000  -- that GitHub lists of one pull request

return function(context, Repository)
    local client, check = context.client, context.check

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

    function Repository:pull(number)
        number = check.value("github.Repository:pull", "number", check.id, number)
        local body = client.maybe(("%s/pulls/%d"):format(self.path, number))
        return body and context.pull_record(body)
    end

    local filters = {
        state = check.one_of("open", "closed", "all"), head = check.word, base = check.word,
        sort = check.one_of("created", "updated", "popularity", "long-running"),
        direction = check.one_of("asc", "desc"),
    }

    function Repository:pulls(options)
        options = check.options("github.Repository:pulls", options, filters)
        return pages.list(client.each(self.path .. "/pulls", { query = options }), context.pull_record)
    end

    function Repository:pull_files(number)
        number = check.value("github.Repository:pull_files", "number", check.id, number)
        local files = client.each(("%s/pulls/%d/files"):format(self.path, number), { identity = "filename" })
        return pages.limited(pages.list(files, context.file_record), max_files, "files of a pull request")
    end

    local review_record = record.of("github.Review", {
        id = true, author = "user.login", author_association = true, body = true, commit = "commit_id",
        url = "html_url", submitted_at = true,
        state = function(body) return (record.at(body, "state") or ""):lower() end,
    })

    function Repository:pull_reviews(number)
        number = check.value("github.Repository:pull_reviews", "number", check.id, number)
        return pages.list(client.each(("%s/pulls/%d/reviews"):format(self.path, number)), review_record)
    end

    function Repository:pulls_of_commit(sha)
        local owner = "github.Repository:pulls_of_commit"
        sha = check.value(owner, "sha", check.word, sha)
        local path = ("%s/commits/%s/pulls"):format(self.path, context.segment(owner, "sha", sha))
        local list = pages.list(client.each(path), context.pull_record)
        local ok, result = pcall(list.all, list)
        if ok then return result end
        -- GitHub finds a commit that is not there invalid.
        if uhost.is_error(result) and result.kind == "github.invalid" then return nil end
        error(result, 0)
    end
end
