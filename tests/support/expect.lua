-- What specs of several files ask again and again.
local M = {}

--- The structured error that a call raises.
function M.error_of(body, ...)
    local ok, raised = pcall(body, ...)
    assert(not ok, "it did not fail")
    assert(uhost.is_error(raised), tostring(raised))
    return raised
end

--- Waits until a condition holds, and gives what it gave. Fails after a minute, which no machine needs.
---@param condition fun(): any
function M.eventually(condition)
    return task.timeout(60, function()
        local value = condition()
        while not value do
            task.sleep(0.01)
            value = condition()
        end
        return value
    end)
end

--- All that an iterator gives, or one field of it.
function M.collect(iterator, field)
    local list = {}
    for record in iterator do table.insert(list, field and record[field] or record) end
    return list
end

--- Records by one of their fields.
function M.by(list, field)
    local map = {}
    for _, record in ipairs(list) do map[record[field]] = record end
    return map
end

--- Runs `body(path)` with a new folder that holds these files, by their paths in it.
---@param sources table<string, string>
---@param body fun(path: string): any
function M.in_folder(sources, body)
    local folder = fs.temp_dir()
    return task.finally(function()
        for path, source in pairs(sources) do
            local full = fs.join(folder:path(), path)
            fs.mkdir(fs.dirname(full))
            fs.write(full, source)
        end
        return body(folder:path())
    end, function() folder:close() end)
end

return M
