---@meta uhost.github
-- GitHub Actions, checks and deployments.

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
---@return github.List|fun(): github.Workflow
function Repository:workflows() end

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

---@class github.RunFilters
---@field workflow? integer|string  its id or file
---@field branch? string
---@field event? string  "push", "schedule" …
---@field status? string  a status or a conclusion
---@field created? string  a range of times in GitHub's search syntax: ">=2026-01-01", "2026-01-01..2026-02-01"
---@field head_sha? string
---@field actor? string
---@field check_suite? integer

--- Lists runs, newest first. With a filter GitHub gives 1,000 at most: where the list reaches that, a warning says so,
--- and its field `cut` is true.
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
---@param options? { attempt?: integer|"all" }
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
---@param options? { run?: integer, name?: string }
---@return github.List|fun(): github.Artifact
function Repository:artifacts(options) end

--- Writes an artifact, a ZIP archive, to a file; the file appears whole or not at all. nil and why when it is not
--- there.
---@param id integer
---@param file string
---@return { file: string, size_bytes: integer }?
---@return "missing"|"expired"|nil why
function Repository:download_artifact(id, file) end

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
--- GitHub itself returns which run it is. On a server that does not, the run is looked for: of this workflow and
--- branch, by the token's account, newer than the call. When several were started at the same moment, the first is
--- taken, with a warning; calls of one process never get the same run. To be sure there, declare an input, put it in
--- the workflow's `run-name`, and name it as `identify_by`.
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

---@class github.CacheFilters
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

-- Checks and deployments

---@class github.CheckRun
---@field id integer
---@field name string
---@field head_sha string
---@field external_id? string
---@field status string
---@field conclusion? string
---@field title? string
---@field summary? string
---@field text? string
---@field annotations_count integer
---@field app? string  the app that made it
---@field check_suite? integer
---@field url? string  on the web
---@field details_url? string
---@field started_at? string
---@field completed_at? string

---@class github.CheckFilters
---@field name? string
---@field status? "queued"|"in_progress"|"completed"
---@field filter? "latest"|"all"  default "latest": the latest of each name
---@field app_id? integer

--- Lists the check runs of a commit, branch or tag.
---@param ref string
---@param filters? github.CheckFilters
---@return github.List|fun(): github.CheckRun
function Repository:check_runs(ref, filters) end

---@class github.Annotation
---@field path string
---@field start_line integer
---@field end_line? integer  default: the same line
---@field start_column? integer  only where it is one line
---@field end_column? integer
---@field level "notice"|"warning"|"failure"
---@field message string
---@field title? string
---@field details? string

---@class github.Check
---@field name? string
---@field head_sha? string
---@field status? "queued"|"in_progress"|"completed"
---@field conclusion? "action_required"|"cancelled"|"failure"|"neutral"|"success"|"skipped"|"timed_out"
---@field title? string  needed beside what is shown
---@field summary? string  needed beside what is shown; Markdown, at most 65,535 characters, as `text`
---@field text? string
---@field annotations? github.Annotation[]  any number: sent 50 at a time
---@field details_url? string
---@field external_id? string  default: one of its own
---@field started_at? string|number
---@field completed_at? string|number
---@field cut? boolean  true: shorten what is too long, with a note, in place of an error

--- Makes a check run, once; only apps may (the token of a workflow is one). It needs `name` and `head_sha`. Of many
--- annotations the last go along with its end, so that it is not completed before all are there. With an
--- `external_id` of one's own it is not repeated when its answer is lost, which is then an error.
--- ```lua
--- repo:create_check{
---     name = "spelling", head_sha = sha, conclusion = "failure", title = "1 word", summary = "…",
---     annotations = { { path = "README.md", start_line = 3, level = "warning", message = "recieve" } },
--- }
--- ```
---@param options github.Check
---@return github.CheckRun
function Repository:create_check(options) end

--- Changes a check run; annotations are added to those that it has.
---@param id integer
---@param options github.Check
---@return github.CheckRun
function Repository:update_check(id, options) end

--- Lists the annotations of a check run. A job of Actions is one: its id is the check run's.
---@param check_run_id integer
---@return github.List|fun(): github.Annotation
function Repository:annotations(check_run_id) end

---@class github.Deployment
---@field id integer
---@field sha string
---@field ref string
---@field task string
---@field environment string
---@field description? string
---@field creator? string
---@field payload table|string
---@field is_transient? boolean
---@field is_production? boolean
---@field created_at string
---@field updated_at string

--- Lists deployments, newest first.
---@param filters? { sha?: string, ref?: string, task?: string, environment?: string }
---@return github.List|fun(): github.Deployment
function Repository:deployments(filters) end

---@class github.NewDeployment
---@field ref string  branch, tag or id
---@field task? string  default "deploy"
---@field environment? string  default "production"
---@field description? string  at most 140 bytes
---@field payload? table  a field `uhost`, which distinguishes it from others, is added
---@field auto_merge? boolean  true: let GitHub merge the default branch into `ref` first
---@field required_contexts? string[]  statuses that must be green; default: all; none when empty
---@field is_transient? boolean
---@field is_production? boolean

--- Makes a deployment, once. Raises `github.conflict` when GitHub merged in place of deploying (see `auto_merge`).
--- ```lua
--- local deployment = repo:create_deployment{ ref = "v1.4", environment = "staging" }
--- repo:create_deployment_status(deployment.id, { state = "in_progress" })
--- ```
---@param options github.NewDeployment
---@return github.Deployment
function Repository:create_deployment(options) end

---@class github.DeploymentStatus
---@field id integer
---@field state "error"|"failure"|"inactive"|"in_progress"|"queued"|"pending"|"success"
---@field description? string
---@field environment? string
---@field environment_url? string
---@field log_url? string
---@field creator? string
---@field created_at string
---@field updated_at string

--- Lists the statuses of a deployment, newest first.
---@param id integer
---@return github.List|fun(): github.DeploymentStatus
function Repository:deployment_statuses(id) end

---@class github.NewDeploymentStatus
---@field state "error"|"failure"|"inactive"|"in_progress"|"queued"|"pending"|"success"
---@field description? string  at most 140 bytes
---@field environment? string
---@field environment_url? string
---@field log_url? string
---@field auto_inactive? boolean  whether earlier ones of the environment become inactive

--- Says what has become of a deployment. When an answer is lost, a newest status that says the same is taken for it.
---@param id integer
---@param status github.NewDeploymentStatus
---@return github.DeploymentStatus
function Repository:create_deployment_status(id, status) end
