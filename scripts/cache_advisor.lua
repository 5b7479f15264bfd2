-- Find caches that CI lacks, what they cost, and the patch
return require("lib.cache_advisor.main").run(arg)
