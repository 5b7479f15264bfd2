-- What knowledge bases know, what they find in a log, and drafts of entries: see scripts/lib/kb_tool/.
return require("lib.kb_tool.main").run(arg)
