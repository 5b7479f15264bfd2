return {
    timestamps = { type = "boolean", repository = true, doc = "begin each line of the log with the time (UTC)" },
}
