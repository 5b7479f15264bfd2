-- List, try and extend the knowledge bases of errors
return require("lib.kb_tool.main").run(arg)
