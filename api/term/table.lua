-- Tables that fit the width: columns shrink fairly and their text wraps; with too little room, one line a field.
local styling = require("uhost.term.styling")

local gap = "  "
local narrowest = 6

local function number_text(value)
    return value % 1 == 0 and math.abs(value) < 2 ^ 53 and ("%d"):format(value) or ("%.14g"):format(value)
end

return function(native)
    -- The text of a cell, and what is known of it: style, url, whether it is a number.
    local function read_cell(value)
        if value == nil then return { text = "" } end
        if type(value) == "number" then return { text = number_text(value), number = true } end
        if type(value) ~= "table" then return { text = native.visible((tostring(value):gsub("\r\n", "\n"))) } end
        local cell = read_cell(value.text)
        return { text = cell.text, number = cell.number, url = value.url, style = value.style }
    end

    local function read_columns(columns)
        local list = {}
        for i, column in ipairs(columns) do
            if type(column) ~= "table" then column = { key = i, title = column } end
            uhost.check_options(column, "a column of term.table", styling.column_options)
            list[i] = {
                key = column.key == nil and i or column.key,
                title = native.visible(tostring(column.title or column.key or "")),
                align = column.align, wrap = column.wrap ~= false, style = column.style, cells = {},
            }
        end
        return list
    end

    local function widest_line(text)
        local widest = 0
        for line in (text .. "\n"):gmatch("(.-)\n") do widest = math.max(widest, native.display_width(line)) end
        return widest
    end

    local function read_rows(columns, rows)
        for _, column in ipairs(columns) do
            column.natural = widest_line(column.title)
            local numbers, filled = true, false
            for i, row in ipairs(rows) do
                local cell = read_cell(row[column.key])
                column.cells[i] = cell
                column.natural = math.max(column.natural, widest_line(cell.text))
                if cell.text ~= "" then numbers, filled = numbers and cell.number, true end
            end
            column.align = column.align or (numbers and filled and "right" or "left")
        end
    end

    -- Gives every column the width that it wants, or a fair share of what the more modest ones leave. False when that
    -- would be too little to read.
    local function share_width(columns, width)
        local left = width - #gap * (#columns - 1)
        local by_size = { unpack(columns) }
        table.sort(by_size, function(a, b) return a.natural < b.natural end)
        for i, column in ipairs(by_size) do
            local share = math.floor(left / (#by_size - i + 1))
            column.width = math.min(column.natural, share)
            if column.width < column.natural and column.width < narrowest then return false end
            left = left - column.width
        end
        return true
    end

    local function decorated(text, cell, column, color)
        text = styling.apply(text, cell.style or column.style, color)
        return styling.link(text, cell.url, color)
    end

    local function padded(text, column, decorate, last)
        local room = math.max(column.width - native.display_width(text), 0)
        local before = column.align == "right" and room or column.align == "center" and math.floor(room / 2) or 0
        local after = last and 0 or room - before
        return (" "):rep(before) .. decorate(text) .. (" "):rep(after)
    end

    local function lines_of(text, column)
        if column.wrap then return native.wrap(text, math.max(column.width, 1)) end
        return { native.truncate(text:gsub("\n", " "), math.max(column.width, 1)) }
    end

    -- The lines of one row; `cell_at` gives a column's cell.
    local function add_row(result, columns, cell_at, color)
        local cells, height = {}, 1
        for i, column in ipairs(columns) do
            cells[i] = lines_of(cell_at(column).text, column)
            height = math.max(height, #cells[i])
        end
        for line = 1, height do
            local pieces = {}
            for i, column in ipairs(columns) do
                local decorate = function(text) return decorated(text, cell_at(column), column, color) end
                pieces[i] = padded(cells[i][line] or "", column, decorate, i == #columns)
            end
            result[#result + 1] = (table.concat(pieces, gap):gsub(" +$", ""))
        end
    end

    local function grid(columns, count, color)
        local result, total = {}, #gap * (#columns - 1)
        for _, column in ipairs(columns) do total = total + column.width end
        add_row(result, columns, function(column) return { text = column.title, style = "bold" } end, color)
        result[#result + 1] = (native.takes_utf8() and "─" or "-"):rep(total)
        for i = 1, count do
            add_row(result, columns, function(column) return column.cells[i] end, color)
        end
        return result
    end

    -- One field a line, a blank line between rows.
    local function records(columns, count, width, color)
        local result, widest = {}, 0
        for _, column in ipairs(columns) do widest = math.max(widest, native.display_width(column.title)) end
        widest = math.min(widest, math.max(math.floor(width / 3), 1))
        local shape = { { width = widest, align = "left", wrap = true },
            { width = math.max(width - widest - #gap, 1), align = "left", wrap = true } }
        for i = 1, count do
            if i > 1 then result[#result + 1] = "" end
            for _, column in ipairs(columns) do
                local title = { text = column.title, style = "bold" }
                local cell = column.cells[i]
                local styled = { text = cell.text, url = cell.url, style = cell.style or column.style }
                add_row(result, shape, function(part) return part == shape[1] and title or styled end, color)
            end
        end
        return result
    end

    return function(options)
        if type(options) ~= "table" or type(options.columns) ~= "table" or type(options.rows) ~= "table" then
            uhost.fail("argument", "term.table needs columns and rows",
                { hint = 'term.table{ columns = { { key = "name", title = "Name" } }, rows = { { name = "x" } } }' })
        end
        local width, color = options.width or native.width(), options.color
        if color == nil then color = native.color("stdout") end
        local columns = read_columns(options.columns)
        if #columns == 0 then return "" end
        read_rows(columns, options.rows)
        local count = #options.rows
        local fits = share_width(columns, width)
        local lines = fits and grid(columns, count, color) or records(columns, count, width, color)
        return native.without_commands(table.concat(lines, "\n") .. "\n")
    end
end
