---@meta uhost.log_text
--- The text of logs of any size: its lines as a person sees them, its jobs and steps, templates of its
--- lines, and those of them that stand out.
---
--- A log is read as a person would see it on a terminal: without escape sequences (colours, titles, links), without the
--- time that GitHub, GitLab or Jenkins puts before each line and the job and step that `gh run view --log` puts before
--- that, without carriage returns, with the last state of lines that are overwritten. What is no UTF-8, and NUL,
--- becomes U+FFFD; UTF-16 is read as such when it starts with its mark. Marks such as `##[group]` stay. A line longer
--- than 8192 bytes loses its middle, where "[N bytes cut]" stands. Lines are numbered as in the file, from 1, and none
--- is left out; where a long beginning has carriage returns and no newline, those end the lines. Nothing here grows
--- with the size of a log.
---
--- Raises `log_text.read` and `log_text.write` for files, `cancelled` when the task is cancelled meanwhile.
---@class uhost.log_text
log_text = {}

--- A log. `close()` it when it is large and no longer needed.
---@class log_text.Log
---@field count integer?  how many lines there are; nil before a scan of the whole log or `log:index()`
---@field bytes integer  its size
---@field name string  its path, or what it was called
local Log = {}

--- Finds out where the lines are, by reading the log once; other functions do so when they need it.
---@return integer lines  how many there are
function Log:index() end

--- Cleaned lines; those outside of the log are left out.
---@param first integer
---@param last integer
---@return string[] lines
function Log:lines(first, last) end

--- A cleaned line, or nil when there is none of that number.
---@param number integer
---@return string?
function Log:line(number) end

--- A line as it is in the file (a very long one without its middle), or nil.
---@param number integer
---@return string?
function Log:raw(number) end

--- The time before a line, in seconds since 1970, or nil when there is none.
---@param number integer
---@return number? seconds
function Log:time(number) end

--- The job and the step that `gh run view --log` put before a line, or nil.
---@param number integer
---@return string? job, string? step
function Log:prefix(number) end

--- Closes the log: its file, and what was kept of a stream.
function Log:close() end

--- Opens a log: a file, "-" for standard input, a text, or a stream, which is kept in a temporary file until the log is
--- closed or collected. A stream is what `http.stream` returns, anything else with `read`, or an iterator of strings.
--- ```lua
--- local log = log_text.open("build.log")
--- local job = log_text.open({ stream = github.repository("o/n"):job_log(42), name = "job 42" })
--- print(log:line(1), log:time(1))
--- ```
---@param source string|{ stream?: table|(fun(): string?), text?: string, name?: string }
---@return log_text.Log
function log_text.open(source) end

--- A step of a job.
---@class log_text.Step
---@field name string
---@field job? string
---@field first_line integer
---@field last_line integer
---@field failed boolean
---@field exit_code? integer
---@field exit_line? integer  where the CI system reports how it ended
---@field duration_s? number
---@field body_after? integer  the line before the first that its command printed
---@field cleanup? boolean  it only tidies up after the others
---@field focus? log_text.Focus  of a step that failed: where to look

--- Where a failure is to be looked for: between two lines.
---@class log_text.Focus
---@field after integer  the line before the first of it
---@field before integer  the line behind the last of it
---@field certain boolean  a step says that it failed
---@field exit_code? integer  what the line `before` says that the step ended with

--- What a log is made of.
---@class log_text.Structure
---@field ci? string  the CI system that wrote it
---@field jobs { name: string, steps: log_text.Step[] }[]
---@field failed_steps log_text.Step[]
---@field exit_code? integer  of the whole
---@field ended_well boolean  whether the CI system says that the whole went well
---@field focus log_text.Focus

--- Reads the structure of a log from what a scan found in it: from the signals of knowledge bases.
---
--- ```lua
--- local base, log = kb.load(), log_text.open("build.log")
--- local structure = log_text.structure(base:scan(log), log)
--- for _, step in ipairs(structure.failed_steps) do print(step.name, step.first_line, step.exit_code) end
--- ```
---@param scan kb.Scan
---@param log log_text.Log
---@return log_text.Structure
function log_text.structure(scan, log) end

--- The step that a line is in, or nil.
---@param structure log_text.Structure
---@param line integer
---@return log_text.Step?
function log_text.step_at(structure, line) end

--- The template of a line: the line without what differs from run to run, such as numbers, times, hashes and temporary
--- paths. Lines that one statement of a program printed have the same one.
---
--- ```lua
--- print(log_text.mask("took 12.5 s in /tmp/x81/out"))  --> took # s in /tmp/<path>
--- ```
---@param line string
---@return string
function log_text.mask(line) end

--- Learns templates of lines, and which of their words vary.
---@class log_text.Miner
local Miner = {}

--- Adds a line.
---@param line string
function Miner:add(line) end

--- How often the template of a line was seen; 0 for a new one.
---@param line string
---@return integer
function Miner:count(line) end

--- Whether a line is like one that was added: of its template, or of one with a word that varies.
---@param line string
---@return boolean
function Miner:knows(line) end

--- The template of a line, with `<*>` for a word that varies.
---@param line string
---@return string
function Miner:template(line) end

--- Adds the lines of a log, the last ones when there are more than `max`.
---@param log log_text.Log
---@param first? integer
---@param last? integer
---@param max? integer
function Miner:add_log(log, first, last, max) end

--- A miner that knows nothing yet.
---@return log_text.Miner
function log_text.miner() end

--- Calls `visit(line, number)` for lines of a log, the last `max` when there are more; other tasks run in between.
---@param log log_text.Log
---@param first? integer
---@param last? integer
---@param max integer
---@param visit fun(line: string, number: integer)
function log_text.each_line(log, first, last, max, visit) end

--- How much a line looks like what went wrong; 0 and less for one that does not.
---@param line string
---@return number
function log_text.salience(line) end

--- The lines that look most like what went wrong, the best first. With logs of runs that went well, none whose template
--- these have.
---@param log log_text.Log
---@param structure? log_text.Structure  its `failed_steps` say where to look
---@param options? { green?: log_text.Log[], limit?: integer }  15 lines unless given
---@return { line_number: integer, line: string, score: number, template: string, new: boolean, is_error: boolean }[]
function log_text.salient_lines(log, structure, options) end
