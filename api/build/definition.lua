---@meta uhost.build
--- Builds and tests: commands with logs and limits, their phases, jobs that depend on each other, outputs kept by what
--- they are made from, and measurements.
---
--- A command that is run here leaves nothing behind: what it starts ends with it, daemons too, and all of it with the
--- host, even when that is killed by SIGKILL. An executor runs it elsewhere (`build.submit`).
---
--- Errors: `build.failed`, `build.log` (the log cannot be written), `build.graph` (a need that there is not, or a
--- circle), `build.input`, `build.output` and `build.artifact` (a file that is not there), and those of `process`.
---@class uhost.build
build = {}

---@class build.RunOptions
---@field cmd (string | number)[] | string  the program and its arguments; with `shell`, a text
---@field shell? boolean  let /bin/sh read `cmd`
---@field cwd? string
---@field env? table<string, string | number | false>  added to the environment; false removes a variable
---@field clear_env? boolean
---@field stdin? string
---@field timeout_s? number  end it after so long
---@field idle_timeout_s? number  end it when it says nothing for so long
---@field on_line? fun(line: string, elapsed_s: number)  called with each line as it comes
---@field show? boolean  print each line, made harmless, on standard output
---@field log? string  a file that its lines are added to, each with its time as in logs of GitHub Actions; secrets are
---  masked. `uhost diagnose` reads it
---@field log_limit_bytes? integer  default 256 MiB; the rest is left out, and the log says so
---@field limits? process.Limits
---@field retry? build.Retry
---@field check? boolean  raise `build.failed` unless it ends with code 0
---@field mutates? string  what it changes, for the plan; default: "run" and the command
---@field reads? boolean  it changes nothing but temporary files, so that a dry run runs it too
---@field secrets? boolean  as of `process.run`: for another uhost
---@field executor? string  what runs it, with options of `build.submit`: name, key, resources, artifacts, lost_after_s,
---  keep_running, again; default: this machine. Elsewhere there are no idle_timeout_s, limits, clear_env and reads, and
---  its lines come when it has ended

---@class build.Retry
---@field when fun(result: build.Result): boolean  whether this failure is one that may pass by itself
---@field attempts? integer  all together, default 3
---@field backoff_s? number  the pause before the second attempt, default 1; each further one is twice as long
---@field max_backoff_s? number  default 60

---@class build.Result
---@field outcome "passed" | "failed" | "timeout" | "idle_timeout" | build.JobOutcome
---@field code? integer  nil when a signal ended it
---@field signal? string
---@field core_dumped? true
---@field command string  as one could type it into a shell
---@field attempts integer
---@field started_at string  of the last attempt, as the rest
---@field duration_s number
---@field user_s? number  processor time of all its processes; this and what follows is known of commands run here
---@field system_s? number
---@field peak_memory_bytes? integer  the most that one of its processes had
---@field read_bytes? integer  from disks
---@field written_bytes? integer  to disks
---@field lines integer
---@field tail string  its last lines: 200, or 64 KiB
---@field log? string
---@field planned? true  a dry run has not run it
---@field executor? string  this and what follows is known of jobs
---@field id? string
---@field node? string  where it ran
---@field reason? string  how it ended, in the executor's words
---@field look? string  a command to look at it by hand

--- Runs a command to its end, its errors merged into its output.  Any end is an answer, unless `check` is set. A
--- mutation, unless `reads` is set: under a dry run it is planned, and answered as if it had passed.
---
--- ```lua
--- local result = build.run{ cmd = { "ninja" }, cwd = "out", log = "build.log", idle_timeout_s = 600 }
--- print(result.outcome, result.user_s + result.system_s, result.peak_memory_bytes)
--- ```
---@param options build.RunOptions
---@return build.Result
function build.run(options) end

--- The environment that commands get, by name, with secrets masked: what a host knows to be one, and what is called so.
---@param options? { env?: table, clear_env?: boolean }  as of `build.run`
---@return table<string, string>
function build.environment(options) end

--- Runs `body(...)` as a named part of the run, measures how long it takes, and gives its results. A phase within a
--- phase is called "build/compile". In GitHub Actions, what an outermost phase prints is one group.
---
--- ```lua
--- build.phase("build", function()
---     build.phase("compile", function() build.run{ cmd = { "make" }, check = true } end)
--- end)
--- ```
---@param name string  not "total", without "/"
---@param body function
---@param ... any
---@return any ...
function build.phase(name, body, ...) end

---@class build.Job
---@field needs? string[]  the jobs that must have passed before
---@field run fun(results: table<string, any>): any  given the results of the jobs that have ended

--- Runs jobs, each as a phase of its name and after those that it needs, a few at once.  The first that fails cancels
--- the others, and its error is raised. Raises `build.graph` before any job begins.
---
--- ```lua
--- build.graph{ concurrency = 2, jobs = {
---     compile = { run = function() return build.run{ cmd = { "make" }, check = true } end },
---     test = { needs = { "compile" }, run = function() build.run{ cmd = { "make", "test" }, check = true } end },
--- } }
--- ```
---@param options { jobs: table<string, build.Job>, concurrency?: integer }  concurrency: default 2
---@return table<string, any> results
function build.graph(options) end

---@class build.CachedOptions
---@field name string  of the cache, for metrics
---@field inputs string[]  files, folders with all that is in them (but `.git`), and patterns as `fs.matches` has them
---@field outputs string[]  files and folders that `run` makes, below `cwd`
---@field key? string  what else the outputs depend on, such as a compiler's version
---@field cwd? string  where the paths begin
---@field run function  makes the outputs
---@field limit_bytes? integer  of all caches together, default 2 GiB; what was not used for longest goes first

--- Restores the outputs that inputs of the same content have led to before; where there are none, calls `run` and keeps
--- what it made.  Several processes may do so at once: an output is restored whole, and what is damaged is made anew.
--- `hit` says whether `run` was spared.
---
--- ```lua
--- build.cached{ name = "llvm", inputs = { "llvm/**/*.cpp" }, outputs = { "lib" }, run = function()
---     build.run{ cmd = { "make", "llvm" }, check = true }
--- end }
--- ```
---@param options build.CachedOptions
---@return { hit: boolean, key: string }
function build.cached(options) end

--- Notes the size of what was built: a file, or all files of a folder.
---@param name string
---@param path string
---@return integer size_bytes
function build.artifact(name, path) end

---@class build.Metrics
---@field timestamp string  when the run began
---@field platform string  "linux"
---@field arch string  "x86_64"
---@field variant string
---@field run_id string  GitHub's, or one from the time
---@field commit_sha string  json.null if it is not known
---@field phases table<string, number>  seconds by name, and `total`
---@field cache table<string, boolean>  NAME_hit
---@field artifacts table<string, number>  NAME_size_mb

--- What was measured so far, as it is kept: `uhost schema build_metrics` describes it.
---@param options? { variant?: string, run_id?: string, commit_sha?: string }
---@return build.Metrics
function build.metrics(options) end

--- What was measured so far as Markdown, for the page of a workflow run.
---@return string
function build.summary() end

--- Forgets what was measured, and starts the time of the next run.
function build.reset() end
