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

--- Removes dictionaries that no log needs any more: they have parts of the logs that they were learned from. Does
--- nothing while anybody adds logs.
function Store:remove_dictionaries() end

-- Sinks ---------------------------------------------------------------------------------------------------------------

--- Where logs are sent, as the policy `log_sinks` names it. The secret that a sink needs is in the environment:
--- LOKI_TOKEN, DATADOG_LOGS_API_KEY, BETTER_STACK_SOURCE_TOKEN, ELASTICSEARCH_LOGS_TOKEN, S3_LOGS_SECRET_KEY (with
--- S3_LOGS_SESSION_TOKEN), or LOG_SINK_TOKEN for a sink of one's own.
---@class logs.Sink
---@field id string
---@field type string  loki, datadog, better_stack, elasticsearch, syslog, s3, ndjson, or a file in policies/sinks/
---@field url string?
---@field user string?  the secret is this user's password
---@field tenant string?  of Loki
---@field index string?  of Elasticsearch
---@field service string?  what the logs are said to be of
---@field bucket string?  of S3, as region, prefix and access_key_id
---@field region string?
---@field prefix string?
---@field access_key_id string?
---@field to string?  the file of ndjson, NAME.ndjson

--- Lines of one job.
---@class logs.Batch
---@field id string  the same each time that this batch is sent
---@field repository string
---@field run string
---@field job string
---@field commit string
---@field labels table<string, string>  few values each
---@field entries { line: string, number: integer, step: string, time: string, at_ms: integer, at_ns: string }[]

--- How much one batch for a type of sink may have, and how many may be sent in a second.
---@param type string
---@return { lines: integer, bytes: integer, per_second: number? }
function logs.limits(type) end

--- What a sink makes of a batch, without sending it.
--- ```lua
--- local batch = { id = "1", repository = "o/n", run = "7", job = "build", commit = "", labels = { source = "ci" },
---     entries = { { line = "x", number = 1, step = "", time = time.iso(0), at_ms = 0, at_ns = "0" } } }
--- print(json.encode(logs.render({ id = "loki", type = "loki" }, batch).json))
--- ```
---@param sink logs.Sink
---@param batch logs.Batch
---@return table payload
function logs.render(sink, batch) end

--- Sends a batch, once. Raises `logs.delivery`, whose `details.is_permanent` says that another attempt would fail as
--- well and `details.retry_after_s` when the service wants the next one, and `logs.sink` for a sink that is not set up.
---@param sink logs.Sink
---@param batch logs.Batch
function logs.send(sink, batch) end
