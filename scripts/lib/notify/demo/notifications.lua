-- The policy of `uhost notify preview --demo`: a team that reads Slack, and a list that gets mail once a day.
return {
    channels = {
        { id = "team", type = "slack" },
        { id = "on-call", type = "discord" },
        { id = "list", type = "zulip", to = "ci", topic = "failures" },
    },
    routes = {
        { id = "failures", match = { kind = "ci_failures.*", ["data.branch"] = { "main", "release/*" } },
            channels = { "team" }, escalate = { after = "2 hours", channels = { "on-call" } } },
        { id = "releases", match = { kind = "upstream.*" }, channels = { "team" } },
        { id = "everything", match = {}, channels = { "list" }, digest = "daily" },
    },
}
