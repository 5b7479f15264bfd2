-- Runs the examples of knowledge base files: each text is a log. An entry or a signal has to be found in it, or must
-- not be; a reader has to make of it what it says it gives.
local difference = require("lib.test.difference")
local plain_captures = require("uhost.kb.functions").plain_captures

local M = {}

local function lines_of(text)
    local lines = {}
    for line in (text:gsub("\n$", "") .. "\n"):gmatch("[^\n]*\n") do lines[#lines + 1] = line end
    local position = 0
    return function()
        position = position + 1
        return lines[position]
    end
end

-- The first hit of an item that its `when` does not refuse.
local function first_hit(base, item, example)
    local opened = kb.open({ stream = lines_of(example), name = item.id })
    return task.finally(function()
        for _, hit in ipairs(base:scan(opened)[item.kind == "signals" and "signals" or "entries"]) do
            if hit.entry == item and (item.kind == "signals" or base:finding(hit, {})) then return hit end
        end
    end, function() opened:close() end)
end

local function quoted(example)
    local line = example:match("[^\n]*")
    return term.visible(#line > 200 and line:sub(1, 200) .. "…" or line)
end

-- The functions of a file's entries, by the entries' ids.
local function functions_of(handle)
    local found, data = {}, handle:data()
    for path in pairs(handle:functions()) do
        local position = tonumber(path:match("^entries%.(%d+)%."))
        local id = position and data.entries[position].id
        if id then
            found[id] = found[id] or {}
            table.insert(found[id], path)
        end
    end
    return found
end

-- Runs an entry's functions once more, for the account of the lines that ran.
local function trace(run, item, hit)
    if not run.trace then return end
    local captures = plain_captures(hit.captures or {}, run.base:groups_of(item))
    for _, path in ipairs(run.functions[item.id] or {}) do
        run.trace:add(run.handle:trace(path, captures, {}).steps)
    end
end

-- What readers make of texts, by their kind, and what they make of a text to be rejected.
local readings = {
    test_readers = function(base, text, expected)
        return require("lib.log_readers.examples").tests(base, text, expected or {})
    end,
    diagnostic_readers = function(base, text) return require("lib.log_readers.examples").diagnostics(base, text) end,
}
local nothing = { diagnostic_readers = {} }

-- Readers give way to each other, so that the shipped ones are tried together.
local function reading(run, item, list, position, example)
    if list == "matches" and (item.gives == nil or item.gives[position] == nil) then
        return "failed", ("%s does not say what it gives for the example: gives = { … }, one for each"):format(item.id)
    end
    local expected = nothing[item.kind]
    if list == "matches" then expected = item.gives[position] end
    local differs = difference.describe(expected, readings[item.kind](run.readers, example, expected))
    if differs then return "failed", differs end
    return "passed"
end

local function outcome(run, item, list, position, example)
    if readings[item.kind] then return reading(run, item, list, position, example) end
    local hit = first_hit(run.base, item, example)
    if list == "matches" and not hit then
        return "failed", ("%s does not match the example\n  %s"):format(item.id, quoted(example))
    end
    if list == "rejects" and hit then
        return "failed", ("%s matches line %d of the example, which it should reject\n  %s"):format(
            item.id, hit.line_number, term.visible(hit.line))
    end
    if hit then trace(run, item, hit) end
    return "passed"
end

-- The lines on which ids stand in the source.
local function lines_of_ids(source)
    local found, line, position = {}, 1, 1
    for at, id in source:gmatch("()%f[%w_]id%s*=%s*[\"']([^\"'\n]+)[\"']") do
        line = line + select(2, source:sub(position, at - 1):gsub("\n", ""))
        position = at
        found[id] = found[id] or line
    end
    return found
end

---@class KbAccount  what --coverage tells of a knowledge base file
---@field shown string
---@field entries integer
---@field idle { id: string, line?: integer }[]  entries that no example fires

local function run_item(run, item)
    local fired = false
    for _, list in ipairs({ "matches", "rejects" }) do
        for position, example in ipairs(item.examples[list] or {}) do
            local name = ("%s › %s › %s %d"):format(run.rule.shown, item.id, list, position)
            if not run.filter or name:find(run.filter) then
                local begun = time.monotonic()
                local status, message = outcome(run, item, list, position, example)
                fired = fired or list == "matches" and status == "passed"
                run.add({ name = name, status = status, message = message, line = run.lines[item.id],
                    time_s = time.monotonic() - begun })
            end
        end
    end
    run.account.entries = run.account.entries + 1
    if not fired then table.insert(run.account.idle, { id = item.id, line = run.lines[item.id] }) end
end

-- All readers where the file is one of those in use, else its own.
local function readers_for(run, kind)
    if not readings[kind] then return nil end
    for _, folder in ipairs({ "kb", fs.join(uhost.share, "kb") }) do
        if fs.absolute(folder) == run.rule.folder then return kb.load() end
    end
    return run.base
end

--- Runs the examples of one file, which is looked at by itself.
---@param rule RuleFile
---@param handle policy.Policy  the file, with the layers below it
---@param options { filter?: string, trace?: table, add: fun(result: TestResult) }  trace: gets the lines that ran
---@return KbAccount
function M.run(rule, handle, options)
    local base = kb.load({ paths = { rule.file } })
    local run = {
        rule = rule, handle = handle, filter = options.filter, add = options.add, trace = options.trace, base = base,
        functions = functions_of(handle), lines = lines_of_ids(fs.read(rule.file) or ""),
        account = { shown = rule.shown, entries = 0, idle = {} },
    }
    for _, problem in ipairs(base.problems) do
        run.add({ name = ("%s › %s"):format(rule.shown, problem.id or problem.path), status = "failed",
            message = ("%s %s"):format(problem.path, problem.message), line = run.lines[problem.id], time_s = 0 })
    end
    for _, kind in ipairs({ "entries", "test_readers", "diagnostic_readers", "signals" }) do
        if #base[kind] > 0 then run.readers = run.readers or readers_for(run, kind) end
        for _, item in ipairs(base[kind]) do run_item(run, item) end
    end
    base:close()
    if run.readers and run.readers ~= base then run.readers:close() end
    return run.account
end

return M
