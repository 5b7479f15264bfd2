-- What a repository holds: commits and what lies between two of them, files and folders.
local record = require("uhost.github.internal.record")

local max_commit_files, max_compared_files = 3000, 300  -- that GitHub gives
local default_compared_commits = 1000
-- From here on GitHub's list of a folder may be cut; the tree of the commit has all.
local max_entries = 1000

return function(context, Repository)
    local client, check, native = context.client, context.check, context.native

    local function person(name)
        return function(body)
            return {
                name = record.at(body, ("commit.%s.name"):format(name)),
                email = record.at(body, ("commit.%s.email"):format(name)),
                time = record.at(body, ("commit.%s.date"):format(name)), login = record.at(body, name .. ".login"),
            }
        end
    end

    context.commit_record = record.of("github.Commit", {
        id = "sha", message = "commit.message", author = person("author"), committer = person("committer"),
        tree = "commit.tree.sha", parents = record.list("parents", "sha"), url = "html_url",
        is_verified = "commit.verification.verified", additions = "stats.additions", deletions = "stats.deletions",
        repository = "repository.full_name",
    })

    function Repository:commit(ref)
        local owner = "github.Repository:commit"
        ref = check.value(owner, "ref", check.word, ref)
        local path = ("%s/commits/%s"):format(self.path, context.segment(owner, "ref", ref))
        -- GitHub finds what names no commit invalid (422), in an empty repository a conflict (409).
        local following, body = client.pages(path, "files", { 404, 409, 422 })
        if not following then return nil end
        local commit = context.commit_record(body)
        commit.files = json.array()
        for page in following do  -- each has the rest of the commit as well
            for _, file in ipairs(page.files or {}) do table.insert(commit.files, context.file_record(file)) end
        end
        commit.files_cut = #commit.files >= max_commit_files
        return commit
    end

    local filters = {
        sha = check.word, path = check.word, author = check.word, committer = check.word, since = check.time,
        ["until"] = check.time, limit = check.id,
    }

    function Repository:commits(options)
        options = check.options("github.Repository:commits", options, filters)
        local limit = options.limit
        options.limit = nil
        local list = client.list(self.path .. "/commits", {
            query = options, identity = "sha", record = context.commit_record, limit = limit,
        })
        local following = list.following
        function list.following()
            local ok, commit = pcall(following)
            if ok then return commit end
            local is_empty = uhost.is_error(commit) and commit.details.status == 409
            if not is_empty then error(commit, 0) end
        end
        return list
    end

    local comparison_record = record.of("github.Comparison", {
        status = true, ahead_by = true, behind_by = true, total_commits = true, merge_base = "merge_base_commit.sha",
        url = "html_url", files = record.list("files", function(file) return context.file_record(file) end),
    })

    -- Commits come a hundred to a page, oldest first; files are all on the first page.
    local function first_commits(following, limit)
        local commits = json.array()
        for page in following do
            for _, commit in ipairs(page.commits or {}) do
                if #commits >= limit then return commits end
                commits[#commits + 1] = context.commit_record(commit)
            end
            if #commits >= limit then break end
        end
        return commits
    end

    function Repository:compare(base, head, options)
        local owner = "github.Repository:compare"
        base, head = check.value(owner, "base", check.word, base), check.value(owner, "head", check.word, head)
        options = check.options(owner, options, { limit = check.id })
        local path = ("%s/compare/%s...%s"):format(self.path, http.encode(base), http.encode(head))
        local following, body = client.pages(path, "commits", { 404 }, { per_page = 100 })
        if not following then return nil end
        local comparison = comparison_record(body)
        comparison.commits = first_commits(following, options.limit or default_compared_commits)
        comparison.commits_cut = #comparison.commits < comparison.total_commits
        comparison.files_cut = #comparison.files >= max_compared_files
        return comparison
    end

    -- Files and folders

    local contents_owner = "github.Repository:contents"

    local entry_record = record.of("github.ContentEntry", {
        name = true, path = true, type = true, size_bytes = "size", id = "sha", url = "html_url", target = true,
        submodule_url = "submodule_git_url",
    })

    local function entries_of_tree(self, id, folder)
        local body = client.get(("%s/git/trees/%s"):format(self.path, id))
        if body.truncated then
            log.warn(("GitHub cuts its list of the folder '%s' after %d entries"):format(folder, #body.tree))
        end
        local list = json.array()
        for i, entry in ipairs(body.tree) do
            list[i] = context.tree_entry(entry)
            list[i].name, list[i].mode = entry.path, nil
            list[i].path = (folder == "" and "" or folder .. "/") .. entry.path
        end
        return list
    end

    local function entries_of(self, body, folder)
        local entries = record.at(body, "entries") or body
        if #entries >= max_entries and body.sha then return entries_of_tree(self, body.sha, folder) end
        return record.list("entries", entry_record)({ entries = entries })
    end

    -- Up to 1 MiB the content comes along in Base64; a larger one has to be asked for as it is.
    local function content_of(path, query, body)
        if record.at(body, "encoding") == "base64" then
            local content = native.decode_base64(body.content)
            if content then return content end
        end
        local _, response = client.get(path, {
            query = query, headers = { Accept = "application/vnd.github.raw+json" }, raw = true,
        })
        return response.body
    end

    function Repository:contents(path, options)
        if type(path) ~= "string" then check.refuse(contents_owner, "path", "a path, \"\" for the root", path) end
        options = check.options(contents_owner, options, { ref = check.word })
        local folder = path:gsub("^/+", ""):gsub("/+$", "")
        local address = ("%s/contents/%s"):format(self.path, context.segments(contents_owner, "path", folder))
        local query = { ref = options.ref }
        local body = client.maybe(address, {
            query = query, headers = { Accept = "application/vnd.github.object+json" },
        })
        if not body then return nil end
        local kind = record.at(body, "type")
        if kind == "file" then return content_of(address, query, body) end
        if kind == "symlink" or kind == "submodule" then return entry_record(body) end
        return entries_of(self, body, folder)
    end
end
