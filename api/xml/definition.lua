---@meta uhost.xml
--- XML documents, such as feeds and test reports, as tables. Entities that a document declares are not expanded and
--- nothing is fetched, so a hostile document costs no more than its size.
---@class uhost.xml
xml = {}

---@class xml.Element
---@field name string  with its prefix: "atom:link"
---@field attributes table<string, string>
---@field children (xml.Element | string)[]  elements and texts, in their order

--- The root element of a document. Raises `xml.syntax` with `details.line` and `details.column`, `xml.too_large`, and
--- `xml.depth`.
--- ```lua
--- local feed = xml.decode("<feed><entry><title>1.84.0</title></entry></feed>")
--- print(xml.text(xml.first(xml.first(feed, "entry"), "title")))  --> 1.84.0
--- ```
---@param text string  in the encoding that it declares
---@param options? { max_bytes?: integer, depth?: integer }  default: 64 MiB, 200 levels
---@return xml.Element
function xml.decode(text, options) end

--- The first child element of a name; nil when there is none. The prefix of a namespace may be left out.
---@param element xml.Element
---@param name string
---@return xml.Element?
function xml.first(element, name) end

--- All child elements of a name.
---@param element xml.Element
---@param name string
---@return xml.Element[]
function xml.all(element, name) end

--- The text in an element and below it; nil for nil.
---@param element xml.Element?
---@return string?
function xml.text(element) end
