-- An example: which project a patched database follows. Its tags are of several lines, its notes a file in the tree.
local M = {}

M.upstream = { url = "https://git.postgresql.org/git/postgresql.git", branch = "master" }
M.tags = { prefix = "REL_", prereleases = false }
M.changelog = { path = "doc/src/sgml/release.sgml", sections = {} }
M.behind = { warning = 1, critical = 2 }
M.cadence = { check_hours = 24, sync_days = 60 }

return M
