-- Fail in seconds: look at what a job needs before it starts
return require("lib.preflight.main").run(arg)
