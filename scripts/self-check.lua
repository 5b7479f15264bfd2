-- Say whether this installation works: its libraries, sandbox, rules and demonstration
return require("lib.doctor.self_check").run(arg)
