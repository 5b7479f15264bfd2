-- One issue, or one comment, for a purpose, however often and by however many runs it is asked for. The marker in its
-- body names the purpose; of several the lowest stays, on which all runs agree in the end.
local markers = require("uhost.github.internal.markers")
local record = require("uhost.github.internal.record")

local max_looks = 8  -- for one's own new issue or comment to appear in GitHub's list

-- Who may have planted a marker that is believed: people who can write to the repository.
-- https://docs.github.com/en/graphql/reference/enums#commentauthorassociation
local writers = { OWNER = true, MEMBER = true, COLLABORATOR = true }

-- REST's /user refuses the tokens of apps (those of workflows are such); GraphQL answers both kinds. The
-- repository decides which of an app's installations asks.
local identity_query = [[query($owner: String!, $name: String!) {
    viewer { login }
    repository(owner: $owner, name: $name) { id }
}]]

-- GitHub may give line ends back in another form.
local function normal(body)
    return (body:gsub("\r\n", "\n"):gsub("%s+$", ""))
end

local function new_identity(graphql)
    local M = {}
    local known

    -- The login of the token's account; of an app "name[bot]", as in REST. Raises what prevents an answer:
    -- one's own text taken for a stranger's would be written once more.
    function M.login(repository)
        if not known then
            local owner, name = repository:match("^(.*)/(.*)$")
            known = record.at(graphql(identity_query, { owner = owner, name = name }), "viewer.login")
        end
        return known
    end

    -- Whether the author of an issue or comment is the token's own account, or may write to the repository.
    function M.trusts(repository, body)
        local author = record.at(body, "user.login")
        if not author then return false end
        return author == M.login(repository) or writers[record.at(body, "author_association") or ""] == true
    end

    return M
end

