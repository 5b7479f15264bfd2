---@meta uhost.re
--- Regular expressions: PCRE2's, which are Perl's (https://www.pcre.org/current/doc/html/pcre2pattern.html).
---
--- The text comes first, then the pattern: `re.match(text, pattern)`. Compile a pattern that is used often or with a
--- start or a limit: `re.compile(pattern):match(text, start)`. Both keep the last few hundred patterns compiled.
---
--- Flags are letters: `i` caseless, `m` ^ and $ at line ends too, `s` the dot matches newlines too, `x` blanks and
--- #-comments in the pattern are ignored, `n` plain parentheses do not capture, `b` characters are bytes. Without `b`
--- pattern and text are UTF-8; bytes in a text that are not match nothing, and are no error. `\d`, `\w` and `\s` are
--- ASCII's; `\pL` and its like are Unicode's. A newline is "\n".
---
--- Positions are bytes, from 1, as in Lua's `string`. A malformed pattern raises `re.syntax`, with `details.position`
--- and `details.excerpt`, which has a caret below the place. A match that takes more than ten million steps, 64 MiB or
--- 16 MiB of stack raises `re.limit`; that is never "no match".
---@class uhost.re
re = {}

--- What a match captured: the whole at 0, groups at their numbers and under their names. A group that took no part in
--- the match is absent.
---@alias re.Captures table<integer|string, string>

---@class re.Match
---@field first integer  where the match begins
---@field last integer  where it ends; `first - 1` when it is empty
---@field captures re.Captures
---@field spans table<integer|string, integer[]>  {first, last} of each group that took part, by number and by name

---@class re.LineMatch
---@field line_number integer  from 1
---@field line string  without its newline
---@field captures re.Captures

--- What replaces a match: a text in which $1, ${1} and ${name} stand for groups, $0 for the match and $$ for a dollar
--- sign; a table that is asked with the first group, or the match when there is no group; or a function that gets the
--- captures, and may wait. Of the latter two, nil and false keep the match.
---@alias re.Replacement string|table|fun(captures: re.Captures): string|false|nil

---@alias re.Flags string|{ flags?: string, utf?: boolean }

--- What a part of a pattern can be: one character of a set; parts after each other; one of several; a part repeated; in
--- parentheses; a place; what must or must not stand before or after a place; what a group captured; a group called;
--- what depends on a condition; a change of flags; "(*COMMIT)" and the like; "(?C1)"; \R; \X; \K.
---@alias re.NodeType
---| "set"|"sequence"|"choice"|"repeat"|"group"|"assertion"|"look"|"reference"|"call"|"condition"|"options"|"verb"
---| "callout"|"line_break"|"grapheme"|"keep"

--- A part of a pattern: see `re.parse`.
---@class re.Node
---@field type re.NodeType
---@field first integer  where it is written, in bytes
---@field last integer
---@field items? re.Node[]  of a sequence or choice; of a condition, the assertion that it depends on and what follows
---@field item? re.Node  of a repeat, group or look
---@field set? re.CharacterSet
---@field code? integer  of a set: the one character that the pattern gives, whatever it folds to
---@field min? integer  of a repeat
---@field max? integer  nil without a limit
---@field lazy? boolean
---@field possessive? boolean
---@field kind? "text_start"|"line_start"|"text_end"|"last_line_end"|"line_end"|"word"|"not_word"|"search_start"  of an
---    assertion: \A, ^ with `m`, \z, \Z, $ with `m`, \b, \B, \G
---@field ahead? boolean  of a look
---@field negative? boolean  of a look
---@field number? integer  of a group that captures, or of a reference
---@field name? string  of a group, reference or call; of a verb, what is in it
---@field atomic? boolean  of a group
---@field options? string  letters that a group sets

--- Characters: `true` at the codes 0 to 127 that are in it.
---@class re.CharacterSet
---@field beyond? "some"|"all"  of the characters beyond ASCII
---@field inexact? boolean  it may hold more than the pattern's does

--- A compiled pattern.
---@class re.Pattern
local Pattern = {}

--- The captures of the first match, or nil.
---@param subject string
---@param start? integer  where to begin, 1 by default; what is before it can still be looked at
---@return re.Captures?
function Pattern:match(subject, start) end

--- Where the first match begins and ends, and its captures; or nil.
---@param subject string
---@param start? integer
---@return integer? first, integer? last, re.Captures? captures
function Pattern:find(subject, start) end

--- The first match with where each of its groups is, or nil.
---@param subject string
---@param start? integer
---@return re.Match?
function Pattern:exec(subject, start) end

--- Whether there is a match.
---@param subject string
---@param start? integer
---@return boolean
function Pattern:test(subject, start) end

--- How many matches there are; they do not overlap.
---@param subject string
---@return integer
function Pattern:count(subject) end

--- How many steps a search takes until it finds a match, or none: places where it begins or goes on behind a repeat,
--- and the bytes read between them. The answer is the same on every machine, and is what budgets of `kb` are in. nil
--- when it takes more than `max_steps`.
---@param subject string
---@param max_steps integer
---@return integer?
function Pattern:count_steps(subject, max_steps) end

--- An iterator over all matches: captures, first, last.
---@param subject string
---@return fun(): re.Captures?, integer?, integer?
function Pattern:gmatch(subject) end

--- The subject with matches replaced, and how many were. Raises `re.replacement` for a text that is malformed or names
--- no group.
---@param subject string
---@param replacement re.Replacement
---@param limit? integer  the most matches to replace; by default all
---@return string result, integer count
function Pattern:gsub(subject, replacement, limit) end

--- The pieces of the subject between matches. An empty match splits between characters.
---@param subject string
---@param limit? integer  the most pieces; the last holds the rest
---@return string[] pieces
function Pattern:split(subject, limit) end

--- Compiles a pattern.
--- ```lua
--- local panic = re.compile([[thread '(?<thread>[^']+)' panicked at (?<place>\S+:\d+:\d+)]])
--- local found = panic:match(log_text)
--- if found then print(found.thread, found.place) end
--- ```
---@param pattern string
---@param flags? re.Flags  letters as above; `utf = false` is the flag `b`
---@return re.Pattern
function re.compile(pattern, flags) end

--- The captures of the first match of a pattern in a text, or nil.
--- ```lua
--- print(re.match("test core::net ... FAILED", [[test (\S+)]])[1])  --> core::net
--- ```
---@param subject string
---@param pattern string|re.Pattern
---@param flags? re.Flags
---@return re.Captures?
function re.match(subject, pattern, flags) end

--- Where the first match begins and ends, and its captures; or nil.
---@param subject string
---@param pattern string|re.Pattern
---@param flags? re.Flags
---@return integer? first, integer? last, re.Captures? captures
function re.find(subject, pattern, flags) end

--- Whether there is a match.
---@param subject string
---@param pattern string|re.Pattern
---@param flags? re.Flags
---@return boolean
function re.test(subject, pattern, flags) end

--- How many matches there are; they do not overlap.
---@param subject string
---@param pattern string|re.Pattern
---@param flags? re.Flags
---@return integer
function re.count(subject, pattern, flags) end

--- An iterator over all matches: captures, first, last.
--- ```lua
--- for found in re.gmatch("a=1 b=2", [[(?<key>\w)=(?<value>\d)]]) do print(found.key, found.value) end
--- ```
---@param subject string
---@param pattern string|re.Pattern
---@param flags? re.Flags
---@return fun(): re.Captures?, integer?, integer?
function re.gmatch(subject, pattern, flags) end

--- The subject with all matches replaced, and how many there were.
--- ```lua
--- print(re.gsub("2026-01-31", [[(\d+)-(\d+)-(\d+)]], "$3.$2.$1"))  --> 31.01.2026  1
--- ```
---@param subject string
---@param pattern string|re.Pattern
---@param replacement re.Replacement
---@param flags? re.Flags
---@return string result, integer count
function re.gsub(subject, pattern, replacement, flags) end

--- The pieces of the subject between matches.
---@param subject string
---@param pattern string|re.Pattern
---@param flags? re.Flags
---@return string[] pieces
function re.split(subject, pattern, flags) end

--- A text as a pattern that matches just it.
---@param text string
---@return string pattern
function re.escape(text) end

--- How many groups a pattern captures, and the numbers of those that have names; of several with one name, of the
--- first. Raises `re.syntax`.
---@param pattern string
---@param flags? re.Flags
---@return { count: integer, names: table<string, integer> }
function re.groups(pattern, flags) end

--- What a pattern consists of: a tree, with where in the pattern each part is written. nil for a pattern with a
--- part that is not known here, as a later PCRE2 may have. Raises `re.syntax`.
---
--- ```lua
--- local tree = re.parse("a{2,3}|[^b]")
--- print(tree.type, tree.items[1].items[1].max)  --> choice 3
--- ```
---@param pattern string
---@param flags? re.Flags
---@return re.Node?
function re.parse(pattern, flags) end

--- An iterator over the lines of a file that match, each with the captures of its first match. The file is searched on
--- the worker pool, in memory that does not grow with it; other tasks run meanwhile.
---
--- Each line is searched as if it were alone: ^ and $ are its ends, and nothing matches across lines. A line ends at
--- "\n"; a carriage return before that belongs to it (`\r?$`). Raises `file.read`, and `re.limit` for a line of more
--- than 64 MiB.
--- ```lua
--- for found in re.scan_file("ci.log", [[^error\[(?<code>E\d+)\]: (?<text>.*)]], { limit = 10 }) do
---     print(found.line_number, found.captures.code, found.captures.text)
--- end
--- ```
---@param path string
---@param pattern string|re.Pattern
---@param options? { limit?: integer, flags?: re.Flags }  limit: the most lines
---@return fun(): re.LineMatch?
function re.scan_file(path, pattern, options) end

--- How many lines of a file match; see `re.scan_file`. A large file is counted on all processors.
---@param path string
---@param pattern string|re.Pattern
---@param options? { flags?: re.Flags }
---@return integer lines
function re.count_file(path, pattern, options) end
