-- How conflicts are resolved when upstream's work meets the fork's. `uhost upstream resolve` asks this, and so does a
-- sync, which uses only what is safe.
--
-- Copy this file to the `policies/` folder of the fork and say there what differs. A rule of the project's own:
--
--     M.rules = { {
--         name = "hook after provide", file = "compiler/rustc_interface/src/passes.rs", safe = true,
--         action = "insert_after_pattern", after = [[^\s*rustc_\w+::provide\(providers\);$]],
--         lines = { "    verify::provide(providers);" },
--     } }
local M = {}

-- Whole files and folders that one side owns, deletions included, or that a command makes anew, such as lock files and
-- translations, whose lines are not worth merging:
--
--     M.paths = {
--         { file = "vendor/**", take = "theirs" },
--         { file = "Cargo.lock", take = "regenerate", command = { "cargo", "update", "--workspace" } },
--         { file = "po/*.po", take = "regenerate", command = { "make", "-C", "po", "update-po" } },
--     }
M.paths = {}

-- The project's own rules, which are asked first, in this order.
M.rules = {}

-- What the shapes of both sides' changes suggest, in the order in which they are asked of each hunk. Those that are
-- safe are so only under conditions of their own: see scripts/lib/upstream/resolution/safety.lua.
M.generic = {
    { id = "equal_but_for_spaces", safe = true },
    { id = "spacing_only", safe = true },
    { id = "contained", safe = true },
    { id = "superset", safe = false },
    { id = "adjacent_edits", safe = true },
    { id = "words", safe = false },
    { id = "sorted_insertion", safe = false },
    { id = "similar_insertions", safe = false },
    { id = "both_insertions", safe = false },
    { id = "deletion", safe = false },
    { id = "larger_change", safe = false },
}

return M
