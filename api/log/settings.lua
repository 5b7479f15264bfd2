return {
    timestamps = { type = "boolean", doc = "begin each line of the log with the time (UTC)" },
}
