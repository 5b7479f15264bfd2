-- The model itself, in the shape that definition.lua documents.
local function is_finite(value) return value == value and math.abs(value) ~= math.huge end

local function piece_value(piece)
    local value = piece.text
    if piece.value ~= nil and (type(piece.value) ~= "number" or is_finite(piece.value)) then value = piece.value end
    if piece.url then return { text = value, url = piece.url } end
    return value
end

local function content_value(pieces)
    if #pieces == 0 then return json.null end
    if #pieces == 1 then return piece_value(pieces[1]) end
    local list = json.array{}
    for i, piece in ipairs(pieces) do list[i] = piece_value(piece) end
    return list
end

local write = {}
function write.text(block) return { type = "text", text = content_value(block.content) } end
function write.heading(block)
    return { type = "heading", text = content_value(block.content), level = block.level }
end
function write.code(block)
    return {
        type = "code", lines = json.array(block.lines), first_line = block.first_line or json.null,
        marked = block.marked or json.null,
    }
end
function write.list(block)
    local items = json.array{}
    for i, item in ipairs(block.items) do items[i] = content_value(item) end
    return { type = "list", ordered = block.ordered, items = items }
end
function write.facts(block)
    local facts = json.array{}
    for i, fact in ipairs(block.facts) do facts[i] = { name = fact.name, value = content_value(fact.content) } end
    return { type = "facts", facts = facts }
end
function write.table(block)
    local columns, rows = json.array{}, json.array{}
    for i, column in ipairs(block.columns) do
        columns[i] = { key = tostring(column.key), title = column.title, align = column.align }
    end
    for i, row in ipairs(block.rows) do
        rows[i] = {}
        for j, pieces in ipairs(row) do rows[i][tostring(block.columns[j].key)] = content_value(pieces) end
    end
    return { type = "table", title = block.title or json.null, columns = columns, rows = rows }
end

return function(model)
    local blocks = json.array{}
    for i, block in ipairs(model.blocks) do blocks[i] = write[block.kind](block) end
    local whole = { version = 1, title = model.title or json.null, blocks = blocks }
    return json.encode(whole, { indent = 2, invalid_utf8 = "replace" }) .. "\n"
end
