-- Who hears of what, where and when. `uhost notify` asks this; `uhost notify preview EVENT.json` shows what comes of
-- it.
--
-- As it is, nobody is told anything. Copy this file to the `policies/` folder of your repository, name your channels,
-- and route events to them.
local M = {}

-- Where messages can go. `type` is slack, discord, zulip, teams, email, webhook, github, file, stdout, or the name of a
-- file of your own in policies/channels/. Addresses and keys are no part of this file: they are secrets in the
-- environment (SLACK_WEBHOOK_URL …), which `uhost help notify` lists.
--
--     { id = "team", type = "slack", to = "#ci" },         with a bot's token; a webhook knows its channel
--     { id = "chat", type = "zulip", to = "ci", topic = "failures" },
--     { id = "mail", type = "email", to = "ci@example.org, ada@example.org" },
--     { id = "tracker", type = "github", to = "owner/name#12" },   "owner/name" for issues, "owner/name@" for statuses
--     { id = "log", type = "file", to = "notifications.jsonl" },   in the state folder
M.channels = {}

-- Which events go where, in order; all routes that match count, up to one with `stop = true`.
--
-- `match` names fields of the event and what they must be: a value, a list of values, or a text with "*" for anything.
-- `when(event)` may say more. `group = { key = "data.workflow", window = "10 minutes" }` puts events with the same key
-- into one message, `throttle = { count = 20, window = "1 hour" }` leaves out what is more, `digest = "daily"` (or
-- "weekly") keeps all for one message, `escalate = { after = "2 hours", channels = { "phone" } }` tells others when
-- nobody has acknowledged the event or fixed what it is about, `is_urgent = true` does not wait for quiet hours to end.
--
--     { id = "failures", match = { kind = "ci_failures.*", ["data.branch"] = { "main", "release/*" } },
--         channels = { "team" } },
M.routes = {}

-- Messages wait meanwhile, unless they are critical. The zone is a name such as "Europe/Berlin", or "+01:00".
M.quiet_hours = { from = "00:00", to = "00:00", zone = "UTC" }

-- When digests are sent.
M.digest_at = "08:00"

-- What nobody wants to hear of, up to a day.
--
--     { id = "known", match = { ["data.job"] = "nightly" }, ["until"] = "2026-03-01" },
M.mutes = {}

-- Other severities than those that workflows give, by kind of event.
--
--     ["ci_failures.new"] = "critical",
M.severities = {}

-- A message that could not be delivered so often is a dead letter.
M.max_attempts = 12

return M
