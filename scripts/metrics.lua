-- Measure builds: how long they take and what they cost
return require("lib.metrics.main").run(arg)
