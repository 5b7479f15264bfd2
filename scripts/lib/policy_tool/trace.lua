-- Which lines of rule files ran, shown in their functions: so that one sees which branch was taken.
local source = require("lib.check.source")

local M = {}

-- So many lines of a function that did not run are shown; longer stretches are cut.
local longest_gap, most_lines = 3, 400

-- The functions of a file, outermost first: where they begin and end.
local function functions_in(node, list)
    if type(node) ~= "table" then return list end
    if node.tag == "Function" then
        list[#list + 1] = { first = node.line, last = node.end_range and node.end_range.line or node.line }
    end
    for _, inner in ipairs(node) do functions_in(inner, list) end
    return list
end

-- The lines that belong to functions of which a line ran; without a syntax tree, the lines themselves.
local function wanted_lines(read, counts)
    local wanted = {}
    for line in pairs(counts) do wanted[line] = true end
    for _, each in ipairs(read.tree and functions_in(read.tree, {}) or {}) do
        local ran = false
        for line in pairs(counts) do ran = ran or (line >= each.first and line <= each.last) end
        -- A function that holds the whole file is no help.
        if ran and each.last - each.first <= most_lines then
            for line = each.first, each.last do wanted[line] = true end
        end
    end
    return wanted
end

local function write_line(read, line, count)
    local marker = count and (count > 1 and ("%4dx"):format(math.min(count, 9999)) or "    ●") or "     "
    local whole = term.visible(read.lines[line] or ""):gsub("\t", "    ")
    local text = term.truncate(whole, math.max(40, term.width() - 14))
    io.write(("%s%5d | %s\n"):format(marker, line, count and text or term.style(text, "dim")))
end

-- Whether some line nearby ran.
local function is_near(counts, line)
    for offset = -longest_gap, longest_gap do
        if counts[line + offset] then return true end
    end
    return false
end

local function write_file(file, counts)
    local read = source.read(file)
    io.write(term.style(term.visible(file), "bold"), "\n")
    if not read then return end
    local wanted, lines = wanted_lines(read, counts), {}
    for line in pairs(wanted) do lines[#lines + 1] = line end
    table.sort(lines)
    local last, written = nil, 0
    for _, line in ipairs(lines) do
        if is_near(counts, line) and written < most_lines then
            if last and line > last + 1 then io.write("          …\n") end
            write_line(read, line, counts[line])
            last, written = line, written + 1
        end
    end
    if written == most_lines then io.write("          … and more\n") end
end

--- Writes the lines that ran, by file, in the order in which the files came into play.
---@param steps policy.Step[]
function M.write(steps)
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

return M
