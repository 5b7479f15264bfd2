---@meta uhost.process

--- Programs: run to their end, or talked to while they run. No shell is involved: arguments reach the program as they
--- are. A program gets a session and a process group of its own, none of the host's open files, and none of the tokens
--- that the host holds; its standard input is empty unless `stdin` says otherwise. It has no terminal, so that a
--- password prompt fails instead of hanging; `terminal` lets its streams be a pseudo-terminal.
---
--- A program never outlives its use. When the task that runs it is cancelled, when its handle is closed or collected,
--- and when the script ends, SIGTERM goes to its group, and after two seconds SIGKILL to what is left. Programs that
--- leave the group on purpose (daemons), and the end of the host by SIGKILL, escape this, unless `supervised` is set.
---
--- Waiting for programs takes no thread: thousands may run while the worker pool does other things.
---
--- Errors: `process.not_found` (no such program), `process.folder` (no such `cwd`), `process.start`,
--- `process.output` (the file of an output cannot be opened), `process.failed`, `process.timeout`,
--- `process.too_much_output`, `process.input_closed`.
---@class uhost.process
process = {}

---@class process.Options
---@field [integer] string | number  the program, looked up in PATH, and its arguments
---@field cwd? string  the folder that it runs in; default: the current one
---@field env? table<string, string | number | false>  added to the environment; false removes a variable
---@field clear_env? boolean  start from an empty environment
---@field check? boolean  raise `process.failed` unless it ends with code 0
---@field max_output_bytes? integer  limit of what is held of each output, default 64 MiB; `process.too_much_output`
---@field merge_stderr? boolean  its errors go where its output goes
---@field stdout? process.Destination  `pass`: to the host's own output, line by line, secrets masked; `tee`: captured
---  and passed
---@field stderr? process.Destination  the same for its errors
---@field limits? process.Limits
---@field supervised? boolean  nothing of it is left: what it started and left behind, daemons too, ends with it
---  (SIGTERM, and two seconds later SIGKILL), and all of it with the host, even when that is killed by SIGKILL
---@field secrets? boolean  the program is this uhost itself (`fs.readlink("/proc/self/exe")`), and gets the tokens that
---  the host took out of its own environment, to keep them as this one does. Refused for any other program, and where
---  permissions are limited
---@field terminal? boolean | { columns?: integer, rows?: integer }  its three streams are a pseudo-terminal, by default
---  of 80 columns and 24 rows, for programs that show colours or progress only there. What it writes is `stdout`; lines
---  end with "\n" alone. Input is not echoed, and comes in lines of at most 4095 bytes. It is not the controlling
---  terminal: there is no `/dev/tty`, and a Ctrl-C in the input is not a signal
---@field mutates? string  a line saying what the command changes: it then goes through the plan as `process.run`, and
---  under `--dry-run` is recorded, not run, and answered as if it had ended with code 0 and said nothing
---@field reads? boolean  true says that the command changes nothing but temporary files: it then runs under `--dry-run`
---  as always. A command that says neither runs there where it can change nothing (Landlock: files are read-only, apart
---  from temporary folders of the run, one of which is its TMPDIR; it gets no sockets), and the plan says how it ended.
---  Where the kernel cannot do that, it raises `plan.confinement`

---@alias process.Destination "capture" | "pass" | "tee" | "discard" | process.OutputFile

---@class process.OutputFile
---@field file string  what the program writes goes to this file, without passing through the host; secrets are not
---  masked there. The command then counts as a change of the file, which a dry run plans and does not run
---@field append? boolean  keep what is in the file; default: it is emptied

--- What a program, and each program that it starts, may use. They hold for each process by itself, not for all
--- together. A limit above the host's own is lowered to that.
---@class process.Limits
---@field cpu_s? integer  of processor time: then it is ended by SIGXCPU, and a second later by SIGKILL
---@field memory_bytes? integer  of address space: allocations beyond it fail
---@field file_bytes? integer  of any one file that it writes: then it is ended by SIGXFSZ
---@field open_files? integer

---@class process.RunOptions : process.Options
---@field stdin? string  what it reads; default: nothing
---@field timeout_s? number  end it after so long and raise `process.timeout`
---@field keep_end? boolean  of an output larger than `max_output_bytes` its end is held, instead of raising

---@class process.StartOptions : process.Options
---@field stdin? string | true  what it reads; true leaves its input open for `write`

