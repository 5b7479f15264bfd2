-- One page that needs nothing else: no script, no network, readable in the dark, by a screen reader and on a phone.
local cells = require("uhost.report.cells")
local escape = require("uhost.report.escape_html")

local function squeezed(text) return (text:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", "")) end

-- In characters. A column up to this width is as wide as what it holds; wider ones share the rest of the page. Links up
-- to this width are not broken across lines.
local max_narrow, min_wide = 24, 14

local function is_unbroken(piece)
    return piece.url ~= nil and not piece.text:find("%s") and term.display_width(piece.text) <= max_narrow
end

local function unbroken(text) return ('<span class="unbroken">%s</span>'):format(text) end

local function inline(pieces, in_cell)
    local list = {}
    for i, piece in ipairs(pieces) do
        local text = escape(piece.text):gsub("\n", "<br>")
        if in_cell then
            text = is_unbroken(piece) and unbroken(text) or text:gsub("%f[%w]%d%d%d%d%-%d%d%-%d%d%f[%W]", unbroken)
        end
        if piece.code then text = ("<code>%s</code>"):format(text) end
        if piece.strong then text = ("<strong>%s</strong>"):format(text) end
        if piece.url then
            text = ('<a href="%s" rel="noopener noreferrer">%s</a>'):format(escape(piece.url), text)
        end
        list[i] = text
    end
    return table.concat(list)
end

local style = [[
:root { color-scheme: light dark; --line: #d0d7de; --soft: #f6f8fa; --dim: #57606a; --mark: #fff1c2; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3d444d; --soft: #151b23; --dim: #9198a1; --mark: #4d3800; }
}
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
main { overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; }
.table { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; table-layout: fixed; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { border: 1px solid var(--line); padding: .35rem .75rem; }
th, td { text-align: left; vertical-align: top; }
th { background: var(--soft); }
.right { text-align: right; font-variant-numeric: tabular-nums; }
.center { text-align: center; }
.unbroken { white-space: nowrap; }
dl { display: grid; grid-template-columns: fit-content(45%) 1fr; gap: .25rem 1.5rem; }
dt { color: var(--dim); }
dd { margin: 0; }
code { font: .875em ui-monospace, monospace; }
pre { background: var(--soft); border: 1px solid var(--line); padding: .75rem 1rem; }
pre { white-space: pre-wrap; }
mark { background: var(--mark); color: inherit; }
.number { color: var(--dim); user-select: none; }
.empty { color: var(--dim); }
@media (max-width: 40rem) {
  table { font-size: .875rem; }
  th, td { padding: .25rem .5rem; }
}
@media print {
  body { font-size: 10pt; margin: 0; max-width: none; }
  .table { overflow: visible; }
  h1, h2, h3, h2 + p { break-after: avoid; }
  tr, dl, mark { break-inside: avoid; }
}
]]

local page = [[
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%s</title>
<style>
%s</style>
</head>
<body>
<main>
%s</main>
</body>
</html>
]]

-- What scrolls must be reachable by keyboard, and then needs a name, which no other part of the page has.
local framed = [[
<section class="table" tabindex="0" aria-label="%s"><table class="%s">
%s<thead>
%s</thead>
<tbody>
%s</tbody>
</table></section>
]]

-- The name of a table: its title, or what it stands under.
local function name_of(block, page_state)
    local name = squeezed(block.title or page_state.heading)
    if name == "" then name = "Table" end
    local count = (page_state.names[name] or 0) + 1
    page_state.names[name] = count
    if count == 1 then return escape(name) end
    return name_of({ title = ("%s (%d)"):format(name, count) }, page_state)
end

local write = {}
function write.text(block)
    local text = inline(block.content):gsub("<br><br>", "</p>\n<p>")
    return ("<p>%s</p>\n"):format(text)
end
function write.heading(block, page_state)
    page_state.heading = cells.plain(block.content)
    return ("<h%d>%s</h%d>\n"):format(block.level, inline(block.content), block.level)
end
-- Long lines wrap: what scrolls sideways is hard to read.
function write.code(block)
    local lines = {}
    for i, line in ipairs(block.lines) do
        local number = cells.line_number(block, i, "  "):sub(3)
        local text = ('<span class="number">%s</span>%s'):format(number, escape(line))
        if number == "" then text = escape(line) end
        local is_marked = block.marked and (block.first_line or 1) + i - 1 == block.marked
        lines[i] = is_marked and ("<mark>%s</mark>"):format(text) or text
    end
    return ("<pre><code>%s</code></pre>\n"):format(table.concat(lines, "\n"))
end
function write.list(block)
    local items, name = {}, block.ordered and "ol" or "ul"
    for i, item in ipairs(block.items) do items[i] = ("<li>%s</li>\n"):format(inline(item)) end
    return ("<%s>\n%s</%s>\n"):format(name, table.concat(items), name)
end
function write.facts(block)
    local lines = {}
    for i, fact in ipairs(block.facts) do
        lines[i] = ("<dt>%s</dt><dd>%s</dd>\n"):format(escape(fact.name), inline(fact.content))
    end
    return ("<dl>\n%s</dl>\n"):format(table.concat(lines))
end

local function max_line_width(text)
    local width = 0
    for line in text:gmatch("[^\n]+") do width = math.max(width, term.display_width(line)) end
    return width
end

local function max_word_width(text)
    local width = 0
    for word in text:gmatch("%S+") do width = math.max(width, term.display_width(word)) end
    return width
end

-- The widths that a column needs, in characters: for its longest line, and for what must not be broken.
local function measure(block, i, column)
    column.line = math.max(column.line, max_line_width(block.columns[i].title))
    column.unbroken = math.max(column.unbroken, max_word_width(block.columns[i].title))
    for _, row in ipairs(block.rows) do
        column.line = math.max(column.line, max_line_width(cells.plain(row[i])))
        for _, piece in ipairs(row[i]) do
            if is_unbroken(piece) then column.unbroken = math.max(column.unbroken, term.display_width(piece.text)) end
        end
    end
end

-- A length in CSS for so many characters of text, with a cell's padding. Capitals are wider than `ch`, a zero's width.
local function length(characters, columns)
    return ("calc(%dch + %grem)"):format(math.ceil(characters * 1.1), columns * 1.75)
end

-- The rules for the widths of a table of class `class`.
local function column_rules(class, columns)
    local rules, characters, width = {}, 0, nil
    for i, column in ipairs(columns) do
        if column.line <= max_narrow then
            rules[#rules + 1] = (".%s th:nth-child(%d) { width: %s; }\n"):format(class, i, length(column.line, 1))
            characters = characters + column.line
        else
            width, characters = "100%", characters + math.max(min_wide, column.unbroken)
        end
    end
    local least = length(characters, #columns)
    rules[#rules + 1] = (".%s { width: %s; min-width: %s; }\n"):format(class, width or least, least)
    return table.concat(rules)
end

-- The class of each table, and the rules for these classes. Tables with the same columns share one: they look alike.
local function layouts(blocks)
    local by_titles, class_of, rules = {}, {}, {}
    for _, block in ipairs(blocks) do
        local titles = {}
        for i, column in ipairs(block.columns or {}) do titles[i] = column.title end
        local key = table.concat(titles, "\0")
        if #titles > 0 and not by_titles[key] then
            by_titles[key] = { class = ("columns-%d"):format(#rules + 1) }
            rules[#rules + 1] = by_titles[key]
        end
        for i in ipairs(titles) do
            by_titles[key][i] = by_titles[key][i] or { line = 0, unbroken = 0 }
            measure(block, i, by_titles[key][i])
        end
        class_of[block] = #titles > 0 and by_titles[key].class
    end
    for i, columns in ipairs(rules) do rules[i] = column_rules(columns.class, columns) end
    return class_of, table.concat(rules)
end

local function row_of(element, columns, content_of)
    local list = {}
    for i, column in ipairs(columns) do
        local class = column.align ~= "left" and (' class="%s"'):format(column.align) or ""
        local scope = element == "th" and ' scope="col"' or ""
        list[i] = ("<%s%s%s>%s</%s>"):format(element, scope, class, content_of(i, column), element)
    end
    return ("<tr>%s</tr>\n"):format(table.concat(list))
end

function write.table(block, page_state)
    local title = block.title and escape(block.title)
    if #block.rows == 0 then
        local heading = title and ("<p><strong>%s</strong></p>\n"):format(title) or ""
        return ('%s<p class="empty">%s</p>\n'):format(heading, escape(block.empty))
    end
    local rows = {}
    for i, row in ipairs(block.rows) do
        rows[i] = row_of("td", block.columns, function(j) return inline(row[j], true) end)
    end
    local head = row_of("th", block.columns, function(_, column) return escape(column.title) end)
    local caption = title and ("<caption>%s</caption>\n"):format(title) or ""
    local class = page_state.class_of[block]
    return framed:format(name_of(block, page_state), class, caption, head, table.concat(rows))
end

return function(model)
    local blocks = {}
    if model.title then blocks[1] = ("<h1>%s</h1>\n"):format(escape(model.title)) end
    local class_of, rules = layouts(model.blocks)
    local page_state = { heading = "", names = {}, class_of = class_of }
    for _, block in ipairs(model.blocks) do blocks[#blocks + 1] = write[block.kind](block, page_state) end
    return page:format(escape(model.title or "Report"), style .. rules, table.concat(blocks))
end
