-- Find issues that are open although their crash tests are gone
return require("lib.monthly_audit.main").run(arg)
