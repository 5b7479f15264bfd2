---@meta uhost.line_editor
--- Lines that a person types. On a terminal they are edited, with a history and completion; elsewhere they are read as
--- they come, without a prompt. Other tasks run on meanwhile.
---
--- Keys are those of Emacs, or what the user's `~/.editrc` says (`bind -v` for vi); Control-R searches the history,
--- pasted text is inserted as it is. On a terminal that cannot move the cursor (`TERM=dumb`) there is a prompt and no
--- editing.
---@class uhost.line_editor
line_editor = {}

--- Opens standard input for reading lines; one editor at a time.
--- ```lua
--- local editor = line_editor.open()
--- print(editor:read("name: "))
--- ```
---@return line_editor.Editor
function line_editor.open() end

---@class line_editor.Editor
local Editor = {}

--- Reads a line; nil at the end of input (Control-D on an empty line). Pasted text may hold newlines.
---
--- The Tab key calls `complete(text, cursor)` with what has been typed and the bytes before the cursor. It returns what
--- to insert at the cursor, and lines to show below, each ended by a newline; either may be nil. It may wait.
---
--- Raises `line_editor.busy` while another task reads, and `line_editor.start` when the terminal cannot be used.
---@param prompt string  may hold colours, and ends with a character, not a colour
---@param complete? fun(text: string, cursor: integer): string?, string?
---@return string? line
function Editor:read(prompt, complete) end

--- Adds an entry to the history, with secrets masked; also under a dry run, since what was typed was typed. Raises
--- `file.write` when it cannot be kept.
---@param entry string
function Editor:remember(entry) end

--- Begins with the entries of earlier sessions, and keeps what is remembered from now on: in the state folder, in
--- `NAME.history`, which only the user can read. Raises `file.read`, `file.write`, and what making that folder raises.
---@param name string
function Editor:keep_history(name) end

--- Whether a person types on a terminal.
---@return boolean
function Editor:is_interactive() end
