-- Write what is known of builds, failures and syncs as a static site
return require("lib.dashboard.main").run(arg)
