-- Which issues are still open although all their crash tests are gone: see scripts/lib/monthly_audit/.
return require("lib.monthly_audit.main").run(arg)
