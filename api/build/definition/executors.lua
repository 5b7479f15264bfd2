---@meta uhost.build
-- Jobs that an executor runs: here, or beyond this machine.

---@class build.Resources
---@field cpus? integer
---@field memory_bytes? integer
---@field gpus? integer
---@field time_limit_s? integer  how long it may run; then its outcome is "timeout"

---@class build.JobOptions
---@field cmd (string | number)[] | string  as of `build.run`
---@field shell? boolean
---@field cwd? string  where it runs, as the executor sees it; default: the current folder for "local" and "slurm",
---  a folder of the job's own for "ssh", what the image says for "kubernetes"
---@field env? table<string, string | number | false>
---@field stdin? string
---@field name? string  what people see in queues; default: the program
---@field key? string  by which the job is found again, see `build.submit`
---@field log? string  a file that its output is added to when it has ended, as of `build.run`
---@field log_limit_bytes? integer  default 256 MiB
---@field artifacts? string[]  paths below `cwd` that `collect` fetches

---@class build.SubmitOptions : build.JobOptions
---@field executor? string  "local", "ssh", "slurm", "github", "kubernetes", or one of your own in policies/executors/;
---  default: the setting `build.executor`, else "local"
---@field resources? build.Resources
---@field array? build.JobOptions[]  several jobs at once, each with what it has of its own; the rest is as above
---@field lost_after_s? number  for how long nothing may be known of a job before its outcome is "lost_contact";
---  default 600
---@field keep_running? boolean  cancelling the task that waits leaves the job running, to be found again by its key
---@field again? boolean  begin anew what has ended under this key

---@alias build.JobOutcome "cancelled"|"out_of_memory"|"node_failed"|"preempted"|"rejected"|"lost_contact"

--- A job that was handed to an executor.
---@class build.SubmittedJob
---@field id string  as the executor calls it; "" while it waits for its turn
---@field executor string
---@field name string
---@field key? string
---@field command string  as one could type it into a shell
---@field was_found boolean  it was begun by an earlier run of the script
local SubmittedJob = {}

--- How far it is: "queued", "running", "ended". Asks the executor only when that is due.
---@return string state
---@return string? reason  why it waits, or how it ended, in the executor's words
function SubmittedJob:state() end

--- Waits for its end and gives its result; nil when `timeout_s` is over first.  All jobs of an executor are asked about
--- in one go. Cancelling the task that waits (Ctrl-C, `task.timeout`) cancels the job, unless `keep_running` was set.
---@param timeout_s? number
---@return build.Result?
function SubmittedJob:wait(timeout_s) end

--- Has the executor end it.  `wait` then gives the outcome "cancelled", unless it had ended before.
function SubmittedJob:cancel() end

--- What it has written so far, piece by piece into a file, or without one its last lines as text.
---@param file? string  is added to
---@return string? tail
function SubmittedJob:logs(file) end

--- Fetches its artifacts into a folder, when it has ended.  Raises `build.artifact` when the executor keeps none, or
--- when they are not there.
---@param folder string
---@return string[] paths  below the folder
function SubmittedJob:collect(folder) end

--- Hands a job to an executor, and returns when that has taken it. With `array`, several: a list of jobs in its order,
--- which takes one call where the executor has arrays of jobs (Slurm).
---
--- What has a `key` is begun once. It is noted in the store `build` before it is handed over; a script that is run
--- again, also after it was killed at any moment, finds its job by the key, running or ended, in place of starting
--- another. Another process that uses the key at the same time gets the same job. Keys belong to an executor; what
--- ended more than 90 days ago is forgotten.
---
--- Outcomes besides those of `build.run`: "timeout" (`time_limit_s`), "cancelled" (by whomever), "out_of_memory",
--- "node_failed" (the machine that it ran on was lost), "preempted" (others needed the machine), "rejected" (the
--- executor does not take it, or will never start it), "lost_contact" (nothing was known of it for `lost_after_s`; it
--- may still be running, and the result's `look` says how to see). What is preempted, or lost with its node, is
--- submitted again a few times, as the executor's `requeue` says.
---
--- Raises `policy.executor` for an executor that there is not, that is not set up, or whose file is wrong, and
--- `build.submission` when it could not be found out whether the job was taken; the same call looks again. Under a dry
--- run the submission is planned, and the job answers as if it had passed.
---
--- ```lua
--- local job = build.submit{ cmd = { "make", "check" }, executor = "slurm", key = "check " .. commit,
---     resources = { cpus = 8, memory_bytes = 16 * 2^30, time_limit_s = 3600 }, log = "check.log" }
--- local result = job:wait()
--- print(result.outcome, result.reason)
--- ```
---@param options build.SubmitOptions
---@return build.SubmittedJob | build.SubmittedJob[]
function build.submit(options) end

--- The executors that there are, for messages and `--help`: those shipped, and your own.
---@return string[] names
function build.executors() end
