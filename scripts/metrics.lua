-- Measure builds: how long they take, what they cost, and which commit changed it
return require("lib.metrics.main").run(arg)
