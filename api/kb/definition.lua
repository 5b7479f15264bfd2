---@meta uhost.kb
--- Knowledge bases that say what errors in logs mean, logs of any size, and many patterns that are looked for in them
--- at once.
---
--- A log is read as a person would see it on a terminal: without escape sequences (colours, titles, links), without the
--- time that GitHub, GitLab or Jenkins puts before each line and the job and step that `gh run view --log` puts before
--- that, without carriage returns, with the last state of lines that are overwritten. What is no UTF-8, and NUL,
--- becomes U+FFFD; UTF-16 is read as such when it starts with its mark. Marks such as `##[group]` stay. A line longer
--- than 8192 bytes loses its middle, where "[N bytes cut]" stands. Lines are numbered as in the file, from 1, and none
--- is left out; where a long beginning has carriage returns and no newline, those end the lines. Nothing here grows
--- with the size of a log.
---
--- Patterns are PCRE2's, as in `re`, and are held against each cleaned line by itself. All are searched for together
--- (Hyperscan, where it is there), and only the lines that may match are looked at closely.
---
--- Raises `kb.read` and `kb.write` for files, `kb.pattern` for a pattern that cannot be used, `kb.engine` for an engine
--- that is not there, `cancelled` when the task is cancelled meanwhile.
---@class uhost.kb
kb = {}

--- A log. `close()` it when it is large and no longer needed.
---@class kb.Log
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

--- What to look for.
---@class kb.Pattern
---@field match string|string[]  a pattern, or up to eight that follow each other, each on a later line
---@field within? integer  of several: the most lines from the first to the last, 20 unless told, 1,000 at most
---@field unless? string|string[]  there is no hit when one of these matches a line of it, or within 3 lines around it
---@field flags? string  letters as in `re`
---@field keep? integer  how many of the first hits, and of the last, are given: 20 unless told, 10,000 at most, fewer
---  when all that is kept would take more than some 12 MiB

---@class kb.Hit
---@field index integer  of the pattern in the list that was compiled
---@field line_number integer  where the first pattern matches
---@field last_line integer  where the last one matches
---@field line string  the cleaned line `line_number`
---@field last_text string?  the cleaned line `last_line`, when it is another
---@field captures table<integer|string, string>  by number, counting on through all patterns of a sequence, and by name
---@field column integer  where in the line the match begins, in bytes from 1

---@class kb.ScanResult
---@field lines integer  how many were looked at
---@field bytes integer  how much of the log they are
---@field lines_matched integer  how many some pattern matches, or the first one of a sequence
---@field hits kb.Hit[]  by line, then by index
---@field counts table<integer, integer>  by index: how many hits there are, with those that were not kept
---@field limited table<integer, integer>  by index: lines that took more steps than a match may; they count as no hit
---@field markers { line_number: integer, text: string }[]  fold marks that Travis and GitLab overwrite at once
---  (`travis_fold:start:x`, `travis_time:…`, `section_start:…`); a cleaned line has them only when it has nothing else

--- Patterns that are looked for together. Any number of tasks may share one.
---@class kb.Matcher
---@field engine "hyperscan" | "pcre2"  what finds the lines; the hits are the same
---@field cached boolean  whether the compiled database was on disk
local Matcher = {}

--- Looks for all patterns in a log, on the worker pool; other tasks run meanwhile. A line gives one hit for each
--- pattern, the first match in it. Of a sequence, the latest line counts that could begin it, and then the first that
--- goes on.
---@param log kb.Log
---@param options? { from?: integer, to?: integer }  the lines to look at; all unless told
---@return kb.ScanResult
function Matcher:scan(log, options) end

--- Frees the compiled patterns.
function Matcher:close() end

--- Opens a log: a file, "-" for standard input, or a stream, which is kept in a temporary file until the log is closed
--- or collected. A stream is what `http.stream` returns, anything else with `read`, or an iterator of strings.
--- ```lua
--- local log = kb.open("build.log")
--- local job = kb.open({ stream = github.repository("o/n"):job_log(42), name = "job 42" })
--- print(log:line(1), log:time(1))
--- ```
---@param source string|{ stream: table|(fun(): string?), name?: string }
---@return kb.Log
function kb.open(source) end

--- Compiles patterns to be looked for together. Compiled databases are kept in the state folder, so that it takes
--- little time again for the same patterns; one that is damaged is made anew.
---
--- Raises `kb.pattern` with `details.index`, `details.pattern` and `details.offset` (bytes, from 1; 0 when it is not
--- about a place) for the first pattern that PCRE2 does not take.
--- ```lua
--- local matcher = kb.compile({
---     { match = [[^error\[(?<code>E\d{4})\]: (?<message>.+)]] },
---     { match = { [[^Traceback \(most recent call last\)]], [[^(?<class>\w+Error): (?<text>.+)]] }, within = 60 },
--- })
--- for _, hit in ipairs(matcher:scan(kb.open("build.log")).hits) do
---     print(hit.line_number, hit.captures.code or hit.captures.class)
--- end
--- ```
---@param patterns kb.Pattern[]
---@param options? { cache?: boolean|string, engine?: "auto"|"hyperscan"|"pcre2" }  cache: false for none, or a folder
---@return kb.Matcher
function kb.compile(patterns, options) end
