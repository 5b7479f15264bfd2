-- Runs jobs as they become due, so many at once. Where they come from, and what it means to run one, its user says.
local M = {}

---@class lib.PoolOptions
---@field concurrency integer
---@field take fun(): any  the next job that is to run now, which it notes; nil when there is none
---@field run fun(job: any)  in a task of its own
---@field next_due fun(): number?  when there will be a job (Unix seconds), as far as that is known
---@field is_done? fun(): boolean  whether there will be none any more; default: `stop` says so

---@class lib.Pool
---@field running integer
---@field wake fun()  says that there may be something to do
---@field serve fun()  runs jobs until `stop()`, and returns when those that run have ended
---@field stop fun()

local max_wait_s, min_wait_s = 60, 0.05

---@param options lib.PoolOptions
---@return lib.Pool
function M.new(options)
    local pool = { running = 0 }
    local is_stopping, bell = false, require("lib.bell").new()
    function pool.wake() bell.ring() end
    function pool.stop()
        is_stopping = true
        bell.ring()
    end
    local function start(job)
        pool.running = pool.running + 1
        task.spawn(function()
            task.finally(function() options.run(job) end, function()
                pool.running = pool.running - 1
                bell.ring()
            end)
        end)
    end
    local function wait_s()
        local due = options.next_due()
        return due and math.max(min_wait_s, math.min(max_wait_s, due - time.now())) or max_wait_s
    end
    local function is_over() return is_stopping or options.is_done and options.is_done() end
    function pool.serve()
        task.scope(function()
            while not is_over() do
                local job = pool.running < options.concurrency and options.take() or nil
                if job then start(job) else bell.wait(wait_s()) end
            end
        end)
    end
    return pool
end

return M
