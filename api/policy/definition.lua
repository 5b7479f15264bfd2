---@meta uhost.policy

--- Decisions kept in files of their own, which maintainers edit: which issues a test stands for, who is notified,
--- what an error means.
---
--- A policy is a Lua file that returns a table of pure functions and plain data. There is one among those shipped with
--- uhost, one in the user's own `policies/` (see `policy.folder`), or both: then the user's goes over the shipped one
--- key by key, and lists of entries that all have an `id` go over each other entry by entry; `disable = { "id" }` in
--- the user's takes shipped entries out. Files that are edited count from the next call on; a broken edit is reported,
--- and the version before stays in use.
---
--- A policy runs in a worker process of its own that has nothing in its hands: no files, no network, no environment,
--- no clock, few system calls, 128 MiB of memory, and nobody's rights. It may use `assert error pcall xpcall ipairs
--- pairs next select unpack type tonumber tostring rawequal rawget rawset setmetatable getmetatable coroutine string
--- table math bit`, less what reaches out of it or never gives the same twice (`string.dump`, `math.random`), and
--- `require` for other policy files. Names that are not defined, and assignments to globals, are errors.
---
--- Only plain data (nil, booleans, finite numbers, strings of any bytes, lists, tables with string keys) passes in and
--- out, always as copies: at most 100 levels deep, 1,000,000 values and 64 MiB at a time. A call that takes too long is
--- ended, with the process if need be; the policy is then loaded again for the next call.
---@class uhost.policy
policy = {}

---@class policy.Options
---@field folder? string  where the user's own are, default what `policy.folder` finds
---@field shipped? string  where those below them are, default uhost's own
---@field kb? boolean  knowledge bases in place of policies
---@field deadline_s? number  how long a call, or each item of a list, may take; default 1. On a busy machine the
---    processor's time counts, and ten times as long at most
---@field schema? { fields: table<string, policy.Field>, open?: boolean }  what its data must look like

--- What a key of a policy, an entry's key or a list's item must be.
---@class policy.Field
---@field type "string"|"regex"|"number"|"integer"|"boolean"|"function"|"list"|"table"|"any"  regex: a string that
---    `uhost check` holds to be a pattern of `re`
---@field required? boolean
---@field default? any  what it is when it is not there
---@field enum? any[]  the values it may have
---@field of? policy.Field  a list's items, or the values of a table with free keys
---@field fields? table<string, policy.Field>  a table with known keys
---@field open? boolean  with `fields`: other keys are allowed too

--- Loads the policy NAME.lua and runs it once. With a schema, its data is checked and gets its defaults.
---
--- Raises `argument` for a malformed name, `policy.not_found`, `policy.syntax`, `policy.failed` when the file raises,
--- `policy.result` when it returns no table, `policy.value` when its data is not plain, `policy.schema` when it does
--- not fit, `policy.timeout`, `policy.memory`, `policy.died` when its process ended, and `policy.worker` when none can
--- be started. The errors' details have `policy`, `path` (the file), `function`, `line`, `item` (of a list) and
--- `field` (the place in the data, "rules[3].when") where these are known, `reason` (the message without them), and
--- `excerpt`, the line with a caret under what is wrong.
---
--- The user's own files are read beneath their folder only: `file.outside` for a symbolic link that leads out of it,
--- `file.not_regular` for a named pipe or a device, `file.owner` for one of another user.
---
--- ```lua
--- local crash_tests = policy.load("crash_tests")
--- print(crash_tests:call("issues_of", "tests/crashes/12345.rs", "fn main() {}")[1])  --> 12345
--- ```
---@param name string  lower-case letters, digits and `_`, with `/` between folders; without `.lua`
---@param options? policy.Options
---@return policy.Policy
function policy.load(name, options) end

--- All rule files in the user's folder and below it, in the order of their names. Takes `folder`, `shipped` and `kb` as
--- `policy.load` does.
---@param options? { folder?: string, shipped?: string, kb?: boolean }
---@return { name: string, file: string, is_user: boolean, kb: boolean }[]
function policy.paths(options) end

--- The text of a rule file, read as `policy.load` reads it: no symbolic link leads out of its folder, and neither a
--- named pipe nor a long file keeps anybody waiting. Raises `file.read` (also when there is none), `file.outside`,
--- `file.not_regular`, `file.owner`, and `file.too_large` above 1 MiB.
---
--- ```lua
--- local text = policy.read("policies/crash_tests.lua")
--- ```
---@param path string
---@return string
function policy.read(path) end

--- The user's own folder of rule files: the nearest `policies/`, or `kb/`, in the current folder or above it, up to the
--- repository's root; outside of a repository, in the current folder only. nil when there is none, and, with a warning,
--- when it leads out of the repository, or belongs to another user and git's `safe.directory` does not list the
--- repository. Under `-v` the first use of a folder is logged.
---
--- ```lua
--- print(policy.folder())  --> ../policies, from a folder of the repository
--- ```
---@param options? { kb?: boolean }
---@return string? path  relative to the current folder
function policy.folder(options) end

--- What keeps policies in on this machine, by layer.
---@class policy.Sandbox
---@field descriptors boolean  nothing is open but the socket to the host
---@field limits boolean  of address space, processor time, files and processes
---@field user boolean  it is not root, and has no capabilities
---@field privileges boolean  it gets no new ones, and nobody looks into it
---@field files boolean  Landlock: it opens no file, and connects to nothing
---@field system_calls boolean  seccomp: only some, with some arguments

--- Which layers keep policies in on this machine. Starts a worker to ask it. A layer that the kernel refuses is warned
--- of when a policy is loaded; `uhost --require-sandbox` then runs none.
---
--- ```lua
--- print(policy.sandbox().system_calls)  --> true where the kernel has seccomp filters
--- ```
---@return policy.Sandbox
function policy.sandbox() end

---@class policy.Explanation
---@field policy string  its name
---@field file string
---@field is_user boolean  found in the user's own folder
---@field function string
---@field line integer  where the function begins
---@field value any  what `call` returns
---@field why? string

---@class policy.Policy
local Policy = {}

--- Calls one of the policy's functions and returns its first result.
---
--- Raises `policy.no_function`, `policy.failed` with file and line when it raises, `policy.value` when an argument or
--- the result is not plain data, `policy.timeout`, `policy.memory` and `policy.died`.
---@param name string  the function's; of one inside tables its path, such as "rules.3.when"
---@param ... any  plain data
---@return any result  plain data
function Policy:call(name, ...) end

--- Calls a function once for every list of arguments, which is cheaper than as many calls. Raises as `call` does, at
--- the first that fails.
---
--- ```lua
--- local issues = crash_tests:map("issues_of", { { "a/1.rs", "" }, { "a/2.rs", "" } })  --> { { 1 }, { 2 } }
--- ```
---@param name string
---@param argument_lists any[][]  a list may say its length in `n`, to have nil among its arguments
---@return any[] results  one for each list
function Policy:map(name, argument_lists) end

--- Another number each time that its files were read anew, after one of them was edited: as long as it is the same, so
--- is what `data` and `functions` give.
---@return integer
function Policy:version() end

--- A copy of everything in the policy that is not a function.
---@return table
function Policy:data() end

--- Calls a function and says where the answer comes from. A policy's function may return a sentence beside its result:
--- that is `why`. Raises as `call` does. Without a name: which file supplied which key ("issues_of"), and which entry
--- ("rules#id").
---
--- ```lua
--- print(crash_tests:explain("issues_of", "tests/crashes/12345.rs", "").why)  --> 1 in the name, 0 in known-bug headers
--- ```
---@param name? string
---@param ... any  plain data
---@return policy.Explanation|{ key: string, file: string, is_user: boolean, line?: integer }[]
function Policy:explain(name, ...) end

---@class policy.Step
---@field file string
---@field line integer
---@field count integer  how often it ran

--- Calls a function and notes the lines of rule files that ran, in the order in which each ran first; 10,000 at most.
--- Raises as `call` does.
---@param name string
---@param ... any  plain data
---@return { value: any, why?: string, line: integer, time_s: number, steps: policy.Step[] }
function Policy:trace(name, ...) end

--- The functions by their paths, with the lines where they begin.
---@return table<string, integer>
function Policy:functions() end

--- The files it was loaded from, the shipped one first, then those that they require.
---@return string[]
function Policy:files() end

--- Its examples: what a call with certain arguments gives. They are its tests.
---@return { call: string, with: any[], gives: any, file: string, position: integer }[]
function Policy:examples() end

--- Ends its process. Calls after that raise `closed`.
function Policy:close() end
