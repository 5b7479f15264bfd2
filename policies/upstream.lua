-- Which project a fork follows, and how its releases are found. `uhost upstream` asks this.
--
-- Copy this file to the `policies/` folder of the fork and say there what differs. What is empty is not asked. For a
-- fork of the Rust compiler:
--
--     M.upstream = { url = "https://github.com/rust-lang/rust", github = "rust-lang/rust", branch = "master" }
--     M.feed = { url = "https://blog.rust-lang.org/releases/feed.xml" }
--     M.changelog = { path = "RELEASES.md", sections = { { "^rustdoc", "compiler_changes" } } }
local M = {}

-- The project: where its git repository is, its name at GitHub, and the branch that releases come from.
M.upstream = { url = "", github = "", branch = "main" }

-- The feed of its announcements, RSS or Atom.
M.feed = { url = "" }

-- Only tags that begin with the prefix are versions. Without one, the line with most versions is meant.
M.tags = { prefix = "", prereleases = false }

-- The file at the tag that says what changed. Sections: a pattern for the title in lower case, and one of
-- "stabilized_features", "compiler_changes", "breaking_changes", "deprecations".
M.changelog = { path = "CHANGELOG.md", sections = {} }

-- How many releases a fork may be behind: more than `warning` is BEHIND, more than `critical` CRITICAL_BEHIND.
M.behind = { warning = 0, critical = 1 }

-- How often --watch looks, and how many days a fork has to follow a release.
M.cadence = { check_hours = 6, sync_days = 30 }

-- How `uhost upstream sync` brings the fork onto a release. `branch`: the fork's; empty: the one that is checked out.
-- `merges`: "preserve" makes merges again, "flatten" makes one commit of each. `finish`: "rebase" moves the branch to
-- the new commits, "merge" merges them into it, so that it only goes forward, "branch" leaves it alone and makes
-- upstream-sync/VERSION. `tag`: a tag for the result, %V being the version. `version_file`: a file that is to hold the
-- version. `trailer`: tells which change a commit makes, such as "Change-Id". `build` and `test`: commands, such as
-- { { "make", "-j4" } }. `fixes`: "apply" makes commits of what the knowledge base would change where a compiler
-- complains, and builds again; "show" only shows it. `test_results`: files in which tests leave results as JUnit's XML
-- or TAP, such as { "build/**/TEST-*.xml" }; without any, the output is read. `push`: the remote that follows.
M.sync = {
    branch = "", merges = "preserve", finish = "rebase", tag = "", version_file = "", trailer = "", build = {},
    test = {}, fixes = "show", test_results = {}, timeout_minutes = 240, tolerate_known_failures = false, push = "",
    push_workflows = false,
}

return M
