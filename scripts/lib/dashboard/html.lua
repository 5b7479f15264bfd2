-- The pages of the dashboard as HTML. What a page shows is described as data (`dashboard.Page`); the scripts in
-- `client/` draw it in the reader's browser.
local escape = require("uhost.report.escape_html")

local M = {}

---@class dashboard.Page
---@field name string  of its file: "builds"
---@field title string
---@field introduction? string
---@field filters? string[]  names of category columns that the reader may choose by; "time" for a range of dates
---@field defaults? table<string, string>  what is chosen at first
---@field blocks? dashboard.Block[]
---@field views? dashboard.View[]  after the blocks
---@field datasets? table<string, string>  JSON of each, as `lib.dashboard.dataset` gives it

---@alias dashboard.Block
---| { kind: "heading", text: string }
---| { kind: "text", text: string }
---| { kind: "code", lines: string[] }
---| { kind: "cards", cards: dashboard.Card[] }

---@class dashboard.Card
---@field title string
---@field value string
---@field note? string
---@field state "good"|"warning"|"bad"|"unknown"
---@field page? string  the page that says more

--- A number of the rows of a group.
---@class dashboard.Measure
---@field title string
---@field measure "count"|"sum"|"mean"|"p50"|"p95"|"max"|"last"
---@field column? string  not of "count"
---@field where? table<string, string | string[]>  only rows with these values
---@field share? boolean  divided by the number of the whole group
---@field bar? boolean  a bar behind it shows how it compares

--- A chart over time with its table (with `y`), or a table.
---@class dashboard.View
---@field name string  unique on its page, and the name of the CSV file
---@field title string
---@field text? string
---@field dataset string
---@field y? string[]  columns to draw; more than one: a series each
---@field split? string  a category: a series for each of its values
---@field stacked? boolean
---@field points? boolean  points without lines
---@field marks? string  a dataset with a column `time`: where something changed
---@field unit? string  what a row is: "builds"
---@field columns? string[]  of the table
---@field group? string  a category: a row for each of its values, with `measures`
---@field measures? dashboard.Measure[]
---@field url? string  a column with addresses, which the first column links to
---@field sort? string  the column, or the title of the measure, that the table is sorted by at first, largest first
---@field descending? boolean
---@field empty? string  what to say when there is nothing

local state_words = { good = "Good", warning = "Look at it", bad = "Bad", unknown = "Unknown" }

local function card_of(card)
    local title = escape(card.title)
    if card.page then title = ('<a href="%s.html">%s</a>'):format(escape(card.page), title) end
    return ([[<li class="card %s"><h2>%s</h2><p class="value">%s</p><p class="state">%s</p>%s</li>]]):format(card.state,
        title, escape(card.value), state_words[card.state],
        card.note and ("<p>%s</p>"):format(escape(card.note)) or "")
end

local table_parts = [[
<p><button type="button" class="csv">Save as CSV</button></p>
<section class="scroll" tabindex="0" aria-label="%s">
<table><caption class="hidden">%s</caption><thead></thead><tbody></tbody></table>
<p class="empty" hidden>%s</p>
</section>
<button type="button" class="more" hidden></button>]]

local chart_parts = [[
<div class="buttons" role="group" aria-label="Part of %s that is shown"></div>
<div class="legend"></div>
<div class="plot"></div>
<p class="note" role="status"></p>
<details><summary>As a table</summary>
%s
</details>]]

local function view_of(view)
    local title = escape(view.title)
    local body = table_parts:format(title, title, escape(view.empty or "There is nothing to show."))
    if view.y then body = chart_parts:format(title, body) end
    return ([[<figure data-view="%s">
<figcaption><h2>%s</h2>%s</figcaption>
%s
</figure>]]):format(escape(json.encode(view)), title, view.text and ("<p>%s</p>"):format(escape(view.text)) or "", body)
end

