-- Look after the stores: verify, back up, restore, copy them
return require("lib.store.main").run(arg)
