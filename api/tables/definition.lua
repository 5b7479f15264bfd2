---@meta uhost.tables

--- What scripts often do with tables and Lua's `table` library lacks.
---@class uhost.tables
tables = {}

--- The keys of a table in an order that is the same at every run: numbers, then strings, each ascending. With several
--- tables, the keys that any of them has.
---
--- ```lua
--- for _, name in ipairs(tables.sorted_keys(counts)) do print(name, counts[name]) end
--- ```
---@param ... table
---@return any[]
function tables.sorted_keys(...) end

--- The items of a list as keys, each true: to ask quickly whether something is in it.
---
--- ```lua
--- local vowels = tables.set({ "a", "e", "i", "o", "u" })
--- print(vowels.e, vowels.x)  --> true	nil
--- ```
---@param list any[]
---@return table<any, true>
function tables.set(list) end

--- A copy of a value and of every table in it. A table that is in it twice, or holds itself, is copied once. Metatables
--- are shared, not copied.
---
--- ```lua
--- local changed = tables.copy(defaults)
--- changed.limits.time_s = 5
--- ```
---@generic T
---@param value T
---@return T
function tables.copy(value) end

--- Whether a value is a table whose only keys are 1 to its length. The empty table is one.
---
--- ```lua
--- tables.is_list{ 1, 2 }         --> true
--- tables.is_list{ 1, name = 2 }  --> false
--- ```
---@param value any
---@return boolean
function tables.is_list(value) end