local write = {}
function write.heading(block) return ("<h2>%s</h2>"):format(escape(block.text)) end
function write.text(block) return ("<p>%s</p>"):format(escape(block.text)) end
function write.code(block)
    local lines = {}
    for i, line in ipairs(block.lines) do lines[i] = escape(line) end
    return ('<pre tabindex="0"><code>%s</code></pre>'):format(table.concat(lines, "\n"))
end
function write.cards(block)
    local cards = {}
    for i, card in ipairs(block.cards) do cards[i] = card_of(card) end
    return ('<ul class="cards">\n%s\n</ul>'):format(table.concat(cards, "\n"))
end

local function field_of(name)
    if name == "time" then
        return [[<label>From <input type="date" name="from"></label>
<label>To <input type="date" name="to"></label>]]
    end
    local title = name:sub(1, 1):upper() .. name:sub(2)
    return ('<label>%s <select name="%s"><option value="*">All</option></select></label>'):format(escape(title),
        escape(name))
end

local function filter_of(page)
    if not page.filters or #page.filters == 0 then return "" end
    local fields = {}
    for i, name in ipairs(page.filters) do fields[i] = field_of(name) end
    return ([[<fieldset class="filter" data-defaults="%s">
<legend class="hidden">What is shown</legend>
%s
<button type="button">Reset</button>
</fieldset>]]):format(escape(json.encode(page.defaults or {})), table.concat(fields, "\n"))
end

local function navigation(pages, current)
    local links = {}
    for i, page in ipairs(pages) do
        local here = page == current and ' aria-current="page"' or ""
        links[i] = ('<li><a href="%s.html"%s>%s</a></li>'):format(escape(page.name), here, escape(page.title))
    end
    return table.concat(links, "\n")
end

local function scripts_of(page)
    local has_views = next(page.datasets or {}) ~= nil
    if not has_views then return "" end
    return ([[<script src="assets/dygraph.min.js"></script>
<script src="assets/dashboard.js"></script>
<script src="data/%s.js"></script>]]):format(escape(page.name))
end

-- Charts set the style of what they draw. Opened as a file, a page has no origin, and its own files are "file:".
local security = "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; "
    .. "connect-src 'self'"

local document = [[
<!doctype html>
<html lang="en"%s>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="%s">
<title>%s – %s</title>
<link rel="stylesheet" href="assets/dygraph.min.css">
<link rel="stylesheet" href="assets/dashboard.css">
%s
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<p class="site">%s</p>
<nav aria-label="Pages"><ul>
%s
</ul></nav>
</header>
<main id="main">
<h1>%s</h1>
%s
%s
%s
</main>
<footer><p>Made by uhost on %s UTC.</p></footer>
</body>
</html>
]]

--- The document of a page.
---@param page dashboard.Page
---@param pages dashboard.Page[]  all of them, for the navigation
---@param site { title: string, made_at: string, live: string? }  live: the address that says when pages have changed
---@return string
function M.document(page, pages, site)
    local blocks = {}
    for _, block in ipairs(page.blocks or {}) do blocks[#blocks + 1] = write[block.kind](block) end
    for _, view in ipairs(page.views or {}) do blocks[#blocks + 1] = view_of(view) end
    local introduction = page.introduction and ("<p>%s</p>"):format(escape(page.introduction)) or ""
    local live = site.live and (' data-live="%s"'):format(escape(site.live)) or ""
    return document:format(live, security, escape(page.title), escape(site.title), scripts_of(page), escape(site.title),
        navigation(pages, page), escape(page.title), introduction, filter_of(page), table.concat(blocks, "\n"),
        escape(site.made_at))
end

--- The script that gives a page its data.
---@param page dashboard.Page
---@return string
function M.data(page)
    local lines = {}
    for _, name in ipairs(tables.sorted_keys(page.datasets)) do
        lines[#lines + 1] = ("dashboard.dataset(%s, %s);\n"):format(json.encode(name), page.datasets[name])
    end
    return table.concat(lines)
end

return M
