---@meta uhost.toml

--- TOML 1.0 documents, such as other programs' settings, as tables.
---@class uhost.toml
toml = {}

--- The tables, lists and values of a document. Dates and times are text, as RFC 3339 writes them. Raises `toml.syntax`
--- with `details.line` and `details.column` (also for brackets nested deeper than 64 levels), `toml.too_large`,
--- `toml.depth` (deeper than 200 levels, or a key of more than 100 parts), and `toml.integer` beyond 2^53.
---
--- ```lua
--- print(toml.decode("[package]\nname = 'uhost'").package.name)  --> uhost
--- ```
---@param text string  UTF-8
---@param options? { max_bytes?: integer }  default: 16 MiB
---@return table<string, any>
function toml.decode(text, options) end
