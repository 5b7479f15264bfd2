-- Explain a failed log: its cause, and what to do about it
return require("lib.diagnose.main").run(arg)
