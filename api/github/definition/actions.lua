---@meta uhost.github
-- GitHub Actions.

---@class github.Repository
local Repository = {}

---@class github.Workflow
---@field id integer
---@field name string
---@field path string  ".github/workflows/ci.yml"
---@field file string  "ci.yml", by which calls can name it
---@field state string  "active", "disabled_manually", "disabled_inactivity" …
---@field url string
---@field created_at string
---@field updated_at string

--- Lists workflows.
---@param options? github.ListOptions
---@return github.List|fun(): github.Workflow
function Repository:workflows(options) end

--- Lets a workflow, by id or file, run again when its events happen.
---@param workflow integer|string
---@return true
function Repository:enable_workflow(workflow) end

--- Keeps a workflow from running.
---@param workflow integer|string
---@return true
function Repository:disable_workflow(workflow) end

---@class github.Run
---@field id integer
---@field number integer  of the workflow's runs
---@field attempt integer
---@field name? string  of the workflow
---@field title string
---@field event string
---@field status string  "queued", "in_progress", "completed" …
---@field conclusion? string  "success", "failure", "cancelled" …; nil until it is completed
---@field workflow_id integer
---@field workflow_path? string
---@field branch? string
---@field head_sha string
---@field head_repository? string
---@field actor? string
---@field triggered_by? string  who ran this attempt
---@field pulls integer[]  numbers of the pull requests in this repository
---@field check_suite? integer
---@field url string
---@field created_at string
---@field started_at? string  of this attempt
---@field updated_at string

---@class github.RunFilters: github.ListOptions
---@field workflow? integer|string  its id or file
---@field branch? string
---@field event? string  "push", "schedule" …
---@field status? string  a status or a conclusion
---@field created? string  a range of times in GitHub's search syntax: ">=2026-01-01", "2026-01-01..2026-02-01"
---@field head_sha? string
---@field actor? string
---@field check_suite? integer

--- Lists runs, newest first; the list's `total` is their number. With a filter GitHub gives 1,000 at most: where the
--- list reaches that, a warning says so, and its field `cut` is true.
--- ```lua
--- for run in repo:runs{ workflow = "ci.yml", branch = "main", status = "failure" } do print(run.id, run.title) end
--- ```
---@param filters? github.RunFilters
---@return github.List|fun(): github.Run
function Repository:runs(filters) end

--- A run, or one of its earlier attempts; nil when there is none.
---@param id integer
---@param options? { attempt?: integer }
---@return github.Run?
function Repository:run(id, options) end

---@class github.Step
---@field number integer
---@field name string
---@field status string
---@field conclusion? string
---@field started_at? string
---@field completed_at? string

---@class github.Job
---@field id integer
---@field run_id integer
---@field name string
---@field workflow? string
---@field attempt? integer
---@field status string
---@field conclusion? string
---@field head_sha string
---@field branch? string
---@field labels string[]  that its runner must have
---@field runner? string
---@field runner_group? string
---@field steps github.Step[]
---@field url string
---@field created_at string
---@field started_at? string
---@field completed_at? string

--- Lists the jobs of a run with their steps: those of the newest attempt, of one by number, or of all.
---@param run_id integer
---@param options? { limit?: integer, attempt?: integer|"all" }
---@return github.List|fun(): github.Job
function Repository:jobs(run_id, options) end

--- A job with its steps, of whatever attempt; nil when there is none.
---@param id integer
---@return github.Job?
function Repository:job(id) end

--- The log of a job, to be read as it comes. nil and why when there is none: "missing" (also while the job runs), or
--- "expired".
--- ```lua
--- for line in repo:job_log(job.id):lines() do if line:find("##[error]", 1, true) then print(line) end end
--- ```
---@param job_id integer
---@return http.Stream?
---@return "missing"|"expired"|nil why
function Repository:job_log(job_id) end

--- Writes the logs of all jobs of a run, a ZIP archive, to a file; the file appears whole or not at all. nil and why
--- when there are none.
---@param run_id integer
---@param file string
---@param options? { attempt?: integer }
---@return { file: string, size_bytes: integer }?
---@return "missing"|"expired"|nil why
function Repository:run_logs(run_id, file, options) end

---@class github.Artifact
---@field id integer
---@field name string
---@field size_bytes integer
---@field is_expired boolean
---@field run_id? integer
---@field branch? string
---@field head_sha? string
---@field digest? string  "sha256:…"
---@field created_at? string
---@field updated_at? string
---@field expires_at? string

