-- For how long `uhost logs` keeps logs. `uhost logs prune` forgets what is older.
--
-- The first rule whose `match` fits a run says for how long it is kept: its fields are repository, name, workflow,
-- branch, event and conclusion, each as it is. To change a rule, give an entry of the same `id` in the `policies/`
-- folder of your repository.
local M = {}

M.keep = "90 days"

M.rules = {
    { id = "failures_of_main", match = { branch = "main", conclusion = "failure" }, keep = "1 year" },
}

-- When all that is kept takes more, packed, the oldest runs go first.
M.max_stored_bytes = 20 * 2 ^ 30

return M
