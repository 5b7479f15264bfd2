-- Write the files a project needs: CI, releases, containers, caches, units
return require("lib.scaffold.main").run(arg)
