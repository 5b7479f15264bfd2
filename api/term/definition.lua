---@meta uhost.term

--- What a terminal shows: colours, progress bars, tables that fit, and text measured in columns. Colours follow
--- `--color`, `NO_COLOR` and whether the stream is a terminal; bars are drawn on standard error.
---
--- Text that is measured, broken or put into a table may come from anywhere: control characters are made visible, and
--- secrets masked.
---@class uhost.term
term = {}

--- The columns of the terminal: `COLUMNS` if set, what the terminal says, or 80.  At least 20.
---@return integer
function term.width() end

--- Whether a stream is a terminal. Progress bars are drawn where standard error is one.
---@param stream? "stdin" | "stdout" | "stderr"  default "stderr"
---@return boolean
function term.is_terminal(stream) end

--- Whether a stream takes colours.
---@param stream? "stdout" | "stderr"  default "stdout"
---@return boolean
function term.color(stream) end

--- Text in a style, where the stream takes colours; otherwise the text as it is.  Styles: bold, dim, italic,
--- underline, reverse, black, red, green, yellow, blue, magenta, cyan, white, gray.
---
--- ```lua
--- print(term.style("failed", "bold red"))
--- ```
---@param text string | number
---@param style string  names with spaces in between
---@param stream? "stdout" | "stderr"  where it will be written, default "stdout"
---@return string
function term.style(text, style, stream) end

--- Text as a link, where the stream takes colours; otherwise the text as it is.  Terminals that do not know links show
--- the text. An address that is not http or https makes no link.
---
--- ```lua
--- print(term.link("#12345", "https://github.com/rust-lang/rust/issues/12345"))
--- ```
---@param text string | number
---@param url string
---@param stream? "stdout" | "stderr"  where it will be written, default "stdout"
---@return string
function term.link(text, url, stream) end

--- Text with everything that a terminal would act on made visible: ESC becomes ␛, a change of direction <U+202E>, a
--- byte that is no UTF-8 �. Newlines and tabs stay.
---@param text string
---@return string
function term.visible(text) end

--- Text in which, inside GitHub Actions, no line is a workflow command such as `::error::`; elsewhere the text as it
--- is. For pages put together from foreign text; `term.table` does it by itself.
---@param text string
---@return string
function term.without_commands(text) end

--- `term.visible`, then `term.without_commands`: how a script shows a line of text from outside.
---
--- ```lua
--- print(term.untrusted("a\27[31mb"))  --> a␛[31mb
--- ```
---@param text string
---@return string
function term.untrusted(text) end

--- How many columns text takes: two for East Asian wide characters and emoji, none for combining marks.
---@param text string
---@return integer
function term.display_width(text) end

--- Text, or as much of it as fits, and "…".
---@param text string
---@param columns integer
---@return string
function term.truncate(text, columns) end

--- Text as lines that fit, broken at spaces where possible.
---@param text string
---@param columns integer
---@return string[]
function term.wrap(text, columns) end

---@class term.ProgressOptions
---@field title? string
---@field total? number  how much there is to do; without it there is no bar, percentage or time left
---@field unit? "bytes"  shows amounts as B, KiB, MiB …

--- Shows how far some work is: on a terminal a bar with rate and time left, redrawn in place below what is written,
--- elsewhere a line every 10 % or 10 s, but no more than one a second. `-q` shows nothing. Several may be shown at
--- once. A bar that is forgotten, or left by an error, leaves the screen.
---
--- ```lua
--- local progress = term.progress{ title = "Reading", total = #files }
--- for _, file in ipairs(files) do
---     read(file)
---     progress:advance()
--- end
--- progress:finish()
--- ```
---@param options term.ProgressOptions
---@return term.Progress
function term.progress(options) end

---@class term.Column
---@field key? string | integer  the field of a row; default: its position
---@field title? string  default: the key
---@field align? "left" | "right" | "center"  default: right for numbers, else left
---@field wrap? boolean  false cuts long text off with "…"; default true
---@field style? string  as of `term.style`

---@class term.Cell
---@field text any
---@field url? string  http or https; a link on terminals that know them, where colours are on
---@field style? string

---@class term.TableOptions
---@field columns (term.Column | string)[]
---@field rows table[]  by key, or lists; cells are strings, numbers, booleans, nil or `term.Cell`
---@field width? integer  default `term.width()`
---@field color? boolean  default: whether standard output takes colours

--- A table as text that fits the width.  Wide columns share what narrow ones leave, and their text wraps; when too
--- little is left to read, each field gets a line of its own.
---
--- ```lua
--- io.write(term.table{
---     columns = { { key = "issue", title = "Issue" }, { key = "title", title = "Title" } },
---     rows = { { issue = 12345, title = "A long title" } },
--- })
--- ```
---@param options term.TableOptions
---@return string
function term.table(options) end

--- A bar.
---@class term.Progress
local Progress = {}

--- So much more is done.
---@param count? number  default 1
function Progress:advance(count) end

--- So much is done, of so much.
---@param done number
---@param total? number
function Progress:set(done, total) end

--- Takes the bar off the screen and says what was done, and how fast.
---@param summary? string  what to say instead
function Progress:finish(summary) end
