-- Where `uhost logs ship` sends the logs that are kept.
--
-- As it is, nothing is sent. Copy this file to the `policies/` folder of your repository and name your sinks. Keys and
-- passwords are no part of it: they are secrets in the environment, which `uhost help logs.Sink` lists. Hosts that are
-- not those of the services have to be allowed by the setting logs.hosts.
local M = {}

-- `match` names fields of a log and what they must be: repository, workflow, branch, event, conclusion (of the job),
-- job. `type` is loki, datadog, better_stack, elasticsearch, syslog, s3, ndjson, or a file of your own in
-- policies/sinks/.
--
--     { id = "loki", type = "loki", url = "https://logs-prod-eu-west-0.grafana.net", user = "123456" },
--     { id = "datadog", type = "datadog", url = "https://http-intake.logs.datadoghq.eu", service = "kiln" },
--     { id = "search", type = "elasticsearch", url = "https://search.example.org", index = "logs-ci-default" },
--     { id = "syslog", type = "syslog", url = "tls://logs.example.org:6514" },
--     { id = "archive", type = "s3", bucket = "ci-logs", region = "eu-central-1", access_key_id = "AKIA…" },
--     { id = "failures", type = "ndjson", to = "failures.ndjson", match = { conclusion = "failure" } },
M.sinks = {}

-- Labels are repository, workflow, conclusion and branch. Services keep a stream for each set of labels, so that a
-- branch which is not named here is "other".
M.label_branches = { "main", "master" }

-- While so many batches of a sink wait, no more are prepared: the logs are kept, and nothing is lost.
M.max_waiting = 500

-- A batch that could not be sent so often is given up.
M.max_attempts = 20

return M
