-- GitHub Flavored Markdown (https://github.github.com/gfm/), for issues, comments and job summaries. Text is data: it
-- gains no formatting, and mentions nobody and nothing. GitHub looks for mentions after Markdown, where a backslash is
-- gone; a zero-width space stays.
local cells = require("uhost.report.cells")

local zero_width_space = "&#8203;"

local function escape(text)
    text = term.visible(text):gsub("\t", " ")
    return (text:gsub("[\\`*_%[%]<>|~#$!]", "\\%0"):gsub("&", "&amp;"))
end

-- Escaped, and without what GitHub would turn into a link: @name, #12, GH-12, URLs, addresses.
local function quiet(text)
    return (escape(text):gsub("@", "@" .. zero_width_space):gsub("\\#(%d)", "\\#" .. zero_width_space .. "%1")
        :gsub("([Gg][Hh]%-)(%d)", "%1" .. zero_width_space .. "%2")
        :gsub("://", ":" .. zero_width_space .. "//"):gsub("([Ww][Ww][Ww])%.", "%1" .. zero_width_space .. "."))
end

local function escape_url(url)
    return (url:gsub("[()<>|\\`*_%[%]]", function(c) return ("%%%02X"):format(c:byte()) end))
end

-- A run of backticks that does not occur in the text, of at least so many.
local function fence_for(text, least)
    local longest = least - 1
    for run in text:gmatch("`+") do longest = math.max(longest, #run) end
    return ("`"):rep(longest + 1)
end

-- In a table, only a backslash keeps a bar from ending the cell, in code too.
local function code_span(text, in_table)
    text = term.visible(text):gsub("%s+", " ")
    if in_table then text = text:gsub("|", "\\|") end
    local fence = fence_for(text, 1)
    local gap = text:find("^[ `]") or text:find("[ `]$")
    return ("%s%s%s%s%s"):format(fence, gap and " " or "", text, gap and " " or "", fence)
end

local function inline_piece(piece, in_table)
    if not piece.text:find("%S") then return quiet(piece.text) end
    if piece.url then return ("[%s](%s)"):format(escape(piece.text:gsub("\n", " ")), escape_url(piece.url)) end
    if piece.code then return code_span(piece.text, in_table) end
    local text = quiet(piece.text)
    if not piece.strong then return text end
    local before, inside, after = text:match("^(%s*)(.-)(%s*)$")
    -- Stars count wherever they stand only around letters and digits of one line.
    local takes_stars = inside:find("^%w") and inside:find("%w$") and not inside:find("\n", 1, true)
    return (takes_stars and "%s**%s**%s" or "%s<strong>%s</strong>%s"):format(before, inside, after)
end

local function inline(pieces, in_table)
    local list = {}
    for i, piece in ipairs(pieces) do
        -- Two side by side would be one.
        local previous = pieces[i - 1] or {}
        local is_next = piece.code and previous.code or piece.strong and previous.strong
        list[i] = (is_next and zero_width_space or "") .. inline_piece(piece, in_table)
    end
    return table.concat(list)
end

-- What would begin a list, a heading or a table at the start of a line.
local function safe_line(line)
    line = line:gsub("^%s+", ""):gsub("%s+$", "")
    if line:find("^[-+=:]") then return "\\" .. line end
    return (line:gsub("^(%d+)([.)])", "%1\\%2"))
end

local function paragraph(pieces)
    return (inline(pieces):gsub("[^\n]+", safe_line))
end

local function one_line(pieces)
    return safe_line((inline(pieces):gsub("%s*\n%s*", " ")))
end

-- Within a table's cell or a list's item.
local function broken(pieces, in_table)
    return safe_line((inline(pieces, in_table):gsub("%s*\n%s*", "<br>")))
end

local rules = { left = ":---", right = "---:", center = ":---:" }

local write = {}
function write.text(block) return paragraph(block.content) .. "\n" end
function write.heading(block) return ("%s %s\n"):format(("#"):rep(block.level), one_line(block.content)) end
function write.code(block)
    local lines = {}
    for i, line in ipairs(block.lines) do lines[i] = cells.line_number(block, i, " | ") .. term.visible(line) end
    local text = table.concat(lines, "\n")
    local fence = fence_for(text, 3)
    return ("%s%s\n%s\n%s\n"):format(fence, (block.language or ""):match("^%w*$") or "", text, fence)
end
function write.list(block)
    local lines = {}
    for i, item in ipairs(block.items) do
        lines[i] = ("%s %s\n"):format(block.ordered and i .. "." or "-", broken(item))
    end
    return table.concat(lines)
end
function write.facts(block)
    local lines = {}
    for i, fact in ipairs(block.facts) do
        lines[i] = ("- **%s:** %s\n"):format(one_line{ { text = fact.name } }, broken(fact.content))
    end
    return table.concat(lines)
end
function write.table(block)
    local title = block.title and ("### %s\n\n"):format(one_line{ { text = block.title } }) or ""
    if #block.rows == 0 then return title .. paragraph{ { text = block.empty } } .. "\n" end
    local heads, line, lines = {}, {}, {}
    for i, column in ipairs(block.columns) do
        heads[i], line[i] = broken{ { text = column.title } }, rules[column.align]
    end
    lines[1], lines[2] = table.concat(heads, " | "), table.concat(line, " | ")
    for _, row in ipairs(block.rows) do
        local values = {}
        for i, pieces in ipairs(row) do values[i] = broken(pieces, true) end
        lines[#lines + 1] = table.concat(values, " | ")
    end
    return ("%s| %s |\n"):format(title, table.concat(lines, " |\n| "))
end

return function(model)
    local blocks = {}
    if model.title then blocks[1] = ("# %s\n"):format(one_line{ { text = model.title } }) end
    for _, block in ipairs(model.blocks) do blocks[#blocks + 1] = write[block.kind](block) end
    return table.concat(blocks, "\n")
end
