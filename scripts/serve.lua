-- Run schedules and answer GitHub's webhooks, in one process that stays
return require("lib.serve.main").run(arg)
