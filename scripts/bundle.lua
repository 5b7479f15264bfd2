-- Make one executable of a script, with all that it needs
return require("lib.bundle.main").run(arg)
