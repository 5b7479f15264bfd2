-- Lets a task wait until another one says that there is something to do, or for some time.
local M = {}

---@class lib.Bell
---@field ring fun()  wakes who waits; who does not wait now does not wait the next time
---@field wait fun(seconds: number)

---@return lib.Bell
function M.new()
    local has_rung, sleep = false, nil
    local bell = {}
    function bell.ring()
        has_rung = true
        if sleep then sleep:cancel() end
    end
    function bell.wait(seconds)
        if not has_rung then
            sleep = task.spawn(task.sleep, seconds)
            sleep:join()
            sleep = nil
        end
        has_rung = false
    end
    return bell
end

return M
