-- Look for mistakes in rule files
return require("lib.check.main").run(arg)
