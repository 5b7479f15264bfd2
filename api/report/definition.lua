---@meta uhost.report

--- Reports: written once, rendered as text, Markdown, JSON, HTML and CSV.
---
--- What goes into a report is data: it gains no formatting in any format, and only `url` fields become links, if they
--- are http or https. In Markdown, `@name`, `#12`, `GH-12` and addresses in data get a zero-width space, so that nobody
--- is notified and nothing is linked; in CSV, text that a spreadsheet would compute (it begins with = + - @ or a tab)
--- gets a leading `'`, numbers excepted. Secrets are masked.
---
--- A cell, a paragraph and a fact's value are content: a string, a number, a boolean, nothing, a `report.Link`, or a
--- list of these, which are put together.
---@class uhost.report
report = {}

---@class report.Link
---@field text any
---@field url? string  http or https; anything else leaves the text alone
---@field style? string  as of `term.style`, in text on a terminal
---@field code? boolean  what is typed or printed somewhere: a name, a command
---@field strong? boolean

--- A new report.
---
--- ```lua
--- local r = report.new{ title = "Crash tests" }
--- r:facts{ { "Deleted files", 12 }, { "Since", "2024-01-01" } }
--- r:table{
---     title = "Out of sync",
---     columns = { { key = "issue", title = "Issue" }, { key = "files", title = "Files" } },
---     rows = { { issue = { text = "#12", url = "https://github.com/o/r/issues/12" }, files = "12.rs\n12-2.rs" } },
--- }
--- io.write(r:render("markdown"))
--- ```
---@param options? { title?: string }
---@return report.Report
function report.new(options) end

--- A report. What adds to it returns it.
---@class report.Report
local Report = {}

--- Adds a paragraph.
---@param content any
---@return report.Report
function Report:text(content) end

--- Adds a heading.
---@param content any
---@param level? 2 | 3  default 2
---@return report.Report
function Report:heading(content, level) end

--- Adds lines as they are: of a log, or to be typed.
---@param lines string[]
---@param options? { first_line?: integer, marked?: integer, language?: string }  first_line: the number of the first
---  line, for lines that show theirs; marked: the number of the line to look at; language: a word for Markdown's reader
---@return report.Report
function Report:code(lines, options) end

--- Adds a list of contents.
---@param items any[]
---@param options? { ordered?: boolean }
---@return report.Report
function Report:list(items, options) end

--- Adds names with their values.
---@param facts any[][]  { { "name", content }, … }
---@return report.Report
function Report:facts(facts) end

---@class report.Column
---@field key? string | integer  the field of a row; default: its position
---@field title? string  default: the key
---@field align? "left" | "right" | "center"  default: right for numbers, else left
---@field wrap? boolean  in text, false cuts long cells off with "…"
---@field style? string  in text on a terminal, as of `term.style`

---@class report.Table
---@field title? string
---@field columns (report.Column | string)[]
---@field rows table[]  by key, or lists
---@field empty? string  what to say when there are no rows, default "None."

--- Adds a table.
---@param options report.Table
---@return report.Report
function Report:table(options) end

---@class report.RenderOptions
---@field width? integer  of text, default `term.width()`
---@field color? boolean  of text, default false
---@field table? string | integer  of CSV: only the table of that title or number

--- The report as text in a format.  Raises `report.format` for one that there is not.
---
--- - `text`: tables fit the width; with `color`, links can be followed on terminals that know them.
--- - `markdown`: GitHub's.
--- - `html`: one page without scripts or other files, light or dark as the reader has it.
--- - `csv` (RFC 4180): the tables only, an empty line between them; after a column with links comes one of URLs.
---   Control characters and bytes that are no UTF-8 become visible.
--- - `json`: `{version: 1, title, blocks: […]}`. A block is `{type: "text", text}`, `{type: "heading", text, level}`,
---   `{type: "facts", facts: [{name, value}]}`, `{type: "code", lines, first_line, marked}`,
---   `{type: "list", ordered, items}` or
---   `{type: "table", title, columns: [{key, title, align}], rows: [{KEY: content}]}`. Content is null, a string, a
---   number or a boolean, `{text, url}`, or an array of these. Fields may be added, not changed.
---@param format "text" | "markdown" | "json" | "html" | "csv"
---@param options? report.RenderOptions
---@return string
function Report:render(format, options) end
