---@meta uhost.kb
--- Knowledge bases that say what errors in logs mean, and many patterns that are looked for in logs at once.
---
--- Patterns are PCRE2's, as in `re`, and are held against each cleaned line by itself. All are searched for together
--- (Hyperscan, where it is there), and only the lines that may match are looked at closely.
---
--- Raises `log_text.read` for a log, `kb.pattern` for a pattern that cannot be used, `kb.engine` for an engine
--- that is not there, `cancelled` when the task is cancelled meanwhile.
---@class uhost.kb
kb = {}

--- What to look for.
---@class kb.Pattern
---@field match string|string[]  a pattern, or up to eight that follow each other, each on a later line
---@field within? integer  of several: the most lines from the first to the last, 20 by default, 1,000 at most
---@field unless? string|string[]  there is no hit when one of these matches a line of it, or within 3 lines around it
---@field flags? string  letters as in `re`
---@field keep? integer  how many of the first hits, and of the last, are given: 20 by default, 10,000 at most, fewer
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
---@field limited table<integer, integer>  by index: lines that the pattern was left out of, for they took more steps
---  than a match may (a million), or the pattern or all together took what they may in a log; they count as no hit
---@field markers { line_number: integer, text: string }[]  fold marks that Travis and GitLab overwrite at once
---  (`travis_fold:start:x`, `travis_time:…`, `section_start:…`); a cleaned line has them only when it has nothing else

--- Patterns that are looked for together. Any number of tasks may share one.
---@class kb.Matcher
---@field engine "hyperscan" | "pcre2"  what finds the lines; the hits are the same
---@field cached boolean  whether the compiled database was on disk
local Matcher = {}

--- Looks for all patterns in a log, on the worker pool; other tasks run meanwhile. A line gives one hit for each
--- pattern, the first match in it. Of a sequence, the latest line counts that could begin it, and then the first that
--- continues it.
---@param log log_text.Log
---@param options? { from?: integer, to?: integer, max_steps?: integer }  the lines to look at; by default all. What
---    all patterns may take, as `count_steps` of `re` counts: 100 million by default, and 40 for each byte of the log;
---    one of them a tenth, and 8. They also end after a minute of processor time.
---@return kb.ScanResult
function Matcher:scan(log, options) end

--- Frees the compiled patterns.
function Matcher:close() end

--- The same as `log_text.open`.
---@param source string|{ stream: table|(fun(): string?), name?: string }
---@return log_text.Log
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
--- for _, hit in ipairs(matcher:scan(log_text.open("build.log")).hits) do
---     print(hit.line_number, hit.captures.code or hit.captures.class)
--- end
--- ```
---@param patterns kb.Pattern[]
---@param options? { cache?: boolean|string, engine?: "auto"|"hyperscan"|"pcre2" }  cache: false for none, or a folder
---@return kb.Matcher
function kb.compile(patterns, options) end
