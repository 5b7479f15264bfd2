-- Commits, and what lies between two of them.
local items = require("uhost.github.items")
local pages = require("uhost.github.pages")
local record = require("uhost.github.record")

local most_commit_files, most_compared_files = 3000, 300  -- that GitHub gives
local usual_compared_commits = 1000

return function(context, Repository)
    local client, check = context.client, context.check

    local function person(name)
        return function(body)
            return {
                name = record.at(body, ("commit.%s.name"):format(name)),
                email = record.at(body, ("commit.%s.email"):format(name)),
                time = record.at(body, ("commit.%s.date"):format(name)), login = record.at(body, name .. ".login"),
            }
        end
    end

    context.commit_record = record.of({
        id = "sha", message = "commit.message", author = person("author"), committer = person("committer"),
        tree = "commit.tree.sha", parents = record.list("parents", "sha"), url = "html_url",
        is_verified = "commit.verification.verified", additions = "stats.additions", deletions = "stats.deletions",
        repository = "repository.full_name",
    })

    -- The files of further pages, which have the rest of the commit as well.
    local function all_files(body, response)
        local files = {}
        while true do
            for _, file in ipairs(body.files or {}) do files[#files + 1] = context.file_record(file) end
            local following = pages.links(response.headers.link).next
            if not following then return json.array(files) end
            body, response = client.get(following)
        end
    end

    function Repository:commit(ref)
        local owner = "github.Repository:commit"
        ref = check.value(owner, "ref", check.word, ref)
        local path = ("%s/commits/%s"):format(self.path, context.segment(owner, "ref", ref))
        -- GitHub finds what names no commit invalid (422), in an empty repository a conflict (409).
        local body, response = client.maybe(path, { absent = { 404, 409, 422 } })
        if not body then return nil end
        local commit = context.commit_record(body)
        commit.files = all_files(body, response)
        commit.files_cut = #commit.files >= most_commit_files
        return commit
    end

    local filters = {
        sha = check.word, path = check.word, author = check.word, committer = check.word, since = check.time,
        ["until"] = check.time,
    }

    function Repository:commits(options)
        options = check.options("github.Repository:commits", options, filters)
        local following = client.each(self.path .. "/commits", { query = options, identity = "sha" })
        return items.of(function()
            local ok, commit = pcall(following)
            if ok then return commit end
            local is_empty = uhost.is_error(commit) and commit.details.status == 409
            if not is_empty then error(commit, 0) end
        end, context.commit_record)
    end

    local comparison_record = record.of({
        status = true, ahead_by = true, behind_by = true, total_commits = true, merge_base = "merge_base_commit.sha",
        url = "html_url", files = record.list("files", function(file) return context.file_record(file) end),
    })

    -- Commits come a hundred to a page, oldest first; files are all on the first page.
    local function compared_commits(body, response, limit)
        local commits = json.array()
        while true do
            for _, commit in ipairs(body.commits) do
                if #commits >= limit then return commits end
                commits[#commits + 1] = context.commit_record(commit)
            end
            local following = pages.links(response.headers.link).next
            if not following or #commits >= limit then return commits end
            body, response = client.get(following)
        end
    end

    function Repository:compare(base, head, options)
        local owner = "github.Repository:compare"
        base, head = check.value(owner, "base", check.word, base), check.value(owner, "head", check.word, head)
        options = check.options(owner, options, { limit = check.id })
        local path = ("%s/compare/%s...%s"):format(self.path, http.encode(base), http.encode(head))
        local body, response = client.maybe(path, { query = { per_page = 100 } })
        if not body then return nil end
        local comparison = comparison_record(body)
        comparison.commits = compared_commits(body, response, options.limit or usual_compared_commits)
        comparison.commits_cut = #comparison.commits < comparison.total_commits
        comparison.files_cut = #comparison.files >= most_compared_files
        return comparison
    end
end