---@class process.Result
---@field code? integer  the exit code; nil when a signal ended it
---@field signal? string  "SIGKILL" …; nil when it ended by itself
---@field stdout string  what it wrote and was not read before
---@field stderr string
---@field duration_s number
---@field user_s number  processor time of it and of those of its descendants that were waited for, as `wait4` counts: a
---  daemon that left, or a child that nobody waited for, is not included, unless it is `supervised`
---@field system_s number  the same, spent in the kernel
---@field peak_memory_bytes integer  the largest resident memory that one of these processes had
---@field read_bytes integer  that these processes read from disks; what the system's cache answers does not count
---@field written_bytes integer  that they wrote to disks
---@field core_dumped? true  when the signal that ended it left a core dump

--- Runs a program to its end, holding what it writes.  By default any exit code is an answer; with `check` only 0 is:
--- `process.failed` has `details.code` or `details.signal`, `details.command` and `details.stderr` (its last lines).
---
--- ```lua
--- local result = process.run{ "git", "rev-parse", "HEAD", cwd = path, check = true, timeout_s = 10 }
--- print((result.stdout:gsub("\n$", "")))
--- process.run{ "make", "publish", mutates = "publish the documentation", stdout = "pass", stderr = "pass" }
--- local built = process.run{ "ninja", stdout = "tee", merge_stderr = true, limits = { memory_bytes = 8 * 2^30 } }
--- print(built.user_s + built.system_s, built.peak_memory_bytes)
--- ```
---@param command process.RunOptions
---@return process.Result
function process.run(command) end

--- Starts a program and returns at once.  Its output is held until it is read: with 1 MiB unread it has to wait. Its
--- errors are passed on to the host's own; with `stderr = "capture"` the last 1 MiB of them are kept for `wait`. If the
--- task that starts it fails or is cancelled, it ends too.
---
--- ```lua
--- local server = process.start{ "python3", "-u", "-m", "http.server", "0", merge_stderr = true }
--- local port = server:read_line(5):match("port (%d+)")
--- …
--- server:close()
--- ```
---@param command process.StartOptions
---@return process.Child
function process.start(command) end

--- Takes signals that the host gets, in place of what they do otherwise, until the object is closed or collected: a
--- service reloads on SIGHUP, and finishes what it began on SIGTERM. Calling it waits for the next one. Signals belong
--- to the whole process. Raises `permission.denied` where permissions are limited.
---
--- ```lua
--- local signals = process.signals({ "SIGUSR1" })
--- process.run({ "kill", "-USR1", fs.readlink("/proc/self"), mutates = "signal this process" })
--- print(signals())  --> SIGUSR1
--- signals:close()
--- ```
---@param names string[]
---@return fun(): string
function process.signals(names) end

--- A started program.
---@class process.Child
local Child = {}

--- Its process id, which is its group's too.
---@return integer
function Child:pid() end

--- Whether it has not ended yet.
---@return boolean
function Child:running() end

--- Waits until it has ended and its outputs are closed.  Returns nil when `timeout_s` is over first. Output that
--- nobody has read is in the result. Raises `process.failed` if it was started with `check`.
---@param timeout_s? number
---@return process.Result?
function Child:wait(timeout_s) end

--- Sends a signal to it and its group.  Returns whether it was still running.
---@param signal? string | integer  "SIGTERM" (the default), "KILL", 15 …
---@return boolean
function Child:kill(signal) end

--- Ends it as the end of its task would: SIGTERM to its group, after two seconds SIGKILL. Returns at once, whether it
--- was still running; `wait` says how it ended, and what it wrote until then can still be read.
---@return boolean
function Child:terminate() end

--- Changes the size of its terminal, as a person who drags the corner of a window does.  Raises
--- `process.no_terminal` if it was started without one.
---@param columns integer
---@param rows integer
function Child:resize(columns, rows) end

--- Writes to its standard input and waits until it is taken.  Needs `stdin = true`. Raises `process.input_closed`.
---@param text string
function Child:write(text) end

--- Closes its standard input once everything is written.
function Child:close_input() end

--- The next line of its output, without the newline; nil at the end.  Raises `process.timeout` when `timeout_s` is
--- over first, and `process.too_much_output` for a line longer than `max_output_bytes`.
---@param timeout_s? number
---@return string?
function Child:read_line(timeout_s) end

--- Its output, line by line, in constant memory.
---
--- ```lua
--- for line in process.start{ "git", "log", "--oneline" }:lines() do print(line) end
--- ```
---@return fun(): string?
function Child:lines() end

--- The rest of its output, waiting for the end.  Raises `process.too_much_output`.
---@return string
function Child:read_all() end

--- Ends it, if it still runs, and lets go of it.
function Child:close() end
