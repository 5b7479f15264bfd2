-- Show what is known of builds and syncs as a static site
return require("lib.dashboard.main").run(arg)
