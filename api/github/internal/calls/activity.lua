-- What happens around issues: their timeline, reactions, and one's notifications.
local record = require("uhost.github.internal.record")

return function(context)
    local check, define = context.check, context.define

    -- An event has what its kind has; what they have in common is in the same places.
    define("timeline", {
        "GET /issues/{number}/timeline", list = true, identity = false,
        record = record.of("github.TimelineEvent", {
            id = true, event = true, actor = "actor.login", created_at = true, commit = "commit_id",
            label = "label.name", assignee = "assignee.login", milestone = "milestone.title",
            body = true, url = "html_url", state = true,
            -- of a mention in another issue or pull request
            source = "source.issue.number", source_repository = "source.issue.repository.full_name",
            source_title = "source.issue.title", source_url = "source.issue.html_url",
            source_state = "source.issue.state",
            is_from_pull_request = function(body) return record.at(body, "source.issue.pull_request") ~= nil end,
        }),
    })

    -- Reactions; the same one twice is one.

    local contents = check.one_of("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")
    local reaction_record = record.of("github.Reaction", {
        id = true, content = true, author = "user.login", created_at = true,
    })

    for name, place in pairs({ reaction = "issues/{number}", comment_reaction = "issues/comments/{comment_id}" }) do
        local path = (" /%s/reactions"):format(place)
        define(name .. "s", {
            "GET" .. path, list = true, options = { content = contents }, record = reaction_record,
        })
        define("add_" .. name, {
            "POST" .. path, also = { "content" }, types = { content = contents }, record = reaction_record,
            kind = "reaction.add", summary = "react with {content}", repeatable = true,
        })
        define("delete_" .. name, {
            "DELETE" .. path .. "/{reaction_id}", kind = "reaction.delete",
            summary = "take the reaction {reaction_id} back",
        })
    end

    -- Notifications

    define("notifications", {
        "GET /notifications", list = true,
        options = { all = check.flag, participating = check.flag, since = check.time, before = check.time },
        record = record.of("github.Notification", {
            reason = true, is_unread = "unread", title = "subject.title", type = "subject.type",
            subject_url = "subject.url", repository = "repository.full_name", updated_at = true, last_read_at = true,
            id = function(body) return tonumber(body.id) end,
        }),
    })
    define("mark_notification_read", {
        "PATCH //notifications/threads/{id}", kind = "notification.read",
        summary = "mark the notification {id} as read",
    })
end
