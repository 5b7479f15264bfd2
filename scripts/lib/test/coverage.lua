-- Which functions and lines of rule files no example runs.
--
-- What can run is read from the bytecode that LuaJIT makes of a file (jit.util), which is compiled here and not run.
-- It is cautious: of code outside of functions, and of lines that hold nothing but brackets, `end` or `else`,
-- nothing is said.
local introspection = require("jit.util")

local M = {}

local idle_words = { ["end"] = true, ["else"] = true, ["then"] = true, ["do"] = true, ["repeat"] = true }

local function does_something(line)
    local code = (line or ""):gsub("%-%-.*$", "")
    for word in code:gmatch("[%w_\"']+") do
        if not idle_words[word] then return true end
    end
    return code:find("%.%.%.") ~= nil
end

local function nested(prototype)
    local index = 0
    return function()
        while true do
            index = index - 1
            local constant = introspection.funck(prototype, index)
            if constant == nil then return nil end
            if type(constant) == "proto" then return constant end
        end
    end
end

local function add_functions(prototype, source_lines, found)
    for inner in nested(prototype) do
        local info = introspection.funcinfo(inner)
        local lines = {}
        for position = 1, info.bytecodes - 1 do
            local line = introspection.funcinfo(inner, position).currentline
            if does_something(source_lines[line]) then lines[line] = true end
        end
        found[#found + 1] = { line = info.linedefined, lines = lines }
        add_functions(inner, source_lines, found)
    end
end

---The functions written in a Lua file, in the order of their lines, with the lines that can run in each.
---@param source string
---@return { line: integer, lines: table<integer, true> }[]
function M.functions_in(source)
    local chunk = loadstring(source, "=rules")
    if not chunk then return {} end
    local source_lines, found = {}, {}
    for line in (source .. "\n"):gmatch("(.-)\n") do source_lines[#source_lines + 1] = line end
    add_functions(chunk, source_lines, found)
    table.sort(found, function(a, b) return a.line < b.line end)
    return found
end

local Coverage = {}
Coverage.__index = Coverage

---@return table
function M.new() return setmetatable({ files = {}, ran = {}, kb = {} }, Coverage) end

---Takes note of what the examples of a knowledge base file did.
---@param account KbAccount
function Coverage:add_kb(account) table.insert(self.kb, account) end

-- "rules.3.when", with the id of the entry that it is in.
local function title(path, data)
    local at = data
    for key in path:gmatch("[^.]+") do
        at = type(at) == "table" and (at[key] or at[tonumber(key)]) or nil
        if type(at) == "table" and type(at.id) == "string" then return ("%s (%s)"):format(path, at.id) end
    end
    return path
end

---Begins the account of a rule file, which steps call `layer`; gives what notes the lines that ran.
function Coverage:open(rule, handle, layer)
    local names, data = {}, handle:data()
    for path, line in pairs(handle:functions()) do
        local name = title(path, data)
        names[line] = names[line] or {}
        table.insert(names[line], name)
    end
    for line, list in pairs(names) do
        table.sort(list)
        names[line] = table.concat(list, " or ")
    end
    local account = {
        rule = rule, layer = fs.absolute(layer), names = names, source = policy.read(rule.file), examples = 0,
    }
    self.files[#self.files + 1] = account
    local ran = self.ran
    function account:add(steps)
        self.examples = self.examples + 1
        for _, step in ipairs(steps) do
            local file = fs.absolute(step.file)
            ran[file] = ran[file] or {}
            ran[file][step.line] = true
        end
    end
    return account
end

-- The same line may belong to two functions: it counts once.
local function count_line(summary, counted, line, ran)
    if counted[line] then return end
    counted[line] = true
    summary.lines = summary.lines + 1
    if ran[line] then
        summary.lines_run = summary.lines_run + 1
    else
        table.insert(summary.idle_lines, line)
    end
end

-- A trace cannot distinguish functions that begin on one line: they are listed once.
local function count_function(summary, each, fired, name)
    summary.functions = summary.functions + 1
    if fired then
        summary.functions_run = summary.functions_run + 1
        return
    end
    local last = summary.idle_functions[#summary.idle_functions]
    if not last or last.line ~= each.line then
        table.insert(summary.idle_functions, { line = each.line, name = name })
    end
end

local function summarize(account, ran)
    local summary = {
        file = account.rule.shown, is_kb = account.rule.kb, examples = account.examples,
        idle_functions = {}, idle_lines = {},
        functions = 0, functions_run = 0, lines = 0, lines_run = 0,
    }
    local counted = {}
    for _, each in ipairs(M.functions_in(account.source)) do
        local fired = false
        for line in pairs(each.lines) do
            fired = fired or ran[line] or false
            count_line(summary, counted, line, ran)
        end
        if next(each.lines) then count_function(summary, each, fired, account.names[each.line]) end
    end
    table.sort(summary.idle_lines)
    return summary
end

---What was run and what was not, of every file.
---@return table[]
function Coverage:summaries()
    local list = {}
    for _, account in ipairs(self.files) do
        list[#list + 1] = summarize(account, self.ran[account.layer] or {})
    end
    return list
end

local function ranges(lines)
    local parts, first = {}, nil
    for i, line in ipairs(lines) do
        first = first or line
        if lines[i + 1] ~= line + 1 then
            parts[#parts + 1] = first == line and tostring(line) or ("%d-%d"):format(first, line)
            first = nil
        end
    end
    return table.concat(parts, ", ")
end

local function share(part, whole)
    return ("%d/%d (%d %%)"):format(part, whole, whole == 0 and 100 or math.floor(part / whole * 100))
end

local function describe(summary)
    local functions = share(summary.functions_run, summary.functions)
    local lines = { ("  %s: functions %s, lines %s"):format(summary.file, functions,
        share(summary.lines_run, summary.lines)) }
    if summary.examples == 0 then lines[#lines + 1] = "    it has no examples that ran" end
    for _, each in ipairs(summary.idle_functions) do
        lines[#lines + 1] = ("    no example fires %s, line %d"):format(each.name or "a local function", each.line)
    end
    if #summary.idle_lines > 0 then lines[#lines + 1] = "    lines not run: " .. ranges(summary.idle_lines) end
    return table.concat(lines, "\n")
end

local function describe_kb(account)
    local lines = { ("  %s: entries %s"):format(account.shown,
        share(account.entries - #account.idle, account.entries)) }
    for _, each in ipairs(account.idle) do
        lines[#lines + 1] = ("    no example fires %s%s"):format(each.id, each.line and ", line " .. each.line or "")
    end
    return table.concat(lines, "\n")
end

---The account as text.
---@return string
function Coverage:describe()
    local parts = { "Coverage of rule files by their examples; what specs call in them is not counted:" }
    for _, account in ipairs(self.kb) do parts[#parts + 1] = describe_kb(account) end
    local total = { functions = 0, functions_run = 0, lines = 0, lines_run = 0 }
    for _, summary in ipairs(self:summaries()) do
        if not summary.is_kb or summary.functions > 0 then parts[#parts + 1] = describe(summary) end
        for key, value in pairs(total) do total[key] = value + summary[key] end
    end
    if #parts == 1 then return "No coverage: no rule file is among what was tested, and specs are not counted." end
    parts[#parts + 1] = ("  all: functions %s, lines %s"):format(share(total.functions_run, total.functions),
        share(total.lines_run, total.lines))
    return table.concat(parts, "\n")
end

return M
