return {
    executor = {
        type = "string",
        doc = "The executor that runs jobs where a script names none. Default: local.",
    },
    executors = {
        type = "table",
        doc = "What each executor needs to know: executors = { slurm = { partition = \"long\" }, ssh = { hosts = "
            .. "{ \"builder@a:4\" } } }. The file of an executor says what it reads. One of your own is used only if "
            .. "it is here: with `url`, where its requests go, and `programs`, a list of what it may run.",
    },
}
