-- The dashboard in memory, made anew when the stores have changed.
local M = {}

local min_age_s, look_every_s = 10, 5

---@class serve.Site
---@field files fun(): table<string, string>  by name
---@field version fun(): integer  changes with the files
---@field wait fun()  until it is time to look at the version again

--- `make()` gives the files; `mark()` a text that changes with what they show.
---@param make fun(): table<string, string>
---@param mark fun(): string
---@return serve.Site
function M.new(make, mark)
    local made = { version = 0, files = {} }
    local lock = task.limit(1)
    local function refresh()
        if made.at and time.monotonic() - made.at < min_age_s then return end
        local now_marked = mark()
        if now_marked ~= made.mark then
            made.files, made.mark, made.version = make(), now_marked, made.version + 1
        end
        made.at = time.monotonic()
    end
    local site = {}
    function site.files()
        lock:with(refresh)
        return made.files
    end
    function site.version()
        lock:with(refresh)
        return made.version
    end
    function site.wait() task.sleep(look_every_s) end
    return site
end

return M
