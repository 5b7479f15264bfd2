-- Keep the logs of runs and builds, search, compare and ship them
return require("lib.logs.main").run(arg)
