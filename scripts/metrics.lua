-- Measure builds: how long they take, what they cost, what made them slower
return require("lib.metrics.main").run(arg)
