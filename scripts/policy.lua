-- List policies, say where their parts come from, and try them
return require("lib.policy.main").run(arg)
