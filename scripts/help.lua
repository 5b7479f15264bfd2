-- Describe the primitives that scripts can use
return require("lib.help").run(arg)
