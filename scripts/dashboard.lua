-- Write what is known of builds, failures, syncs and audits as a static site
return require("lib.dashboard.main").run(arg)
