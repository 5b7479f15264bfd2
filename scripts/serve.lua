-- Run schedules and answer GitHub's webhooks, as a service
return require("lib.serve.main").run(arg)
