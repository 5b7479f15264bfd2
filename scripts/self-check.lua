-- Say whether this installation works: libraries, sandbox, the demo
return require("lib.doctor.self_check").run(arg)
