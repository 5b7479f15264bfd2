-- Ask questions line by line, with changes only planned
return require("lib.repl.main").run(arg)
