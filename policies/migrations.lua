-- What has to change in a fork when the project changes: names that were renamed, calls that take another argument. A
-- sync applies these after it has brought the fork's commits onto a release, each as a commit of its own.
--
-- Copy this file to the `policies/` folder of the fork. A rule:
--
--     M.rules = { {
--         id = "stable hashes", files = { "compiler/**/*.rs" }, pattern = [[\btcx\.def_path_hash\(([^()]*)\)]],
--         replacement = "tcx.def_path_hash($1).stable()", description = "def_path_hash gives a pair since 1.84",
--     } }
local M = {}

-- In this order. `files`: globs, as `fs.matches` has them. Either `pattern` (PCRE2) and `replacement`, or
-- `rewrite = function(text, path)`, which gives the new text, or nil to leave it. `scope`: "fork" for the files in
-- which the fork differs from the project, "all" for all. `versions`: only for syncs to these releases; empty: for all.
M.rules = {}

return M
