-- Runs busted specs inside the host, so that a spec may use and wait in every primitive.
local M = {}

---@class SpecFailure
---@field name string  the spec's full name
---@field message string
---@field place string  "file:line" of the spec

---@class SpecTotals
---@field passed integer
---@field failed integer
---@field skipped integer
---@field failures SpecFailure[]
---@field skips SpecFailure[]

local function full_name(busted, element)
    local names = {}
    while element and element.descriptor ~= "file" and element.descriptor ~= "suite" do
        if element.name then table.insert(names, 1, element.name) end
        element = busted.context.parent(element)
    end
    return table.concat(names, " › ")
end

local function describe(busted, element, message)
    local trace = element.trace or {}
    return {
        name = full_name(busted, element),
        message = tostring(message or "no message"),
        place = ("%s:%d"):format(trace.short_src or element.name or "?", trace.currentline or 0),
    }
end

local function count_results(busted, totals, on_spec)
    busted.subscribe({ "test", "end" }, function(element, _, status)
        if status == "success" then
            totals.passed = totals.passed + 1
        elseif status == "pending" then
            totals.skipped = totals.skipped + 1
        end
        on_spec(status, full_name(busted, element))
        return nil, true
    end)
    busted.subscribe({ "pending" }, function(element, _, message)
        table.insert(totals.skips, describe(busted, element, message))
        return nil, true
    end)
    for _, status in ipairs({ "failure", "error" }) do
        busted.subscribe({ status }, function(element, _, message)
            totals.failed = totals.failed + 1
            table.insert(totals.failures, describe(busted, element, message))
            return nil, true
        end)
    end
end

local function load_filter(busted, pattern)
    if not pattern then return end
    busted.subscribe({ "register", "it" }, function(name)
        local keep = full_name(busted, busted.context.get()):find(pattern) or tostring(name):find(pattern)
        return nil, keep ~= nil
    end, { priority = 1 })
end

---Runs every `*_spec.lua` under the given files and folders.
---@param paths string[]
---@param options { filter?: string, on_spec: fun(status: string, name: string) }  filter: a Lua pattern on full names
---@return SpecTotals
function M.run(paths, options)
    local busted = require("busted.core")()
    require("busted")(busted)
    local totals = { passed = 0, failed = 0, skipped = 0, failures = {}, skips = {} }
    count_results(busted, totals, options.on_spec)
    load_filter(busted, options.filter)
    -- busted closes over the FFI's metatables in the first file otherwise, and the second sees stale ones.
    require("busted.luajit")()
    local load_files = require("busted.modules.test_file_loader")(busted, { "lua" })
    load_files(paths, { "_spec%.lua$" }, { excludes = {}, recursive = true })
    require("busted.execute")(busted)(1, { sort = true })
    return totals
end

return M
