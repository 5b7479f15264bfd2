-- Run specs and the examples of rule files
return require("lib.test.main").run(arg)
