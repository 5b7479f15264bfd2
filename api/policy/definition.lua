---@meta uhost.policy

--- Decisions kept in files of their own, which maintainers edit: which issues a test stands for, who is told, what an
--- error means.
---
--- A policy is a Lua file that returns a table of pure functions and plain data. It is looked for in `./policies`,
--- the user's own, and then among those shipped with uhost: a file of the same name replaces the shipped one whole.
---
--- A policy is lent `assert error ipairs next pairs select tonumber tostring type unpack`, and what is pure of
--- `string`, `table`, `math` and `bit`. It finds no files, no network, no clock, no `require`, no primitive. Only plain
--- data (strings, finite numbers, booleans, lists, tables with string keys) passes in and out, always as copies: at
--- most 100 levels deep, at most 1,000,000 values at a time.
---@class uhost.policy
policy = {}

--- Loads the policy NAME.lua and runs it once.
---
--- Raises `argument` for a malformed name, `policy.not_found`, `policy.syntax`, `policy.failed` when the file raises,
--- and `policy.result` when it returns no table. The errors' details have `policy`, `file`, `function` and `line` where
--- these are known.
---
--- ```lua
--- local crash_tests = policy.load("crash_tests")
--- print(crash_tests:call("issues_of", "tests/crashes/12345.rs", "fn main() {}")[1])  --> 12345
--- ```
---@param name string  lower-case letters, digits and `_`, with `/` between folders; without `.lua`
---@param options? { folder?: string }  folder: where the user's own policies are, default `policies`
---@return policy.Policy
function policy.load(name, options) end

---@class policy.Explanation
---@field policy string  its name
---@field file string
---@field users_own boolean  found in the user's own folder
---@field function string
---@field line integer  where the function begins
---@field value any  what `call` returns
---@field why? string

---@class policy.Policy
local Policy = {}

--- Calls one of the policy's functions and returns its first result.
---
--- Raises `policy.no_function`, `policy.failed` with file and line when it raises, and `policy.value` when an argument
--- or the result is not plain data.
---@param name string  the function's
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

--- A copy of everything in the policy that is not a function. Raises `policy.value` when it is not plain data.
---@return table
function Policy:data() end

--- Calls a function and says where the answer comes from. A policy's function may return a sentence beside its result:
--- that is `why`. Raises as `call` does.
---
--- ```lua
--- print(crash_tests:explain("issues_of", "tests/crashes/12345.rs", "").why)  --> 1 in the name, 0 in known-bug headers
--- ```
---@param name string
---@param ... any  plain data
---@return policy.Explanation
function Policy:explain(name, ...) end
