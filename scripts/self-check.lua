-- Say whether this installation works, and what it lacks
return require("lib.doctor.self_check").run(arg)
