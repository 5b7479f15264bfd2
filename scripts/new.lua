-- Write a working, tested script, policy or knowledge base
return require("lib.new.main").run(arg)
