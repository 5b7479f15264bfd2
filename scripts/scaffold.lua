-- Write the files a project needs: CI, releases, containers
return require("lib.scaffold.main").run(arg)
