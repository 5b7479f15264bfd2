-- Look for mistakes in scripts, with luacheck
return require("lib.lint").run(arg)
