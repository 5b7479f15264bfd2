-- Policies in folders of their own, for specs.
local M = {}

-- Runs `body(folder)` with a folder that has the policy `rules`.
function M.with(source, body)
    local folder = fs.temp_dir()
    return task.finally(function()
        fs.write(fs.join(folder:path(), "rules.lua"), source)
        return body(folder:path())
    end, function() folder:close() end)
end

-- A handle of a policy whose file is gone again.
function M.load(source)
    return M.with(source, function(folder) return policy.load("rules", { folder = folder }) end)
end

-- The error that a call raises.
function M.failure(body, ...)
    local ok, raised = pcall(body, ...)
    assert(not ok, "it did not fail")
    assert(uhost.is_error(raised), tostring(raised))
    return raised
end

return M
