-- Environment variables that the host takes into its vault: what sinks of logs are asked for. Their names are their
-- own, so that what a build needs (AWS_SECRET_ACCESS_KEY, DD_API_KEY) stays in its environment.
return {
    "LOKI_TOKEN", "DATADOG_LOGS_API_KEY", "BETTER_STACK_SOURCE_TOKEN", "ELASTICSEARCH_LOGS_TOKEN",
    "S3_LOGS_SECRET_KEY", "S3_LOGS_SESSION_TOKEN", "LOG_SINK_TOKEN",
}
