-- For a terminal, or a file that is read as it is.
local cells = require("uhost.report.cells")

-- A cell as term.table takes it: the one link it may have, or its plain text.
local function cell(pieces)
    if #pieces == 1 then
        local part = pieces[1]
        return { text = part.value == nil and part.text or part.value, url = part.url, style = part.style }
    end
    return cells.plain(pieces)
end

local function wrapped(text, width, indent)
    local lines = term.wrap(term.untrusted(text), math.max(width - indent, 20))
    return table.concat(lines, "\n" .. (" "):rep(indent))
end

local function underlined(text, line)
    text = term.untrusted(text):gsub("\n", " ")
    return ("%s\n%s\n"):format(text, line:rep(term.display_width(text)))
end

return function(model, options)
    local width, color = options.width or term.width(), options.color or false
    local blocks = {}

    local write = {}
    function write.text(block) return wrapped(cells.plain(block.content), width, 0) .. "\n" end
    function write.heading(block)
        local text = cells.plain(block.content)
        return block.level == 3 and term.untrusted(text):gsub("\n", " ") .. "\n" or underlined(text, "-")
    end
    function write.code(block)
        local lines = {}
        for i, line in ipairs(block.lines) do
            lines[i] = term.untrusted(cells.line_number(block, i, " | ") .. line) .. "\n"
        end
        return table.concat(lines)
    end
    function write.list(block)
        local lines = {}
        for i, item in ipairs(block.items) do
            local mark = block.ordered and ("%d. "):format(i) or "- "
            lines[i] = mark .. wrapped(cells.plain(item), width, #mark) .. "\n"
        end
        return table.concat(lines)
    end
    function write.facts(block)
        local widest, lines = 0, {}
        for _, fact in ipairs(block.facts) do widest = math.max(widest, term.display_width(fact.name)) end
        widest = math.min(widest, math.floor(width / 2))
        for i, fact in ipairs(block.facts) do
            local name = term.truncate(term.untrusted(fact.name):gsub("\n", " "), math.max(widest, 1))
            local gap = (" "):rep(widest - term.display_width(name) + 2)
            lines[i] = name .. gap .. wrapped(cells.plain(fact.content), width, widest + 2) .. "\n"
        end
        return table.concat(lines)
    end
    function write.table(block)
        local title = block.title and underlined(block.title, "-") or ""
        if #block.rows == 0 then return title .. wrapped(block.empty, width, 0) .. "\n" end
        local columns, rows = {}, {}
        for i, column in ipairs(block.columns) do
            columns[i] = setmetatable({ key = i }, { __index = column })
        end
        for i, row in ipairs(block.rows) do
            rows[i] = {}
            for j, pieces in ipairs(row) do rows[i][j] = cell(pieces) end
        end
        return title .. term.table{ columns = columns, rows = rows, width = width, color = color }
    end

    if model.title then blocks[1] = underlined(model.title, "=") end
    for _, block in ipairs(model.blocks) do blocks[#blocks + 1] = write[block.kind](block) end
    return table.concat(blocks, "\n")
end
