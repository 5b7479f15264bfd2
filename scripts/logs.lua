-- Keep the logs of runs and builds, search and compare them
return require("lib.logs.main").run(arg)
