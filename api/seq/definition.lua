---@meta uhost.seq
--- Questions to lists and iterators: `seq(repo:log{ limit = 500 }):count_by("author"):top(3, "count")`.
---
--- Steps are lazy: each asks for the next item when one is needed, so that `take` ends a long walk. A sequence is read
--- once. Where a step takes a `key`, it is a function of the item, or the name of a field ("author", "head.sha"). nil
--- ends a sequence, so items that are nil do not exist: `map` and `flat_map` leave them out.
---@class uhost.seq
---@overload fun(source: table | function, state?: any, control?: any): seq.Seq
seq = {}

--- A sequence of a list's items or of what an iterator gives first; `seq(source)` is short for it.
--- ```lua
--- local sizes = seq.of({ 3, 1, 2 }):map(function(n) return n * 10 end):list()
--- for line in seq(("b\na\nb"):gmatch("%a")):unique() do print(line) end
--- ```
---@param source table | function  a list, an iterator, or a sequence
---@param state? any  of the iterator, as `pairs` returns it
---@param control? any
---@return seq.Seq
function seq.of(source, state, control) end

---@alias seq.Key string | integer | fun(item: any): any

---@class seq.Seq
local Seq = {}

--- What `transform` makes of each item; a field's name gives the field.
---@param transform seq.Key
---@return seq.Seq
function Seq:map(transform) end

--- The items for which `condition` gives neither false nor nil.
---@param condition seq.Key
---@return seq.Seq
function Seq:filter(condition) end

--- The parts of all items, one after the other: `parts` gives a list or an iterator. `combine(part, item)` makes of
--- each what comes out.
--- ```lua
--- local commits = { { author = "A", files = { "x", "y" } }, { author = "B", files = { "x" } } }
--- local top = seq(commits):flat_map("files"):count_by():first()
--- print(top.key, top.count)   --> x  2
--- ```
---@param parts seq.Key
---@param combine? fun(part: any, item: any): any
---@return seq.Seq
function Seq:flat_map(parts, combine) end

--- At most so many items, from the start.
---@param count integer
---@return seq.Seq
function Seq:take(count) end

--- All items but the first `count`.
---@param count integer
---@return seq.Seq
function Seq:drop(count) end

--- Of the items with an equal key, the first.
---@param key? seq.Key  default: the item itself
---@return seq.Seq
function Seq:unique(key) end

--- The items by their key: numbers before strings, items without one last; those with an equal key keep their order.
---@param key? seq.Key  default: the item itself
---@param direction? "ascending" | "descending"  default "ascending"
---@return seq.Seq
function Seq:sort_by(key, direction) end

--- The `count` items with the greatest keys, greatest first.
---@param count integer
---@param key? seq.Key  default: the item itself
---@return seq.Seq
function Seq:top(count, key) end

---@class seq.Group
---@field key any
---@field count integer
---@field items any[]

--- The items with equal keys together, in the order in which the keys came first. Items without one are left out.
---@param key? seq.Key  default: the item itself
---@return seq.Seq groups  of `seq.Group`
function Seq:group(key) end

---@class seq.Count
---@field key any
---@field count integer

--- How many items each key has, the most frequent first.
---@param key? seq.Key  default: the item itself
---@return seq.Seq counts  of `seq.Count`
function Seq:count_by(key) end

--- All items, as a list.
---@return any[]
function Seq:list() end

--- The first item; nil when there is none.
---@return any
function Seq:first() end

--- How many items there are.
---@return integer
function Seq:count() end

--- The sum of the items, or of their keys; an item without one counts as 0.
---@param key? seq.Key  default: the item itself
---@return number
function Seq:sum(key) end
