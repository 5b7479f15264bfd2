-- Run a script in many repositories, and report on all
return require("lib.fleet.main").run(arg)
