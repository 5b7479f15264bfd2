---@meta uhost.task
--- Tasks: Lua functions that run side by side on the host's loop. A primitive that waits pauses its task and lets the
--- others run, so scripts read from top to bottom.
---
--- Structured: a task ends after its children; one that fails cancels its siblings and fails its parent at the parent's
--- next wait. Cancelling raises `cancelled` in whatever a task and its descendants are waiting in, and in every wait
--- after that, so a `pcall` cannot lose it.
---@class uhost.task
task = {}

--- A running or ended task.
---@class task.Task
local Task = {}

--- Waits for the task and gives its results, or raises its error. May be called more than once.
---@return any ...
function Task:await() end

--- Waits until the task has ended, for at most `timeout_s` seconds; its outcome is left for `await`.
---@param timeout_s? number
---@return boolean ended
function Task:join(timeout_s) end

--- Waits until the task's function has returned, and gives its results or raises its error. Unlike `await` it does not
--- wait for what the task has spawned.
---@return any ...
function Task:returned() end

--- Cancels the task and its descendants. Returns at once; `join` waits for their cleaning up.
---@param reason? string  the message of the `cancelled` error raised in it
function Task:cancel(reason) end

--- "running", "done", "failed" or "cancelled".
---@return string
function Task:state() end

--- Lets the task go; its results can no longer be asked for.
function Task:close() end

--- Starts `body(...)` as a child of the calling task.
--- ```lua
--- local ours = task.spawn(git.open, ".")
--- print(ours:await())
--- ```
---@param body function
---@param ... any  its arguments
---@return task.Task
function task.spawn(body, ...) end

--- Starts `body(...)` as a child that takes Ctrl-C for itself: it is cancelled with an `interrupted` error, and the
--- script runs on. With several, the newest is. A second Ctrl-C within a second ends the script. Its failure is raised
--- by `await` and cancels nothing else.
--- ```lua
--- local search = task.interruptible(function() task.sleep(0.01) return "done" end)
--- print(search:await())
--- ```
---@param body function
---@param ... any
---@return task.Task
function task.interruptible(body, ...) end

--- Runs `body(...)` to its end, with all that it spawns, and gives its results. Its failure is raised here and cancels
--- nothing outside. When the calling task is cancelled, so is `body`, and its cleaning up comes first.
---@param body function
---@param ... any
---@return any ...
function task.scope(body, ...) end

--- Runs all functions at once and gives their first results in order. The first failure cancels the others.
---@param bodies function[]
---@return any[] results
function task.all(bodies) end

--- Gives `transform(item, index)` for every item, in order, running some at once (8 by default).
---@param list any[]
---@param transform fun(item: any, index: integer): any
---@param options? { concurrency?: integer }
---@return any[] results
function task.map(list, transform, options) end

--- Runs `body(...)`; when it takes longer, cancels it, waits for its cleaning up and raises `timeout`.
---@param seconds number
---@param body function
---@param ... any
---@return any ...
function task.timeout(seconds, body, ...) end

--- Pauses the task for that many seconds; 0 lets others run once.
---@param seconds number
function task.sleep(seconds) end

--- Runs `body(...)` to its end even if the task is cancelled meanwhile: for cleaning up that waits.
---@param body function
---@param ... any
---@return any ...
function task.shield(body, ...) end

--- Runs `body`, then `cleanup` (shielded) whether it returned, failed or was cancelled.
---@param body function
---@param cleanup function
---@return any ...
function task.finally(body, cleanup) end

--- Whether the calling task has been cancelled: for long computations that never wait.
---@return boolean
function task.cancelled() end

--- A number of permits that tasks share; with one it is a lock. Waiters are served in order.
---@class task.Limit
local Limit = {}

--- Runs `body(...)` holding a permit, and gives the permit back however it ends.
---@param body function
---@param ... any
---@return any ...
function Limit:with(body, ...) end

--- A limit of so many permits (1 to 1,000,000).
---@param permits integer
---@return task.Limit
function task.limit(permits) end
