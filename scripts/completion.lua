-- Complete commands and options in a shell, and write man pages
return require("lib.completion.main").run(arg)
