---@meta uhost
--- The host itself: what a script may know of its run, and how it fails with a face.
---@class uhost
---@field version string  the host's version, "0.1.0"
---@field dry_run boolean  whether `--dry-run` was given: mutations are planned, not made
---@field offline boolean  whether the network is refused
---@field verbosity integer  -1 with --quiet, 0, 1 with --verbose
---@field share string  the folder that holds api/, scripts/, policies/ and kb/
uhost = {}

--- An error as primitives raise it and `pcall` returns it. `tostring` gives the message.
---@class uhost.Error
---@field kind string  a primitive, a dot, a word: "git.auth"; for programs
---@field message string  one line: what happened, where
---@field hint? string  one line: what to do next
---@field native? string  the cause in the words of the library below
---@field details table  the operands
---@field exit_code integer  what the process ends with if nobody catches it
---@field where? string  "file:line" of the script
---@field traceback? string  for errors that ended a task

--- Raises an error with a kind, a message and a remedy.
---
--- Kinds that begin with argument, usage, script, settings or policy are mistakes of the caller (exit code 2 when
--- uncaught); so are those of primitives that say so (`uhost.usage_errors`). All others are the outside world's (3).
--- ```lua
--- uhost.fail("release.missing", "no release is tagged v2", { hint = "push the tag first" })
--- ```
---@param kind string
---@param message string
---@param options? { hint?: string, native?: string, details?: table }
function uhost.fail(kind, message, options) end

--- Says that the errors of a primitive, of kinds "NAME.…", or those of one kind, such as "build.graph", are mistakes of
--- the caller: exit code 2 when uncaught.
---@param primitive string
function uhost.usage_errors(primitive) end

--- Whether a value that `pcall` returned is such an error.
---@param value any
---@return boolean
function uhost.is_error(value) end

--- What the host would print if nobody caught an error: the message, its causes, the remedy, and where it happened.
--- Colours are those of standard error.
---@param failure any  what `pcall` returned
---@return string
function uhost.error_report(failure) end

--- The folder where histories, caches and the audit trail live; made when it is first asked for. Raises
--- `state.create`.
---@return string
function uhost.state_folder() end

--- Tells the program that embeds uhost what happens, if it listens (`HostOptions::observer`): a topic of your own and a
--- value, which it gets as JSON, masked. Its own topics are `log`, `plan` and `event`. Does nothing in the command
--- `uhost`, where nobody listens.
--- ```lua
--- uhost.publish("progress", { done = 3, total = 12 })
--- ```
---@param topic string
---@param value any  what `json.encode` takes
function uhost.publish(topic, value) end

--- The text with every secret that the host knows replaced by `***`, as all output is.
---@param text string
---@return string
function uhost.mask(text) end

--- Whether the name of an environment variable says that its value is a secret (`…_TOKEN`, `…_SECRET_…`, `…_PASSWORD`,
--- `…_WEBHOOK_URL`, `…_KEY` …).
---@param name string
---@return boolean
function uhost.names_a_secret(name) end

---@class uhost.ClassOptions
---@field fields? table<string, fun(self: table): any>  what is computed each time that `object.name` is read
---@field optional? string[]  plain fields that may be nil, and that may be set later
---@field describe? fun(self: table): any  what `tostring` adds after the name
---@field call? fun(self: table, ...): any  makes objects callable, for `for` loops

--- Makes a class, and gives the table to which its methods are added, and the function that makes a table an object of
--- it. The table's own fields stay as they are. A misspelt member raises an error with "did you mean", so does a new
--- field, and a method called without a colon says so. `getmetatable` gives the name.
--- ```lua
--- local Release, new_release = uhost.class("release.Release", { describe = function(self) return self.tag end })
--- function Release:is_candidate() return self.tag:find("-rc", 1, true) ~= nil end
--- print(new_release({ tag = "v2.0-rc1" }))    --> release.Release (v2.0-rc1)
--- ```
---@param name string  the primitive or module, a dot, a word: "git.Repository"
---@param options? uhost.ClassOptions
---@return table methods
---@return fun(object: table): table new
function uhost.class(name, options) end

--- Gives the function that makes a table a record: plain data with a name, as primitives give commits and issues. A
--- field whose name is nearly one of `fields` raises an error with "did you mean"; any other that is missing is nil, so
--- that optional fields and those that a script adds work as in any table. `getmetatable` gives the name.
--- ```lua
--- local release = uhost.record("release.Release", { "tag", "notes" })
--- local latest = release({ tag = "v2.0" })
--- print(latest.tag, latest.notes, pcall(function() return latest.tags end))
--- --> v2.0   nil   false   release.Release has no field 'tags'
--- ```
---@param name string  the primitive or module, a dot, a word: "git.Commit"
---@param fields string[]
---@return fun(fields_of_one: table): table
function uhost.record(name, fields) end

--- The value, if it is of the type; else raises the `argument` error that primitives raise. For the functions of one's
--- own modules.
---@generic T
---@param value T
---@param name string  of the parameter
---@param owner string  the function as its callers know it: "release.publish"
---@param type string  as `type` gives it, or the name of a class
---@return T
function uhost.check_argument(value, name, owner, type) end

--- The options, or an empty table for nil; raises an `argument` error with "did you mean" for a name that is not known.
---@param options table?
---@param owner string  the function as its callers know it
---@param known string[]
---@return table
function uhost.check_options(options, owner, known) end

--- What to say of a word that is not known: a hint ("did you mean 'labels'?", else what is known), and the word that
--- was probably meant, if there is one. Nil when nothing is known.
---@param word string
---@param known string[]
---@return string? hint
---@return string? meant
function uhost.suggest(word, known) end

---@class uhost.InspectOptions
---@field depth? integer  how many tables within tables are shown, default 4
---@field items? integer  how many entries of one table are shown, default 50
---@field width? integer  what fits is put on one line, default `term.width()`

--- Any value as text for people, near to how it is written in Lua: tables with what is in them, keys in order, methods
--- and functions of primitives by name, objects by class. What is too deep, too long or in a cycle is cut and
--- marked; of a string 200 bytes are shown, of everything together 2000 entries.
--- ```lua
--- print(uhost.inspect({ name = "v2", files = { "a", "b" } }))   --> { files = { "a", "b" }, name = "v2" }
--- ```
---@param value any
---@param options? uhost.InspectOptions
---@return string
function uhost.inspect(value, options) end
