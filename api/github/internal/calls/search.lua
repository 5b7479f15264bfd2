-- GitHub's search. It gives at most 1,000 results, and may give up half-way; both are said.
local record = require("uhost.github.internal.record")

local max_results = 1000

return function(context)
    local client, check = context.client, context.check
    local owner = "github.search"

    local code_record = record.of("github.CodeResult", {
        path = true, name = true, id = "sha", url = "html_url", repository = "repository.full_name",
    })

    local repository_record = record.of("github.RepositoryResult", {
        name = "full_name", description = true, url = "html_url", stars = "stargazers_count", forks = "forks_count",
        open_issues = "open_issues_count", language = true, topics = record.list("topics", "name"),
        is_private = "private", is_fork = "fork", is_archived = "archived", default_branch = true, created_at = true,
        pushed_at = true, updated_at = true,
    })

    local kinds = {
        issues = {
            record = context.issue_record, identity = "id",
            sort = check.one_of("comments", "reactions", "reactions-+1", "reactions--1", "reactions-smile",
                "reactions-thinking_face", "reactions-heart", "reactions-tada", "interactions", "created", "updated"),
        },
        commits = {
            record = context.commit_record, identity = "sha", sort = check.one_of("author-date", "committer-date"),
        },
        code = { record = code_record, identity = "url", sort = check.one_of("indexed") },
        repositories = {
            record = repository_record, identity = "id",
            sort = check.one_of("stars", "forks", "help-wanted-issues", "updated"),
        },
    }

    local function warn_of_limits(query)
        return function(page, list)
            if list.cut == nil then
                list.cut = (list.total or 0) > max_results
                if list.cut then
                    log.warn(("%d results for '%s', and GitHub gives %d of them; ask for less at a time"):format(
                        list.total, query, max_results))
                end
            end
            if record.at(page, "incomplete_results") and not list.incomplete then
                list.incomplete = true
                log.warn(("GitHub did not finish its search for '%s'; results may be missing"):format(query))
            end
        end
    end

    return function(kind, query, options)
        check.value(owner, "kind", check.one_of("issues", "commits", "code", "repositories"), kind)
        query = check.value(owner, "query", check.word, query)
        local known = kinds[kind]
        options = check.options(owner, options, {
            sort = known.sort, order = check.one_of("asc", "desc"), limit = check.id,
        })
        return client.list("/search/" .. kind, {
            query = { q = query, sort = options.sort, order = options.order }, list = "items", limit = options.limit,
            identity = known.identity, record = known.record, on_page = warn_of_limits(query),
        })
    end
end
