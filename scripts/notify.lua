-- Tell people what happened, once, and show what goes where
return require("lib.notify.main").run(arg)
