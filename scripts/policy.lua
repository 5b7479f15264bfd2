-- Lists policies, says where their parts come from, and tries their functions: see scripts/lib/policy_tool/.
return require("lib.policy_tool.main").run(arg)
