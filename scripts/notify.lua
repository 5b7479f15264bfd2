-- Tell people what happened: deliver messages, and show where they go
return require("lib.notify.main").run(arg)
