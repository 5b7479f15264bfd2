-- Say what works here and what does not, each with the remedy
return require("lib.doctor.main").run(arg)