return function(context, Repository)
    local check, identity = context.check, new_identity(context.graphql)
    context.identity = identity

    local options_known = {
        marker = check.word, title = check.word, body = check.text, labels = check.words, reopen = check.flag,
        cut = check.flag,
    }

    -- The lists in which the issue may be: of those that this account opened, and, when labels are given, of those with
    -- the first label. Each is short where the repository is large. An app has two names, and a GitHub may know
    -- only one of them.
    local function queries(own, options, state)
        local list = { { state = state, creator = own } }
        local app = own:match("^(.*)%[bot%]$")
        if app then list[2] = { state = state, creator = "app/" .. app } end
        local label = options.labels and options.labels[1]
        if label and not label:find(",", 1, true) then list[#list + 1] = { state = state, labels = label } end
        return list, app ~= nil
    end

    -- The items of a list; none when GitHub does not know the creator that it was asked for.
    local function unless_invalid(following)
        return function()
            local ok, item = pcall(following)
            if ok then return item end
            if not (uhost.is_error(item) and item.kind == "github.invalid") then error(item, 0) end
        end
    end

    -- The issues with the marker whose author is trusted, by number; open ones only, or closed ones as well. Where an
    -- app finds nothing, all open issues are looked through: it must not open another.
    local function marked_issues(self, options, state)
        local list, seen = {}, {}
        local function look(query)
            for body in unless_invalid(context.issue_bodies(self, query)) do
                local is_ours = not seen[body.number] and record.at(body, "pull_request") == nil
                    and markers.has(record.at(body, "body"), options.marker) and identity.trusts(self.name, body)
                if is_ours then
                    seen[body.number] = true
                    list[#list + 1] = context.issue_record(body)
                end
            end
        end
        local wanted, is_app = queries(identity.login(self.name), options, state)
        for _, query in ipairs(wanted) do look(query) end
        if #list == 0 and is_app then look({ state = "open" }) end
        table.sort(list, function(a, b) return a.number < b.number end)
        return list
    end

    local function with_state(issues, state)
        local list = {}
        for _, issue in ipairs(issues) do
            if issue.state == state and issue.reason ~= "duplicate" then list[#list + 1] = issue end
        end
        return list
    end

    local function close_duplicate(self, issue, original)
        context.patch_issue(self, issue.number,
            { state = "closed", state_reason = "duplicate", duplicate_issue_id = original.id }, "issue.close",
            ("close it as a duplicate of #%d"):format(original.number))
    end

    -- The lowest; the others that this account opened are closed.
    local function keep_lowest_issue(self, issues)
        local original = issues[1]
        for i = 2, #issues do
            if issues[i].author == identity.login(self.name) then close_duplicate(self, issues[i], original) end
        end
        return original
    end

    -- After a creation: the issues that are open now, with one's own. A list that has one's own issue has all with a
    -- lower number as well; a list with a lower number need not have one's own, which the other run may have closed.
    local function open_issues_with(self, options, created)
        for look = 1, max_looks do
            local issues = marked_issues(self, options, "open")
            for _, issue in ipairs(issues) do
                if issue.number == created.number then return issues end
            end
            if issues[1] and issues[1].number < created.number then return { issues[1], created } end
            if look < max_looks then context.pause(look) end
        end
        log.warn(("the new issue %s#%d does not appear in GitHub's list; if another run opened one as well, both stay")
            :format(self.name, created.number))
        return { created }
    end

    local function missing_labels(issue, wanted)
        local has, missing = {}, {}
        for _, name in ipairs(issue.labels) do has[name:lower()] = true end
        for _, name in ipairs(wanted or {}) do
            if not has[name:lower()] then missing[#missing + 1] = name end
        end
        return missing
    end

    -- Updates an issue to the options; returns it and whether something changed.
    local function bring_up(self, issue, options)
        local change = {}
        if options.title and options.title ~= issue.title then change.title = options.title end
        if options.body then
            local wanted = markers.body("github.Repository:ensure_issue", options.body, issue.markers, options.cut)
            if normal(markers.without(wanted)) ~= normal(issue.body) then
                change.body, change.cut = options.body, options.cut
            end
        end
        local labels = missing_labels(issue, options.labels)
        local changed = next(change) ~= nil or labels[1] ~= nil
        local labelled = labels[1] and self:add_labels(issue.number, labels)
        if next(change) ~= nil then
            local updated = self:update_issue(issue.number, change)
            issue = updated.planned and issue or updated
        elseif labelled and not labelled.planned then
            issue = self:issue(issue.number) or issue
        end
        return issue, changed
    end

    local function create(self, options)
        local created = self:create_issue({
            title = options.title, body = options.body, labels = options.labels, marker = options.marker,
            cut = options.cut,
        })
        if created.planned then return created, "created" end
        local original = keep_lowest_issue(self, open_issues_with(self, options, created))
        if original.number == created.number then return created, "created" end
        return original, "unchanged"
    end

    function Repository:find_issue(options)
        options = check.options("github.Repository:find_issue", options, { marker = check.word, labels = check.words },
            { "marker" })
        markers.comment(options.marker)
        local issues = marked_issues(self, options, "all")
        local closed = with_state(issues, "closed")
        return with_state(issues, "open")[1] or closed[#closed]
    end

    function Repository:ensure_issue(options)
        options = check.options("github.Repository:ensure_issue", options, options_known, { "marker", "title" })
        markers.comment(options.marker)
        local issues = marked_issues(self, options, options.reopen and "all" or "open")
        local open, closed = with_state(issues, "open"), with_state(issues, "closed")
        if open[1] then
            local issue, changed = bring_up(self, keep_lowest_issue(self, open), options)
            return issue, changed and "updated" or "unchanged"
        end
        if closed[1] then
            local reopened = self:reopen_issue(closed[#closed].number)
            return (bring_up(self, reopened.planned and closed[#closed] or reopened, options)), "updated"
        end
        return create(self, options)
    end

    -- Comments

    local comment_owner = "github.Repository:ensure_comment"

    local function marked_comments(self, number, name)
        local list = {}
        for body in context.comment_bodies(self, number) do
            if markers.has(record.at(body, "body"), name) and identity.trusts(self.name, body) then
                list[#list + 1] = context.comment_record(body)
            end
        end
        table.sort(list, function(a, b) return a.id < b.id end)
        return list
    end

    -- The lowest; the others that this account wrote are deleted.
    local function keep_lowest_comment(self, comments)
        for i = 2, #comments do
            if comments[i].author == identity.login(self.name) then self:delete_comment(comments[i].id) end
        end
        return comments[1]
    end

    -- After a creation: the comments with the marker, with one's own, which another run with a lower one may have
    -- deleted by now.
    local function comments_with(self, number, name, created)
        for look = 1, max_looks do
            local comments = marked_comments(self, number, name)
            for _, comment in ipairs(comments) do
                if comment.id == created.id then return comments end
            end
            if comments[1] and comments[1].id < created.id then return { comments[1], created } end
            if look < max_looks then context.pause(look) end
        end
        log.warn(("the new comment on %s#%d does not appear in GitHub's list; if another run wrote one, both stay")
            :format(self.name, number))
        return { created }
    end

    function Repository:ensure_comment(number, options)
        number = check.value(comment_owner, "number", check.id, number)
        options = check.options(comment_owner, options, { marker = check.word, body = check.word, cut = check.flag },
            { "marker", "body" })
        markers.comment(options.marker)
        local comment = keep_lowest_comment(self, marked_comments(self, number, options.marker))
        if comment then
            local wanted = markers.body(comment_owner, options.body, comment.markers, options.cut)
            if normal(markers.without(wanted)) == normal(comment.body) then return comment, "unchanged" end
            local updated = self:update_comment(comment.id, options.body, { cut = options.cut })
            return updated.planned and comment or updated, "updated"
        end
        local created = self:create_comment(number, options)
        if created.planned then return created, "created" end
        local original = keep_lowest_comment(self, comments_with(self, number, options.marker, created))
        if original.id == created.id then return created, "created" end
        return original, "unchanged"
    end
end
