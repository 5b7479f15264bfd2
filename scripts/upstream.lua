-- Follow the project that a fork is made from
return require("lib.upstream.main").run(arg)
