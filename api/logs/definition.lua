---@meta uhost.logs
--- Logs in a folder, packed by zstd to about a tenth of their size, and searched with regular expressions as fast as
--- the bare files would be. Which run and job a log is of is not kept here: a log is some lines of a segment, and
--- scripts remember which (`uhost logs` does, in the store "logs").
---
--- Lines are kept as a person sees them (see log_text), each with the time that stood before it, to the millisecond.
--- Secrets that the host knows, and what looks like a token of a well-known service, are kept as "***".
---
--- Several processes may add logs at the same time, each to a segment of its own, and search meanwhile. After a crash
--- everything is there for which `commit` had returned; what was not committed is cut off.
---
--- Raises `logs.write`, `logs.missing` for a segment that is not there, `logs.damaged` for one that fails its
--- checksums.
---@class uhost.logs
logs = {}

--- A folder of logs.
---@class logs.Store
---@field folder string
local Store = {}

--- Opens a folder of logs, by default `logs` in the state folder. It is made when the first log is added.
--- ```lua
--- local store = logs.open()
--- local writer = store:writer()
--- local added = writer:add(log_text.open({ text = "one\nLNK2019: unresolved\n" }))
--- writer:commit()
--- local found = store:search([[LNK\d+]], { added.segment, added.first_line, added.lines })
--- print(found.hits[1].line, found.hits[1].text)  --> 2  LNK2019: unresolved
--- ```
---@param folder? string
---@return logs.Store
function logs.open(folder) end

--- Begins to add logs. Under `--dry-run` the writer does everything but writing.
---@return logs.Writer
function Store:writer() end

---@class logs.Writer
local Writer = {}

--- What became of a log.
---@class logs.Added
---@field segment integer
---@field first_line integer  in the segment, from 0
---@field lines integer
---@field bytes integer  as it came
---@field text_bytes integer  of its cleaned lines
---@field first_time number?  seconds since 1970
---@field last_time number?
---@field digest string  the same for the same lines
---@field is_cut boolean  it had more than 4 GiB, of which the beginning was kept
---@field marks { line: integer, job: string, step: string }[]  lines, from 1, at which a step begins

--- Adds a log. It may be searched after `commit`.
---@param log log_text.Log
---@return logs.Added
function Writer:add(log) end

--- Adds lines of a segment as they are.
---@param segment integer
---@param first_line integer
---@param lines integer
---@return logs.Added
function Writer:copy(segment, first_line, lines) end

--- Returns when everything that was added is on the disk.
function Writer:commit() end

--- Lines of a segment, from 0; those that it does not have are left out.
---@param segment integer
---@param first_line integer
---@param count integer
---@return string[] lines
---@return table<integer, number> times  of those that have one, in seconds since 1970
function Store:lines(segment, first_line, count) end

---@class logs.Damage
---@field block integer
---@field first_line integer
---@field lines integer
---@field what string

---@class logs.Found
---@field hits { extent: integer, line: integer, text: string }[]  lines are numbered in their extent, from 1
---@field counts table<integer, integer>  how many lines matched, by extent
---@field blocks integer  that have lines of the extents
---@field read_blocks integer  of these, those that had to be read
---@field is_complete boolean  false where lines matched that are not among the hits
---@field missing_segments integer[]
---@field damages logs.Damage[]  blocks that could not be searched

--- Finds lines that match a pattern (see `re`), on all processors. `limit` (1,000 by default) ends the search after so
--- many hits; with `counts`, it goes on and counts. `flags` are those of `re`.
---@param pattern string
---@param extents integer[]  where to search: three numbers for each extent, its segment, first line and number of lines
---@param options? { flags?: string, limit?: integer, counts?: boolean }
---@return logs.Found
function Store:search(pattern, extents, options) end

--- The segments, the oldest first.
---@return { id: integer, bytes: integer, lines: integer, blocks: integer, text_bytes: integer }[]
function Store:segments() end

--- Reads a whole segment and compares it with its checksums; nil when it is not there.
---@param segment integer
---@return logs.Damage[]?
function Store:verify(segment) end

--- Keeps writers away from a segment until what it gives is closed; nil when somebody writes to it, or it is not there.
---@param segment integer
---@return logs.Lock?
function Store:lock(segment) end

---@class logs.Lock
local Lock = {}

--- Lets writers in again.
function Lock:close() end

--- Removes a segment.
---@param segment integer
function Store:remove(segment) end
