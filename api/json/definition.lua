---@meta uhost.json
--- JSON text to Lua values and back.
---
--- Objects become tables with string keys, arrays become lists that stay arrays even when they are empty, null becomes
--- `json.null` (which is true in a condition). Numbers are doubles: whole numbers are exact up to 2^53. Text is UTF-8
--- throughout; a byte order mark before it is passed over, anything after the value is an error.
---@class uhost.json
---@field null lightuserdata  JSON's null; equal to the null of other JSON libraries for LuaJIT
json = {}

--- The value that a JSON text stands for. Of equal keys in an object the last wins.
---
--- Raises `json.syntax` with `details.line`, `.column` (in code points, from 1), `.offset` (in bytes, from 1) and
--- `.excerpt`; `json.depth` when arrays and objects nest deeper than `depth`.
--- ```lua
--- local issue = json.decode('{"number": 12345, "labels": []}')
--- print(issue.number, #issue.labels)
--- ```
--- Options: `depth`, the limit of levels, 1 to 1000 (default 128); `big_integers`, what becomes of whole numbers that a
--- double cannot hold: "number", the nearest double, or "string", their digits; `omit_null`, true to leave out the
--- fields of objects that are null (items of arrays keep their place).
---@param text string
---@param options? { depth?: integer, big_integers?: "number"|"string", omit_null?: boolean }
---@return any value
function json.decode(text, options) end

--- The JSON text of a value: the same value always gives the same text, with the fields of objects in byte order.
---
--- A table with the keys 1 to n is an array, one with string keys an object, an empty one `{}` unless it came from an
--- array or went through `json.array`. Metatables are not looked at otherwise. Numbers are written so that reading
--- them gives the same double.
---
--- Raises `json.encode` naming the path to what has no JSON form ("at .issues[3].owner"): functions and the like,
--- cycles, lists with holes or named fields, NaN, infinity, strings that are not UTF-8; `json.depth` when tables nest
--- deeper than `depth`.
--- ```lua
--- print(json.encode({ issues = { 1, 2 }, owner = json.null }, { indent = 2 }))
--- ```
--- Options: `indent`, spaces a level, 0 to 16 (default 0: all on one line); `depth`, the limit of levels, 1 to 1000
--- (default 128); `invalid_utf8`, "error" or "replace", which puts U+FFFD in the place of bytes that are not UTF-8.
---@param value any  anything but nil
---@param options? { indent?: integer, depth?: integer, invalid_utf8?: "error"|"replace" }
---@return string text
function json.encode(value, options) end

--- Marks a list as an array, so that it is written as `[]` when it is empty, and gives it back; without a list, a new
--- one. A table that has a metatable of its own is refused.
--- ```lua
--- print(json.encode({ failures = json.array() }))  --> {"failures":[]}
--- ```
---@param list? table
---@return table list
function json.array(list) end

--- Whether a value is marked as an array: by `json.decode` or by `json.array`.
---@param value any
---@return boolean
function json.is_array(value) end
