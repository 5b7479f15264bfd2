-- Looks for mistakes in rule files: see scripts/lib/check/.
return require("lib.check.main").run(arg)
