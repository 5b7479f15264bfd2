-- Find caches that CI lacks or that never hit, what they cost, and the patch
return require("lib.cache_advisor.main").run(arg)
