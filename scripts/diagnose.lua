-- What a failed log means, and what to do about it: see scripts/lib/diagnose/.
return require("lib.diagnose.main").run(arg)
