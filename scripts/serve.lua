-- Run schedules and answer GitHub's webhooks, in a process that stays
return require("lib.serve.main").run(arg)
