-- One comment for a purpose on an issue or pull request, however often and by however many runs it is asked for. The
-- marker in it tells the purpose; of several comments the lowest id is the one, which all runs come to in the end.
local marker = require("uhost.github.marker")
local record = require("uhost.github.record")
local text = require("uhost.github.text")

local most_looks = 8  -- for one's own new comment to appear in GitHub's list

return function(context, Repository)
    local check, identity = context.check, context.identity
    local owner = "github.Repository:ensure_comment"

    local function marked_comments(self, number, name)
        local list = {}
        for body in context.comment_bodies(self, number) do
            if marker.has(record.at(body, "body"), name) and identity.trusts(self.name, body) then
                list[#list + 1] = context.comment_record(body)
            end
        end
        table.sort(list, function(a, b) return a.id < b.id end)
        return list
    end

    -- The lowest; the others that this account wrote are deleted.
    local function settle(self, comments)
        for i = 2, #comments do
            if comments[i].author == identity.login(self.name) then self:delete_comment(comments[i].id) end
        end
        return comments[1]
    end

    -- After a creation: the comments with the marker, with one's own, which another run with a lower one may have
    -- deleted by now.
    local function others(self, number, name, created)
        for look = 1, most_looks do
            local comments = marked_comments(self, number, name)
            for _, comment in ipairs(comments) do
                if comment.id == created.id then return comments end
            end
            if comments[1] and comments[1].id < created.id then return { comments[1], created } end
            if look < most_looks then context.pause(look) end
        end
        log.warn(("the new comment on %s#%d does not appear in GitHub's list; if another run wrote one, both stay")
            :format(self.name, number))
        return { created }
    end

    -- GitHub may give line ends back in another form.
    local function normal(body)
        return (body:gsub("\r\n", "\n"):gsub("%s+$", ""))
    end

    function Repository:ensure_comment(number, options)
        number = check.value(owner, "number", check.id, number)
        options = check.options(owner, options, { marker = check.word, body = check.word, cut = check.flag },
            { "marker", "body" })
        marker.comment(options.marker)
        local comment = settle(self, marked_comments(self, number, options.marker))
        if comment then
            local wanted = text.body(owner, options.body, comment.markers, options.cut)
            if normal(marker.without(wanted)) == normal(comment.body) then return comment, "unchanged" end
            local updated = self:update_comment(comment.id, options.body, { cut = options.cut })
            return updated.planned and comment or updated, "updated"
        end
        local created = self:create_comment(number, options)
        if created.planned then return created, "created" end
        local original = settle(self, others(self, number, options.marker, created))
        if original.id == created.id then return created, "created" end
        return original, "unchanged"
    end
end
