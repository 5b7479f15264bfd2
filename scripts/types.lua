-- Let an editor know what scripts can use
return require("lib.types").run(arg)
