-- List policies, say where their parts come from, and try them
return require("lib.policy_tool.main").run(arg)
