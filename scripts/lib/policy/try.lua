-- `uhost policy try NAME FUNCTION ARGUMENTS`: calls a function and shows which lines decided.
local report_failure = require("lib.policy.failure").report
local source = require("lib.check.source")

local M = {}

-- Arguments: JSON, given or in a file ---------------------------------------------------------------------------------

local max_bytes = 16 * 1024 * 1024

local function read_text(given)
    local path = given:match("^@(.+)$")
    if not path then return given end
    local text = fs.read(path, { limit_bytes = max_bytes })
    if not text then
        uhost.fail("usage", ("there is no file '%s'"):format(path), { hint = "@FILE names a file with JSON" })
    end
    return text
end

-- Rules know nil, which takes no place in a list.
local function plain(value)
    if type(value) ~= "table" then return value end
    local copied = {}
    for key, item in pairs(value) do
        if item == json.null then
            if type(key) == "number" then
                uhost.fail("usage", "a list inside the arguments has null in it, which rules have no value for",
                    { hint = "leave it out, or use false" })
            end
        else
            copied[key] = plain(item)
        end
    end
    return copied
end

-- The arguments, as a list with its length in `n`.
local function read_arguments(given)
    if not given then return { n = 0 } end
    local ok, value = pcall(json.decode, read_text(given))
    if not ok then
        if not uhost.is_error(value) or not value.kind:find("^json%.") then error(value, 0) end
        uhost.fail("usage", "the arguments are not JSON: " .. value.message, {
            hint = [[quote texts twice: '["a", 1]' for two arguments, '"a"' for one; or name a file: @arguments.json]],
        })
    end
    local list = json.is_array(value) and value or { value }
    local arguments = { n = #list }
    for i = 1, #list do
        if list[i] ~= json.null then arguments[i] = plain(list[i]) end
    end
    return arguments
end

-- The lines that ran --------------------------------------------------------------------------------------------------

-- They are shown in their functions, so that one sees which branch was taken.

-- So many lines of a function that did not run are shown; longer stretches are cut.
local max_gap, max_lines = 3, 400

-- The functions of a file, outermost first: where they begin and end.
local function functions_in(node, list)
    if type(node) ~= "table" then return list end
    if node.tag == "Function" then
        list[#list + 1] = { first = node.line, last = node.end_range and node.end_range.line or node.line }
    end
    for _, inner in ipairs(node) do functions_in(inner, list) end
    return list
end

-- The lines of functions that ran at least in part; without a syntax tree, the lines themselves.
local function wanted_lines(read, counts)
    local wanted = {}
    for line in pairs(counts) do wanted[line] = true end
    for _, each in ipairs(read.tree and functions_in(read.tree, {}) or {}) do
        local ran = false
        for line in pairs(counts) do ran = ran or (line >= each.first and line <= each.last) end
        -- A function that holds the whole file is no help.
        if ran and each.last - each.first <= max_lines then
            for line = each.first, each.last do wanted[line] = true end
        end
    end
    return wanted
end

local function write_line(read, line, count)
    local marker = count and (count > 1 and ("%4dx"):format(math.min(count, 9999)) or "    ●") or "     "
    local whole = term.untrusted(read.lines[line] or ""):gsub("\t", "    ")
    local text = term.truncate(whole, math.max(40, term.width() - 14))
    io.write(("%s%5d | %s\n"):format(marker, line, count and text or term.style(text, "dim")))
end

-- Whether some line nearby ran.
local function is_near(counts, line)
    for offset = -max_gap, max_gap do
        if counts[line + offset] then return true end
    end
    return false
end

local function write_file(file, counts)
    local read = source.read(file)
    io.write(term.style(term.untrusted(file), "bold"), "\n")
    if not read then return end
    local wanted, lines = wanted_lines(read, counts), {}
    for line in pairs(wanted) do lines[#lines + 1] = line end
    table.sort(lines)
    local last, written = nil, 0
    for _, line in ipairs(lines) do
        if is_near(counts, line) and written < max_lines then
            if last and line > last + 1 then io.write("          …\n") end
            write_line(read, line, counts[line])
            last, written = line, written + 1
        end
    end
    if written == max_lines then io.write("          … and more\n") end
end

-- Writes the lines that ran, by file, in the order in which the files came into play.
local function write_trace(steps)
    local order, by_file = {}, {}
    for _, step in ipairs(steps) do
        if not by_file[step.file] then
            by_file[step.file] = {}
            order[#order + 1] = step.file
        end
        by_file[step.file][step.line] = step.count
    end
    for i, file in ipairs(order) do
        if i > 1 then io.write("\n") end
        write_file(file, by_file[file])
    end
end

-- The answer ----------------------------------------------------------------------------------------------------------

local function origin(handle, name)
    for _, each in ipairs(handle:explain()) do
        if each.key == name or name:sub(1, #each.key + 1) == each.key .. "." then return each end
    end
end

-- Rules know only one empty table; it is shown as a list.
local function text_of(value)
    if value == nil then return "nil" end
    return json.encode(value, { indent = 2, invalid_utf8 = "replace" })
end

local function print_text(traced)
    print(term.untrusted(text_of(traced.value)))
    print()
    if traced.why then print("why:  " .. term.untrusted(traced.why)) end
    print(("from: %s:%d (%s)"):format(term.untrusted(traced.file), traced.line,
        traced.is_user and "yours" or "shipped"))
    print(("time: %.2f ms, with the lines noted"):format(traced.time_s * 1000))
    if #traced.steps > 0 then
        print("\nThe lines that ran (●), and how often:\n")
        write_trace(traced.steps)
    end
end

local function print_json(traced)
    io.write(json.encode({
        value = traced.value == nil and json.null or traced.value, why = traced.why or json.null, file = traced.file,
        line = traced.line, is_user = traced.is_user, time_s = traced.time_s, steps = json.array(traced.steps),
    }, { indent = 2, invalid_utf8 = "replace" }), "\n")
end

function M.run(options, load)
    local name, arguments = options["function"], read_arguments(options.arguments)
    local ok, traced = pcall(function()
        local handle = load(options.name)
        local result = handle:trace(name, unpack(arguments, 1, arguments.n))
        local from = origin(handle, name)
        local steps = result.steps
        result.file = from and from.file or steps[1] and steps[1].file or handle:files()[1]
        result.is_user = from ~= nil and from.is_user
        handle:close()
        return result
    end)
    if not ok then return report_failure(traced) end
    if options.format == "json" then print_json(traced) else print_text(traced) end
    return 0
end

return M
