-- Runs the examples that rule files carry: each is a test of the file in the sandbox, over the layers below it.
local difference = require("lib.test.difference")
local kb_examples = require("lib.test.kb_examples")

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
    if not details.file then return nil end
    return details.line and ("%s:%d"):format(details.file, details.line) or details.file
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
        local account = kb_examples.run(rule, handle, { filter = options.filter, trace = coverage, add = add })
        if coverage then options.coverage:add_kb(account) end
    end
    local lines = example_lines(fs.read(rule.file) or "", #examples)
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
