-- Comments on issues and pull requests.
local markers = require("uhost.github.internal.markers")
local record = require("uhost.github.internal.record")

-- How far back a comment whose answer was lost is looked for: clocks may differ.
local clock_difference_s = 3600

return function(context, Repository)
    local client, check, mutation, define = context.client, context.check, context.mutation, context.define

    context.comment_record = record.of("github.Comment", {
        id = true, author = "user.login", author_association = true, url = "html_url", created_at = true,
        updated_at = true, node_id = true,
        body = function(body) return markers.without(record.at(body, "body") or "") end,
        markers = function(body) return json.array(markers.names(record.at(body, "body"))) end,
        issue = function(body) return tonumber((record.at(body, "issue_url") or ""):match("/issues/(%d+)$")) end,
    })

    local function path_of(self, number)
        return ("%s/issues/%d/comments"):format(self.path, number)
    end

    function context.comment_bodies(repository, number, query)
        return client.each(path_of(repository, number), { query = query, identity = "id" })
    end

    define("comments", {
        "GET /issues/{number}/comments", list = true, options = { since = check.time }, record = context.comment_record,
    })

    local new_comment = { body = check.word, marker = check.word, cut = check.flag }

    function Repository:create_comment(number, options)
        local owner = "github.Repository:create_comment"
        number = check.value(owner, "number", check.id, number)
        options = check.options(owner, options, new_comment, { "body" })
        local own, since = client.new_marker(), time.iso(time.now() - clock_difference_s)
        local body = client.create(path_of(self, number), {
            json = { body = markers.body(owner, options.body, markers.names_for(options.marker, own), options.cut) },
            expects = "object", mutates = mutation(self, "comment.create", number, "comment on it"),
            find = function() return client.find_marked(path_of(self, number), own, { since = since }) end,
        })
        return context.comment_record(body)
    end

    local function comment_path(self, id)
        return ("%s/issues/comments/%d"):format(self.path, id)
    end

    -- A new body keeps the markers of the old one, by which scripts find the comment again.
    function Repository:update_comment(id, body, options)
        local owner = "github.Repository:update_comment"
        id = check.value(owner, "id", check.id, id)
        body = check.value(owner, "body", check.word, body)
        options = check.options(owner, options, { cut = check.flag })
        local old = client.get(comment_path(self, id))
        local names = markers.names(record.at(old, "body"))
        return context.comment_record(client.change("PATCH", comment_path(self, id), {
            json = { body = markers.body(owner, body, names, options.cut) }, idempotent = true, expects = "object",
            mutates = mutation(self, "comment.update", nil, ("change the comment %d"):format(id)),
        }))
    end

    define("delete_comment", {
        "DELETE /issues/comments/{id}", kind = "comment.delete", summary = "delete the comment {id}",
    })
end
