-- Say where a change to workflows checks less than before
return require("lib.workflow_guard.main").run(arg)
