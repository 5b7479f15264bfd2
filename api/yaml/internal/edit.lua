-- Edits by the place of nodes in the source: comments, order and quoting of everything else stay as they are.
local encode = require("uhost.yaml.internal.encode")

local M = {}

--- The node at a path of keys and positions, the node around it, and its place there; nil when there is none.
---@param node yaml.Node
---@param path (string|integer)[]
---@return yaml.Node? found
---@return yaml.Node? around
---@return integer? position
function M.find(node, path)
    local around, position
    for _, step in ipairs(path) do
        around, position = node, nil
        if node.kind == "mapping" then
            for i, entry in ipairs(node.entries) do
                if entry.key.text == tostring(step) then
                    position, node = i, entry.value
                    break
                end
            end
        elseif node.kind == "sequence" and node.items[step] then
            position, node = step, node.items[step]
        end
        if not position then return nil end
    end
    return node, around, position
end

local function fail(message, path)
    local words = {}
    for i, step in ipairs(path) do words[i] = tostring(step) end
    uhost.fail("yaml.edit", ("%s: %s"):format(table.concat(words, "."), message))
end

local function splice(text, first, last, new) return text:sub(1, first - 1) .. new .. text:sub(last + 1) end

local function line_start(text, position)
    local start = position
    while start > 1 and text:sub(start - 1, start - 1) ~= "\n" do start = start - 1 end
    return start
end

-- The last byte of the line, with its end.
local function line_end(text, position) return text:find("\n", position, true) or #text end

local function line_feed(text) return text:find("\r\n", 1, true) and "\r\n" or "\n" end

local function single_quoted(value) return "'" .. value:gsub("'", "''") .. "'" end

-- Within braces and brackets, a comma or another bracket would end a plain string.
local function in_flow(value)
    local is_ambiguous = type(value) == "string" and value:find("[%[%]{},]") and not value:find("%c")
    return is_ambiguous and single_quoted(value) or encode.inline(value)
end

local function scalar_like(node, value, is_flow)
    if type(value) == "string" and node.style == "double" then return json.encode(value) end
    if type(value) == "string" and node.style == "single" and not value:find("%c") then return single_quoted(value) end
    return is_flow and in_flow(value) or encode.inline(value)
end

local function is_block_scalar(node) return node.style == "literal" or node.style == "folded" end

