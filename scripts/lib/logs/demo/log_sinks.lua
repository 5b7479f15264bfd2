-- What `uhost logs ship --demo` sends: the logs of failed jobs, to standard output.
return {
    sinks = { { id = "shown", type = "ndjson", to = "stdout", match = { conclusion = "failure" } } },
    label_branches = { "main" },
}
