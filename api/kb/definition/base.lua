---@meta uhost.kb

---@class kb.LoadOptions
---@field paths? string[]  files and folders that take the place of those shipped and the user's own
---@field readers? boolean  with `paths`, keep the readers and signals of those shipped and the user's own
---@field folder? string  where the user's own are, default what `policy.folder` finds
---@field strict? boolean  a file with mistakes is an error
---@field cache? boolean  false: read every file anew

--- Loads knowledge bases: those shipped with uhost and the user's own over them, or those named. Each file is read in a
--- sandbox of its own; what files hold is kept in the state folder, so that a later start needs none.
---
--- Problems of a file are reported as warnings, and in `problems`; its other entries are there. Raises `usage` for a
--- path that is not there, `policy.schema` with `strict`, `policy.worker` when there is no sandbox.
---
--- ```lua
--- local base = kb.load()
--- local opened = log_text.open("ci.log")
--- for _, hit in ipairs(base:scan(opened).entries) do print(hit.line_number, hit.entry.id, hit.line) end
--- ```
---@param options? kb.LoadOptions
---@return kb.Base
function kb.load(options) end

--- An entry: a kind of failure, how to see it, and what to do. `kb/README.md` describes its fields.
---@class kb.Entry
---@field id string
---@field title string
---@field match string|string[]
---@field unless? string|string[]
---@field within integer
---@field flags? string
---@field class string
---@field severity string
---@field priority integer
---@field rank? integer  its place in a list of rules that has an order
---@field occurrence? "first"|"last"  which line counts where it matches several
---@field cause string
---@field fix string
---@field commands? string[]
---@field docs? string[]
---@field fixed_in? string
---@field owner? string
---@field tags? string[]
---@field patch? { file?: string, description?: string, yaml: string }
---@field rewrite? { from: string, to: string }
---@field examples { matches: string[], rejects?: string[] }
---@field file string  where it is written
---@field name string  of its knowledge base

---@class kb.Base
---@field entries kb.Entry[]
---@field test_readers table[]
---@field diagnostic_readers table[]
---@field signals table[]
---@field files { name: string, file: string, is_user: boolean, about?: string }[]
---@field problems { file: string, path: string, message: string, hint?: string, line?: integer, id?: string }[]
---@field cached boolean  no sandbox was started
local Base = {}

--- The entry of an id, or nil.
---@param id string
---@return kb.Entry?
function Base:entry(id) end

--- "did you mean …", for an id that there is not; nil when none is near.
---@param id string
---@return string?
function Base:suggestion(id) end

--- The matcher of all patterns of all items, compiled when it is first asked for. `base.patterns` are the patterns.
---@return kb.Matcher
function Base:matcher() end

--- What was found in a log. Hits are the engine's, with `entry`, the item that each belongs to, and `role`, the name of
--- the pattern in an item that has several.
---@class kb.Scan
---@field lines integer
---@field bytes integer
---@field entries kb.Hit[]
---@field tests kb.Hit[]
---@field diagnostics kb.Hit[]
---@field signals kb.Hit[]
---@field counts table<string, integer>  hits by the item's id, also those that are not kept
---@field markers { line_number: integer, text: string }[]  as of `kb.ScanResult`
---@field limited { item: kb.Entry, lines: integer }[]  items that were left out of lines, for their patterns took too
---  many steps; a warning said so
---@field base kb.Base  which scanned, for another look at a part of the log

--- Looks for everything in a log, in one pass.
---@param opened log_text.Log
---@param options? { from?: integer, to?: integer }  the first and the last line
---@return kb.Scan
function Base:scan(opened, options) end

--- What a hit of an entry says, with its texts filled in.
---@class kb.Finding
---@field id string
---@field title string
---@field class string
---@field severity string
---@field priority integer
---@field cause string  Markdown
---@field fix string  Markdown, with the suggestion
---@field suggestion? string  what the entry's `suggest` gave
---@field commands string[]
---@field docs string[]
---@field patch? { file?: string, description?: string, yaml: string }
---@field rewrite? { from: string, to: string }
---@field fixed_in? string
---@field owner? string
---@field tags string[]
---@field file string  the entry's
---@field captures table<integer|string, string>
---@field line_number integer
---@field last_line integer
---@field line string
---@field column? integer

--- What a hit of an entry says. nil when the entry's `when` says that it does not count, or fails; failures of an
--- entry's functions are reported once, as warnings.
---
--- What was captured is put into the texts so that it stays text: as code in Markdown, quoted in commands, encoded in
--- addresses. The functions get it as it is: as a list, or by name when groups have names.
---@param hit kb.Hit  one of `entries` of a scan
---@param context? table  plain data for the entry's functions: job, step, what is around the line
---@return kb.Finding?
function Base:finding(hit, context) end

--- The groups that an item's pattern captures.
---@param item kb.Entry
---@return { count: integer, names: table<string, integer> }
function Base:groups_of(item) end

--- Ends the sandboxes that `finding` started.
function Base:close() end
