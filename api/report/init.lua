-- `report`: one model, several renderings. A report is a list of blocks; what people write into it is data.
local cells = require("uhost.report.cells")
local styling = require("uhost.term.styling")

local formats = { "text", "markdown", "json", "html", "csv" }

uhost.usage_errors("report")

local M = {}
local Report, new_report = uhost.class("report.Report")

-- The model of each report; not on the object, which scripts hold.
local models = setmetatable({}, { __mode = "k" })

local function check(condition, owner, expected)
    if not condition then uhost.fail("argument", ("'%s' needs %s"):format(owner, expected)) end
end

function M.new(options)
    local title = uhost.check_options(options, "report.new", { "title" }).title
    local self = new_report({})
    models[self] = { title = title and cells.text(title), blocks = {} }
    return self
end

local function add(self, owner, block)
    local model = models[self]
    check(model, owner, "a report (call it with a colon)")
    table.insert(model.blocks, block)
    return self
end

function Report:text(content)
    return add(self, "report.Report:text", { kind = "text", content = cells.read(content) })
end

function Report:heading(text, level)
    check(level == nil or level == 2 or level == 3, "report.Report:heading", "a level of 2 or 3")
    return add(self, "report.Report:heading", { kind = "heading", content = cells.read(text), level = level or 2 })
end

function Report:code(lines, options)
    local owner = "report.Report:code"
    options = uhost.check_options(options, owner, { "first_line", "language", "marked" })
    check(type(lines) == "table", owner, "a list of lines")
    check(options.first_line == nil or type(options.first_line) == "number", owner, "a number as first_line")
    local list = {}
    for i, line in ipairs(lines) do list[i] = cells.text(line):gsub("\n", " ") end
    return add(self, owner, {
        kind = "code", lines = list, first_line = options.first_line, marked = options.marked,
        language = options.language,
    })
end

function Report:list(items, options)
    check(type(items) == "table", "report.Report:list", "a list of contents")
    options = uhost.check_options(options, "report.Report:list", { "ordered" })
    local list = {}
    for i, item in ipairs(items) do list[i] = cells.read(item) end
    return add(self, "report.Report:list", { kind = "list", items = list, ordered = options.ordered or false })
end

function Report:facts(facts)
    check(type(facts) == "table", "report.Report:facts", 'a list: { { "name", value }, … }')
    local list = {}
    for i, fact in ipairs(facts) do
        check(type(fact) == "table", "report.Report:facts", 'a list: { { "name", value }, … }')
        list[i] = { name = cells.text(fact[1]), content = cells.read(fact[2]) }
    end
    return add(self, "report.Report:facts", { kind = "facts", facts = list })
end

local alignments = { left = true, right = true, center = true }

local function read_columns(columns)
    local list = {}
    for i, column in ipairs(columns) do
        if type(column) ~= "table" then column = { key = i, title = column } end
        uhost.check_options(column, "a column of report.Report:table", styling.column_options)
        check(column.align == nil or alignments[column.align], "report.Report:table", "align left, right or center")
        local key = column.key == nil and i or column.key
        list[i] = { key = key, title = cells.text(column.title or key), align = column.align, style = column.style,
            wrap = column.wrap }
    end
    return list
end

-- A column of numbers stands right.
local function align_numbers(columns, rows)
    for i, column in ipairs(columns) do
        local numbers, filled = true, false
        for _, row in ipairs(rows) do
            if cells.plain(row[i]) ~= "" then numbers, filled = numbers and cells.is_number(row[i]), true end
        end
        column.align = column.align or (numbers and filled and "right" or "left")
    end
end

function Report:table(options)
    check(type(options) == "table" and type(options.columns) == "table" and type(options.rows) == "table",
        "report.Report:table", "columns and rows")
    uhost.check_options(options, "report.Report:table", { "columns", "empty", "rows", "title" })
    local columns, rows = read_columns(options.columns), {}
    for i, row in ipairs(options.rows) do
        rows[i] = {}
        for j, column in ipairs(columns) do rows[i][j] = cells.read(row[column.key]) end
    end
    align_numbers(columns, rows)
    return add(self, "report.Report:table", {
        kind = "table", title = options.title and cells.text(options.title), columns = columns, rows = rows,
        empty = cells.text(options.empty or "None."),
    })
end

function Report:render(format, options)
    local known = false
    for _, name in ipairs(formats) do known = known or name == format end
    if not known then
        uhost.fail("report.format", ("there is no report format '%s'"):format(tostring(format)),
            { hint = "formats are " .. table.concat(formats, ", ") })
    end
    check(models[self], "report.Report:render", "a report (call it with a colon)")
    options = uhost.check_options(options, "report.Report:render", { "color", "table", "width" })
    return require("uhost.report." .. format)(models[self], options)
end

return M
