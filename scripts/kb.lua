-- List, try and extend the knowledge bases of errors
return require("lib.kb.main").run(arg)
