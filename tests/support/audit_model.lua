-- The model that the audit's reports are made from, on evidence written by hand.
local classify = require("lib.monthly_audit.classify")

local M = {}

M.open = { kind = "issue", state = "open", title = "it crashes", url = "https://github.com/o/n/issues/1" }
M.closed = { kind = "issue", state = "closed", title = "it crashed", url = "https://github.com/o/n/issues/1" }

-- A deletion of `path` that stood for the issues `keys`.
function M.deletion(path, keys, options)
    local record = { path = path, commit = ("a"):rep(40), date = "2026-01-31T10:00:00Z", present = false }
    record.issues = type(keys) == "table" and keys or { keys }
    for name, value in pairs(options or {}) do record[name] = value end
    return record
end

-- `tip`: path -> issues. `states`: issue -> answer. `options` is laid over the model.
function M.of(deletions, tip, states, options)
    local evidence = { path = "t", deletions = deletions, tip = tip, states = states }
    local verdicts = classify.verdicts(evidence)
    local stats = classify.statistics(evidence, verdicts)
    stats.api_requests, stats.time_s = 1, 0.5
    local model = {
        home = "o/n", site = "https://github.com", path = "t", tip = ("b"):rep(40), verdicts = verdicts, stats = stats,
    }
    for name, value in pairs(options or {}) do model[name] = value end
    return model
end

-- `count` issues that are out of sync, each with `files` deleted files.
function M.many(count, files, options)
    local deletions, states = {}, {}
    for i = 1, count do
        for j = 1, files do deletions[#deletions + 1] = M.deletion(("t/%d-%d.rs"):format(i, j), i) end
        states[i] = M.open
    end
    return M.of(deletions, {}, states, options)
end

-- Runs `body` with environment variables as a script sees them: a name to a value, or to false for none.
function M.with_environment(values, body)
    local getenv = os.getenv
    os.getenv = function(name) -- luacheck: ignore 122
        if values[name] ~= nil then return values[name] or nil end
        return getenv(name)
    end
    return task.finally(body, function() os.getenv = getenv end) -- luacheck: ignore 122
end

return M
