-- RFC 4180. Only tables: what else a report says has no place in rows. As a file it is opened in spreadsheets, and as
-- output it is seen on terminals: control characters and bytes that are no UTF-8 become visible.
local cells = require("uhost.report.cells")

-- Spreadsheets compute what begins like a formula; see OWASP's "CSV Injection". Full-width forms count as well.
local formula_starts = { "^[=+%-@\t\n]", "^\239\188\157", "^\239\188\139", "^\239\188\141", "^\239\188\160" }

local function guarded(text)
    if text:find("^%-?%d+%.?%d*$") then return text end
    for _, start in ipairs(formula_starts) do
        if text:find(start) then return "'" .. text end
    end
    return text
end

local function field(text, is_number)
    text = term.visible(text)
    if not is_number then text = guarded(text) end
    if text:find('[",\n]') or text:find("^%s") or text:find("%s$") then return '"' .. text:gsub('"', '""') .. '"' end
    return text
end

local function first_url(pieces)
    for _, piece in ipairs(pieces) do
        if piece.url then return piece.url end
    end
end

local function table_lines(block)
    local has_url = {}
    for _, row in ipairs(block.rows) do
        for i, pieces in ipairs(row) do has_url[i] = has_url[i] or first_url(pieces) ~= nil end
    end
    local heads, lines = {}, {}
    for i, column in ipairs(block.columns) do
        heads[#heads + 1] = field(column.title)
        if has_url[i] then heads[#heads + 1] = field(column.title .. " URL") end
    end
    lines[1] = table.concat(heads, ",")
    for _, row in ipairs(block.rows) do
        local values = {}
        for i, pieces in ipairs(row) do
            values[#values + 1] = field(cells.plain(pieces), cells.is_number(pieces))
            if has_url[i] then values[#values + 1] = field(first_url(pieces) or "") end
        end
        lines[#lines + 1] = table.concat(values, ",")
    end
    return table.concat(lines, "\r\n") .. "\r\n"
end

return function(model, options)
    local tables, count = {}, 0
    for _, block in ipairs(model.blocks) do
        if block.kind == "table" then
            count = count + 1
            if options.table == nil or options.table == count or options.table == block.title then
                tables[#tables + 1] = table_lines(block)
            end
        end
    end
    if options.table ~= nil and #tables == 0 then
        uhost.fail("report.format", ("the report has no table '%s'"):format(tostring(options.table)),
            { hint = "name a table by its title or its number" })
    end
    return table.concat(tables, "\r\n")
end
