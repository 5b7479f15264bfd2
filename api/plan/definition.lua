---@meta uhost.plan
--- Changes to the world, and the trail that they leave. Primitives that change something (`git.push`,
--- `github.create_issue`, `fs.write` …) go through the plan by themselves; `plan.perform` is for changes that a script
--- makes in a way of its own.
---
--- Under `--dry-run` a change is recorded in the plan and not made. Otherwise it is written to the audit trail, the
--- file `audit.sqlite` in the state folder, before it is made, and how it ended after; secrets are masked. The newest
--- 100,000 entries are kept; long texts are cut (a detail or result after 4 KiB, a summary after 1 KiB).
---@class uhost.plan
plan = {}

--- An entry of the audit trail. `outcome` is "done", "failed" or "started": the last is being made just now, or its
--- process ended half-way. Times are ISO 8601, UTC; `ended_at` is absent until it has ended.
---@class plan.Entry
---@field id integer
---@field started_at string
---@field ended_at? string
---@field kind string
---@field target string
---@field summary string
---@field details table<string, string>
---@field outcome "done"|"failed"|"started"
---@field result string  what came of it, or why not
---@field machine string
---@field user string
---@field process integer  its id
---@field script string

---@class plan.Change
---@field kind string
---@field target string
---@field summary string
---@field details? table<string, string|number>
---@field audited? boolean
---@field apply function
---@field planned? function

--- Makes a change with `apply()` and gives its results. Under a dry run, records it instead and gives the results of
--- `planned()`, or nothing. An error of `apply` is noted and passes through. `kind` is a primitive (or another name for
--- what is changed) and a verb; `details` are its operands, as strings or numbers.
--- `audited = false` is for changes that are not worth a trail, such as local files. Raises what the store raises when
--- the trail cannot be written: then `apply` is not called.
--- ```lua
--- plan.perform({
---     kind = "release.announce", target = "#releases", summary = "announce 1.4", details = { version = "1.4" },
---     apply = function() return process.run({ "announce", "1.4" }).stdout end,
---     planned = function() return "" end,
--- })
--- ```
---@param change plan.Change
---@return any ...
function plan.perform(change) end

--- Whether this run only plans: `--dry-run`.
---@return boolean
function plan.dry_run() end

--- Begins a dry run, or ends it. Only where the script shows by itself what was planned, as the REPL does; elsewhere
--- raises `plan.fixed`.
---@param dry_run boolean
function plan.set_dry_run(dry_run) end

---@class plan.PlannedChange
---@field kind string
---@field target string
---@field summary string
---@field details table<string, string>

--- What this run's dry run has recorded so far, in order.
---@return plan.PlannedChange[]
function plan.recorded() end

---@class plan.HistoryOptions
---@field kind? string
---@field script? string
---@field since? string
---@field outcome? "done"|"failed"|"started"
---@field limit? integer

--- The newest entries of the audit trail, newest first: 100 by default, 10,000 at most. `kind` asks for one kind, or
--- for all of a primitive when it ends in a dot ("git."); `script` for scripts of this name or path (with or without
--- its ".lua"), `since` for what was begun at that time (ISO 8601, UTC) or later. `uhost plan` shows them.
--- ```lua
--- for _, entry in ipairs(plan.history({ kind = "git.", limit = 5 })) do print(entry.started_at, entry.summary) end
--- ```
---@param options? plan.HistoryOptions
---@return plan.Entry[]
function plan.history(options) end