--- Lists artifacts: of a run, of one name, or all.
---@param options? { limit?: integer, run?: integer, name?: string }
---@return github.List|fun(): github.Artifact
function Repository:artifacts(options) end

--- Writes an artifact, a ZIP archive, to a file; the file appears whole or not at all. nil and why when it is not
--- there.
---@param id integer
---@param file string
---@return { file: string, size_bytes: integer }?
---@return "missing"|"expired"|nil why
function Repository:download_artifact(id, file) end

--- Runs all jobs of a run again, in a new attempt. `debug` turns on the runner's own diagnostics.
---@param run_id integer
---@param options? { debug?: boolean }
---@return true
function Repository:rerun(run_id, options) end

--- Runs one job again, and those that need it, in a new attempt of its run.
---@param job_id integer
---@param options? { debug?: boolean }
---@return true
function Repository:rerun_job(job_id, options) end

--- Cancels a run; false when it has ended.
---@param run_id integer
---@return boolean
function Repository:cancel_run(run_id) end

--- Deletes a run with its logs; false when there is none.
---@param run_id integer
---@return boolean
function Repository:delete_run(run_id) end

--- Lets the run of a pull request from a fork begin, which waits for a maintainer.
---@param run_id integer
---@return true
function Repository:approve_run(run_id) end

---@class github.RunApproval
---@field state "approved"|"rejected"|"pending"
---@field comment? string
---@field reviewer? string
---@field environments string[]

--- Lists who approved or rejected the deployments of a run.
---@param run_id integer
---@param options? github.ListOptions
---@return github.List|fun(): github.RunApproval
function Repository:run_approvals(run_id, options) end

---@class github.PendingDeployment
---@field environment string
---@field environment_id integer
---@field may_approve? boolean  whether the token's account may
---@field wait_minutes? integer
---@field waiting_since? string

--- Lists the environments that a run waits for.
---@param run_id integer
---@param options? github.ListOptions
---@return github.List|fun(): github.PendingDeployment
function Repository:pending_deployments(run_id, options) end

--- Approves or rejects deployments that a run waits for, by the names of their environments.
--- ```lua
--- repo:review_deployments(run.id, { environments = { "production" }, state = "approved", comment = "green" })
--- ```
---@param run_id integer
---@param options { environments: string[], state: "approved"|"rejected", comment?: string }
---@return true
function Repository:review_deployments(run_id, options) end

--- Runs the failed jobs of a run again, in a new attempt. `debug` turns on the runner's own diagnostics.
---@param run_id integer
---@param options? { debug?: boolean }
---@return true
function Repository:rerun_failed_jobs(run_id, options) end

---@class github.Dispatch
---@field ref string  the branch or tag to run on
---@field inputs? table<string, string|number|boolean>  at most 25
---@field timeout_s? number  how long to wait for the run to appear, default 60
---@field identify_by? string  an input that gets a unique value, which the workflow has in its `run-name`

--- Starts a workflow that has `on: workflow_dispatch`, and gives the run that it started; nil when the run does not
--- appear in time.
---
--- GitHub itself returns which run it is. On a server that does not, or when that answer is lost, the run is looked
--- for: of this workflow and branch, by the token's account, newer than the call. Calls for one workflow and branch run
--- one after the other until each knows its run, also in processes that use the same state folder, and no run is given
--- to two of them. What the same account starts elsewhere in the same second cannot be distinguished: the first is
--- taken, with a warning. To be sure there, declare an input, put it in the workflow's `run-name`, and name it as
--- `identify_by`.
--- ```lua
--- local run = repo:dispatch("release.yml", { ref = "main", inputs = { version = "1.4" } })
--- ```
---@param workflow integer|string  its id or file
---@param options github.Dispatch
---@return github.Run?
function Repository:dispatch(workflow, options) end

---@class github.Cache
---@field id integer
---@field key string
---@field ref string
---@field version string
---@field size_bytes integer
---@field created_at string
---@field last_accessed_at string

---@class github.CacheFilters: github.ListOptions
---@field key? string  what keys begin with
---@field ref? string  "refs/heads/main"
---@field sort? "created_at"|"last_accessed_at"|"size_in_bytes"
---@field direction? "asc"|"desc"

--- Lists the caches of Actions.
---@param filters? github.CacheFilters
---@return github.List|fun(): github.Cache
function Repository:caches(filters) end

--- Deletes a cache; false when there is none.
---@param id integer
---@return boolean
function Repository:delete_cache(id) end