-- A literal block keeps its header and indentation.
local function replace_block(text, node, value)
    local header = text:sub(node.first, node.last):match("^[^\r\n]*")
    local indent = text:sub(node.first, node.last):match("\n[\r\n]*( +)") or "  "
    local lines = { header }
    for line in (value:gsub("\n$", "") .. "\n"):gmatch("(.-)\n") do
        lines[#lines + 1] = line == "" and "" or indent .. line
    end
    return splice(text, node.first, node.last, table.concat(lines, line_feed(text)))
end

-- A scalar on one line becomes lines below its key.
local function replace_with_block(text, node, value, key)
    local lines = encode.entry("-", value, key.column - 1)
    local comment = text:match("^[^\r\n]*", node.last + 1)
    lines[1] = lines[1]:gsub("^ *%- ?", "") .. comment
    return splice(text, node.first, node.last + #comment, table.concat(lines, line_feed(text)))
end

local function replace(text, node, value, path, entry, is_flow)
    if type(value) == "string" and node.style == "literal" then return replace_block(text, node, value) end
    if node.kind ~= "scalar" and node.style == "block" and type(value) == "table" then
        local indent = node.column - 1
        local lines = encode.entry("-", value, math.max(0, indent - 2))
        lines[1] = lines[1]:gsub("^ *%- ?", "")
        return splice(text, node.first, node.last, table.concat(lines, line_feed(text)))
    end
    if is_block_scalar(node) and type(value) == "table" then
        fail("a block of text cannot become a collection", path)
    end
    if type(value) == "string" and value:find("\n", 1, true) and entry and node.kind == "scalar"
        and not is_block_scalar(node) then
        return replace_with_block(text, node, value, entry.key)
    end
    local new = node.kind == "scalar" and scalar_like(node, value, is_flow) or encode.inline(value)
    if node.last < node.first and text:sub(node.first - 1, node.first - 1) == ":" then new = " " .. new end
    return splice(text, node.first, node.last, new)
end

local function insert_flow(text, node, new)
    local inner = text:sub(node.first + 1, node.last - 1)
    local kept = inner:match("^(.-),?%s*$")
    local head = text:sub(1, node.first) .. kept
    local empty = not kept:find("%S")
    local rest = inner:sub(#kept + 1):gsub("^,", "")
    return head .. (empty and new or ", " .. new) .. rest .. text:sub(node.last)
end

local function insert_lines(text, node, lines)
    local at = line_end(text, math.max(node.last, node.first))
    local feed = line_feed(text)
    local head = text:sub(1, at)
    if head:sub(-1) ~= "\n" then head = head .. feed end
    return head .. table.concat(lines, feed) .. feed .. text:sub(at + 1)
end

local function insert(text, node, key, value, path)
    if node.kind == "mapping" and node.style == "block" then
        return insert_lines(text, node, encode.entry(encode.string(key) .. ":", value, node.column - 1))
    elseif node.kind == "mapping" then
        return insert_flow(text, node, encode.string(key) .. ": " .. in_flow(value))
    end
    return fail("only a mapping takes a new key", path)
end

local function append(text, node, value, path)
    if node.kind ~= "sequence" then fail("only a sequence takes a new item", path) end
    if node.style == "flow" then return insert_flow(text, node, in_flow(value)) end
    return insert_lines(text, node, encode.entry("-", value, node.column - 1))
end

-- A new item in front of another. Comments above the other stay with it.
local function insert_item(text, around, position, value, path)
    if not around or around.kind ~= "sequence" then fail("only a sequence takes a new item", path) end
    local item = around.items[position]
    if around.style == "flow" then return splice(text, item.first, item.first - 1, in_flow(value) .. ", ") end
    local dash = text:sub(1, item.first - 1):match("^.*()%-")
    local start = line_start(text, dash)
    if text:sub(start, dash - 1):find("%S") then fail("its line begins with something else", path) end
    while true do
        local above = start > 1 and line_start(text, start - 1)
        if not above or not text:sub(above, start - 1):find("^[ \t]*#") then break end
        start = above
    end
    local feed = line_feed(text)
    local lines = encode.entry("-", value, around.column - 1)
    local head = text:sub(1, start - 1)
    local gap = head:find("\n\r?\n$") and feed or ""  -- as between the items around it
    return head .. table.concat(lines, feed) .. feed .. gap .. text:sub(start)
end

local function is_only_line(text, first, last)
    return text:sub(line_start(text, first), first - 1):find("^%s*$") and text:sub(last + 1, line_end(text, last + 1))
        :find("^%s*#?[^\n]*\r?\n?$")
end

local function remove_flow(text, first, last)
    local after = text:match("^%s*,%s*()", last + 1)
    if after then return splice(text, first, after - 1, "") end
    local before = text:sub(1, first - 1):match("^.*()%s*,%s*$")
    local start = before and text:sub(1, first - 1):match("^(.-)%s*,%s*$")
    return splice(text, start and #start + 1 or first, last, "")
end

local function remove(text, around, position, path)
    local first, last
    if around.kind == "mapping" then
        local entry = around.entries[position]
        if entry.merged then fail("it comes from another mapping, by <<", path) end
        first, last = entry.key.first, math.max(entry.value.last, entry.key.last + 1)
    else
        first, last = around.items[position].first, around.items[position].last
        if around.style == "block" then first = text:sub(1, first - 1):match("^.*()%-") end
    end
    if around.style == "flow" then return remove_flow(text, first, last) end
    local count = around.entries and #around.entries or #around.items
    if count == 1 then return splice(text, around.first, around.last, around.kind == "mapping" and "{}" or "[]") end
    if is_only_line(text, first, last) then
        return splice(text, line_start(text, first), line_end(text, last), "")
    end
    -- The first key of an item shares the line of the dash: what follows moves up.
    local following = text:find("%S", line_end(text, last) + 1) or #text + 1
    return splice(text, first, following - 1, "")
end

-- The change made on plain values, to hold the edited text against.
local function change_value(value, change)
    local path, at = change.path, value
    for i = 1, #path - (change.append == nil and 1 or 0) do at = at[path[i]] end
    if change.append ~= nil then
        at[#at + 1] = change.append
    elseif change.insert ~= nil then
        table.insert(at, path[#path], change.insert)
    elseif change.remove and type(path[#path]) == "number" then
        table.remove(at, path[#path])
    else
        at[path[#path]] = not change.remove and change.set or nil
    end
    return value
end

local function changed(text, change, root)
    local path = change.path
    local node, around, position = M.find(root, path)
    if change.append ~= nil then
        return node and append(text, node, change.append, path) or fail("there is no such node", path)
    elseif change.insert ~= nil then
        return node and insert_item(text, around, position, change.insert, path) or fail("there is no such node", path)
    elseif change.remove then
        return node and remove(text, around, position, path) or fail("there is no such node", path)
    elseif node then
        local is_block = around and around.kind == "mapping" and around.style == "block"
        local is_flow = around and around.style == "flow"
        return replace(text, node, change.set, path, is_block and around.entries[position], is_flow)
    end
    local parent = M.find(root, { unpack(path, 1, #path - 1) })
    if not parent then fail("there is no node to put it into", path) end
    return insert(text, parent, path[#path], change.set, path)
end

--- Makes one change. Raises `yaml.edit` when the text would then say anything but what was asked for.
function M.apply(text, change, parse)
    uhost.check_options(change, "yaml.edit", { "path", "set", "append", "insert", "remove" })
    if type(change.path) ~= "table" or #change.path == 0 and change.append == nil then
        uhost.fail("argument", "yaml.edit: a change needs a path, a list of keys and positions")
    end
    local root = parse(text)
    local edited = changed(text, change, root)
    local ok, after = pcall(parse, edited)
    local wanted = json.encode(change_value(root.value, change))
    if not ok or json.encode(after.value) ~= wanted then
        fail("the source is written in a way that this edit does not know", change.path)
    end
    return edited
end

return M
