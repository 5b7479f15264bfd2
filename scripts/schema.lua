-- Print the JSON Schema of what a command writes
return require("lib.schema").run(arg)
