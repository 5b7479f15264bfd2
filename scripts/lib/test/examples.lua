-- Runs the examples that rule files carry: each is a test of the file in the sandbox, over the layers below it.
local difference = require("lib.test.difference")
local plain_captures = require("uhost.kb.functions").plain_captures

local M = {}

---@class TestResult
---@field name string
---@field file string
---@field line? integer
---@field status "passed" | "failed" | "error" | "skipped"
---@field message? string
---@field time_s number
---@field broken? boolean  a rule file that cannot be used at all

-- The lines on which a file's examples begin, if they are all written out: as many "call =" as there are examples.
local function example_lines(source, count)
    local start = source:find("examples%s*=%s*{")
    if not start then return {} end
    local lines, line, position = {}, 1, 1
    for at in source:gmatch("()[{,;%s]call%s*=%s*[\"'%[]", start) do
        line = line + select(2, source:sub(position, at):gsub("\n", ""))
        position = at + 1
        lines[#lines + 1] = line
    end
    return #lines == count and lines or {}
end

local function place_of(raised)
    local details = raised.details or {}
    if not details.path then return nil end
    return details.line and ("%s:%d"):format(details.path, details.line) or details.path
end

-- What a structured error says, on lines of its own.
local function error_text(raised)
    if not uhost.is_error(raised) then return tostring(raised) end
    local lines = { raised.message }
    local place = place_of(raised)
    if place and not raised.message:find(place, 1, true) then lines[#lines + 1] = "in " .. place end
    if raised.hint then lines[#lines + 1] = "hint: " .. raised.hint end
    return table.concat(lines, "\n")
end

local function arguments_of(example)
    local with = example.with
    if with == nil then return {}, 0 end
    return with, with.n or table.maxn(with)
end

local function problem_with(example)
    if type(example.call) ~= "string" then return "'call' must name a function of the rule file" end
    if example.with ~= nil and type(example.with) ~= "table" then return "'with' must be a list of arguments" end
    return nil
end

local function run_example(handle, example, coverage)
    local problem = problem_with(example)
    if problem then return "failed", problem end
    local with, count = arguments_of(example)
    local ok, answer = pcall(function()
        if not coverage then return handle:call(example.call, unpack(with, 1, count)) end
        local traced = handle:trace(example.call, unpack(with, 1, count))
        coverage:add(traced.steps)
        return traced.value
    end)
    if not ok then
        if uhost.is_error(answer) and not answer.kind:find("^policy%.") then error(answer, 0) end
        return "failed", error_text(answer)
    end
    local differs = difference.describe(example.gives, answer)
    if differs then return "failed", differs end
    return "passed"
end

-- Knowledge bases -----------------------------------------------------------------------------------------------------

-- Each text is a log. An entry or a signal has to be found in it, or must not be; a reader has to make of it what it
-- says it gives.

-- The first hit of an item that its `when` does not refuse.
local function first_hit(base, item, example)
    local opened = log_text.open({ text = example, name = item.id })
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

local function kb_outcome(run, item, list, position, example)
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

---@class KbAccount  what --coverage shows of a knowledge base file
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
                local status, message = kb_outcome(run, item, list, position, example)
                fired = fired or list == "matches" and status == "passed"
                run.add({ name = name, status = status, message = message, line = run.lines[item.id],
                    time_s = time.monotonic() - begun })
            end
        end
    end
    run.account.entries = run.account.entries + 1
    if not fired then table.insert(run.account.idle, { id = item.id, line = run.lines[item.id] }) end
end

-- Logs of runs that went well, in the folder `green` of a knowledge base: no entry for errors may match in them.

local green_logs = {}

local function green_log(folder)
    if green_logs[folder] == nil then
        local texts, green = {}, fs.join(folder, "green")
        for _, name in ipairs(fs.exists(green) and fs.list(green) or {}) do
            if name:find("%.log$") then
                texts[#texts + 1] = fs.read(fs.join(green, name))
                -- Nothing that an entry looks for begins in one log and ends in the next.
                texts[#texts + 1] = ("\n"):rep(100)
            end
        end
        green_logs[folder] = table.concat(texts)
    end
    return green_logs[folder]
end

local function try_green(run)
    local text = green_log(run.rule.folder)
    if text == "" or #run.base.entries == 0 then return end
    local begun, hushes, wrong = time.monotonic(), require("lib.diagnose.line_kinds").hushes, nil
    local opened = log_text.open({ text = text, name = "green" })
    for _, hit in ipairs(run.base:scan(opened).entries) do
        if not wrong and (hit.entry.severity or "error") == "error" and not hushes(hit)
            and run.base:finding(hit, {}) then
            wrong = hit
        end
    end
    opened:close()
    local name = ("%s › logs of runs that went well"):format(run.rule.shown)
    if run.filter and not name:find(run.filter) then return end
    run.add({ name = name, status = wrong and "failed" or "passed", time_s = time.monotonic() - begun,
        line = wrong and run.lines[wrong.entry.id],
        message = wrong and ("%s matches in a log of a run that went well\n  %s"):format(wrong.entry.id,
            quoted(wrong.line)) or nil })
end

-- The knowledge bases that are in use, once a file needed them: read once for all files, they warn once.
local in_use

-- All readers where the file is one of those in use, else its own.
local function readers_for(run, kind)
    if not readings[kind] then return nil end
    for _, folder in ipairs({ "kb", fs.join(uhost.share, "kb") }) do
        if fs.absolute(folder) == run.rule.folder then
            in_use = in_use or kb.load()
            return in_use
        end
    end
    return run.base
end

-- Runs the examples of one knowledge base file, which is looked at by itself. Gives what coverage is to say of it.
local function run_kb_file(rule, handle, options)
    local base = kb.load({ paths = { rule.file } })
    local run = {
        rule = rule, handle = handle, filter = options.filter, add = options.add, trace = options.trace, base = base,
        functions = functions_of(handle), lines = lines_of_ids(policy.read(rule.file)),
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
    try_green(run)
    base:close()
    return run.account
end

-- Rule files ----------------------------------------------------------------------------------------------------------

local function load_rules(rule, options)
    local settings = { folder = rule.folder, kb = rule.kb, deadline_s = options.timeout_s }
    local ok, handle = pcall(policy.load, rule.name, settings)
    if ok then return handle end
    if not uhost.is_error(handle) or handle.exit_code ~= 2 then error(handle, 0) end
    return nil, handle
end

-- The rule file among those that a handle was loaded from. Where uhost's own folder is looked at by another way, the
-- handle calls it by uhost's.
local function layer_of(handle, rule)
    local files = handle:files()
    for _, file in ipairs(files) do
        if file == rule.file then return file end
    end
    return files[1]
end

-- Of the layers' examples, the file's own.
local function own_examples(handle, rule)
    local own, layer = {}, layer_of(handle, rule)
    for _, example in ipairs(handle:examples()) do
        if example.file == layer then own[#own + 1] = example end
    end
    return own
end

-- The examples of a policy's entries, where its workflow has a module that runs them: its `of(folder)` gives them.
local function run_entry_examples(rule, options, add)
    local schema = require("lib.check.schema").of(rule)
    if not schema or not schema.examples then return end
    for _, example in ipairs(require(schema.examples).of(rule.folder)) do
        local name = ("%s › %s"):format(rule.shown, example.name)
        if not options.filter or name:find(options.filter) then
            local begun = time.monotonic()
            local failure = example.failure()
            add({ name = name, status = failure and "failed" or "passed", message = failure,
                time_s = time.monotonic() - begun })
        end
    end
end

local function run_file(rule, options, results)
    local function add(result)
        result.file = rule.file
        results[#results + 1] = result
        options.on_test(result)
    end
    local started = time.monotonic()
    local handle, failure = load_rules(rule, options)
    if not handle then
        local details = failure.details or {}
        return add({
            name = rule.shown .. " › loads", status = "error", broken = true, message = error_text(failure),
            line = details.line, time_s = time.monotonic() - started,
        })
    end
    options.touched(rule.file, handle:files())
    local examples = own_examples(handle, rule)
    local coverage = options.coverage and options.coverage:open(rule, handle, layer_of(handle, rule))
    if rule.kb then
        local account = run_kb_file(rule, handle, { filter = options.filter, trace = coverage, add = add })
        if coverage then options.coverage:add_kb(account) end
    end
    local lines = example_lines(policy.read(rule.file), #examples)
    for index, example in ipairs(examples) do
        local called = type(example.call) == "string" and example.call or "?"
        local name = ("%s › %s › example %d"):format(rule.shown, called, example.position)
        if not options.filter or name:find(options.filter) then
            local begun = time.monotonic()
            local status, message = run_example(handle, example, coverage)
            add({ name = name, status = status, message = message, line = lines[index],
                time_s = time.monotonic() - begun })
        end
    end
    run_entry_examples(rule, options, add)
    handle:close()
end

---Runs the examples of rule files.
---@param rules RuleFile[]
---@param options { filter?: string, timeout_s?: number, coverage?: table, on_test: fun(result: TestResult),
---  touched: fun(file: string, files: string[]) }
---@return TestResult[]
function M.run(rules, options)
    local results = {}
    for _, rule in ipairs(rules) do run_file(rule, options, results) end
    return results
end

return M
