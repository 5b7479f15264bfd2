-- An example: which project a fork of the Rust compiler follows. See policies/upstream.lua for what each part means.
local M = {}

M.upstream = { url = "https://github.com/rust-lang/rust", github = "rust-lang/rust", branch = "master" }
M.feed = { url = "https://blog.rust-lang.org/releases/feed.xml" }
M.changelog = {
    path = "RELEASES.md",
    sections = {
        { "^language", "stabilized_features" }, { "^stabilized apis", "stabilized_features" },
        { "^compiler", "compiler_changes" }, { "^platform support", "compiler_changes" },
        { "^internal changes", "compiler_changes" }, { "^compatibility notes", "breaking_changes" },
    },
}
-- A new stable release comes every six weeks; the fork has three to follow it.
M.behind = { warning = 0, critical = 1 }
M.cadence = { check_hours = 6, sync_days = 21 }

return M
