-- Keep one issue for each cause that makes the CI fail
return require("lib.ci_failures.main").run(arg)
