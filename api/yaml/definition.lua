---@meta uhost.yaml
--- YAML 1.2 with the place of everything in it, and edits that keep comments, order and quoting. `on`, `yes` and `no`
--- are strings, by the core schema. Anchors, aliases and merge keys (`<<`) are followed; limits count what they expand
--- to. A key that stands twice in a mapping is an error. A document that is wrong raises `yaml.syntax`,
--- `yaml.duplicate_key`, `yaml.key`, `yaml.alias`, `yaml.depth` or `yaml.documents`, each with `details.line` and
--- `details.column`, or `yaml.too_large`.
---@class uhost.yaml
yaml = {}

---@class yaml.Node
---@field kind "scalar"|"sequence"|"mapping"
---@field line integer  from 1
---@field column integer  in characters, from 1
---@field first integer  its first byte in the text, without anchor and tag: text:sub(node.first, node.last)
---@field last integer  its last byte; first - 1 when nothing is written
---@field style "plain"|"single"|"double"|"literal"|"folded"|"block"|"flow"
---@field anchor? string
---@field tag? string
---@field text? string  of a scalar, without quotes: "3.10"
---@field value any  as plain values, by the core schema: 3.1 for the text "3.10"; json.null for null
---@field doubt? string  of a scalar that is probably not what was meant: `3.10` is the number 3.1
---@field items? yaml.Node[]  of a sequence
---@field entries? yaml.Entry[]  of a mapping, in their order; merged ones last

---@class yaml.Entry
---@field key yaml.Node
---@field value yaml.Node
---@field merged? boolean  comes from another mapping, by `<<`

---@class yaml.Change
---@field path (string|integer)[]  keys and positions: { "jobs", "build", "steps", 1 }
---@field set? any  the new value; a key that the mapping does not have is added at its end
---@field append? any  a new last item of the sequence at the path
---@field insert? any  a new item in front of the one at the path
---@field remove? boolean

--- A document as nodes, which know their places.
--- ```lua
--- local root = yaml.parse("jobs:\n  build: # main job\n    timeout-minutes: 30\n")
--- local minutes = yaml.get(root, "jobs", "build", "timeout-minutes")
--- print(minutes.value, minutes.line, minutes.column)  --> 30  3  22
--- ```
---@param text string
---@param options? { max_bytes?: integer, max_nodes?: integer, depth?: integer }
---  default: 1 MiB, 200,000 nodes with aliases expanded, 100 levels
---@return yaml.Node
function yaml.parse(text, options) end

--- A document as plain values: keys are strings, sequences are lists that stay arrays, null is `json.null`.
--- ```lua
--- print(yaml.decode("on: [push]\nversion: '3.10'").version)  --> 3.10
--- ```
---@param text string
---@param options? { max_bytes?: integer, max_nodes?: integer, depth?: integer }  as for `parse`
---@return any
function yaml.decode(text, options) end

--- A node as plain values.
---@param node yaml.Node
---@return any
function yaml.value(node) end

--- The node at a path of keys and positions below another; nil when there is none.
---@param node yaml.Node
---@param ... string|integer
---@return yaml.Node?
function yaml.get(node, ...) end

--- The YAML of a value, in block style, with keys in byte order. Strings that another reader could take for something
--- else are quoted. Raises `yaml.encode` for what has no form in YAML, and `yaml.depth`.
--- ```lua
--- io.write(yaml.encode({ on = { "push" }, python = "3.10" }))
--- ```
---@param value any
---@return string
function yaml.encode(value) end

--- The text with changes made to it, one after the other; everything else stays byte by byte. Raises `yaml.edit` for a
--- path that is not there, and where the source is written in a way that the edit does not know: an edited text always
--- says what was asked for.
--- ```lua
--- local text = "jobs:\n  build:\n    steps: [] # none yet\n"
--- io.write(yaml.edit(text, { { path = { "jobs", "build", "timeout-minutes" }, set = 20 } }))
--- ```
---@param text string
---@param changes yaml.Change[]
---@return string
function yaml.edit(text, changes) end
