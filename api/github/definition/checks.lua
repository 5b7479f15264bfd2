---@meta uhost.github
-- Check runs, commit statuses and deployments.

---@class github.Repository
local Repository = {}

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

---@class github.CheckFilters: github.ListOptions
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
---@param options? github.ListOptions
---@return github.List|fun(): github.Annotation
function Repository:annotations(check_run_id, options) end

-- Commit statuses

---@class github.Status
---@field id? integer
---@field state "error"|"failure"|"pending"|"success"
---@field context string
---@field description? string
---@field url? string
---@field creator? string
---@field created_at string
---@field updated_at string

--- Lists the statuses of a commit, branch or tag, newest first; older ones of a context, too.
---@param ref string
---@param options? github.ListOptions
---@return github.List|fun(): github.Status
function Repository:statuses(ref, options) end

---@class github.CombinedStatus
---@field state "failure"|"pending"|"success"
---@field sha string
---@field total integer
---@field statuses github.Status[]

--- The newest status of each context, and what they come to together; nil when there is no such commit.
---@param ref string
---@return github.CombinedStatus?
function Repository:combined_status(ref) end

---@class github.NewStatus
---@field state "error"|"failure"|"pending"|"success"
---@field context? string  default "default"
---@field description? string
---@field url? string

--- Sets the status of a commit in a context.
---@param sha string
---@param options github.NewStatus
---@return github.Status
function Repository:create_status(sha, options) end

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
---@param options? github.ListOptions
---@return github.List|fun(): github.DeploymentStatus
function Repository:deployment_statuses(id, options) end

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
