-- Where in a rule file the parts of the table that it returns are written: from the syntax tree, without running it.
-- What is put together in loops or functions has no place of its own; it has that of what it is in.
local M = {}

---@class check.Tree
---@field key? table  the node of the key
---@field value? table  the node of the value
---@field fields table<string, check.Tree>
---@field length integer  of the list

local Reader = {}
Reader.__index = Reader

local function new_tree(key, value) return { key = key, value = value, fields = {}, length = 0 } end

-- A key as it stands in a path, or nil when it is not a constant.
local function key_text(node)
    if node.tag == "String" then return node[1] end
    local number = node.tag == "Number" and tonumber(node[1])
    return number and ("%g"):format(number) or nil
end

function Reader:of_table(tree, node)
    for _, item in ipairs(node) do
        local key, value = nil, item
        if item.tag == "Pair" then
            key, value = item[1], item[2]
        else
            tree.length = tree.length + 1
        end
        local name = key and key_text(key) or (not key and tostring(tree.length)) or nil
        if name then tree.fields[name] = self:of_value(key or value, value) end
    end
end

--- The tree of an expression; of a local variable, the one that the variable has.
function Reader:of_value(key, node)
    while node.tag == "Paren" do node = node[1] end
    if node.tag == "Id" and self.variables[node[1]] then
        local known = self.variables[node[1]]
        known.key = known.key or key
        return known
    end
    local tree = new_tree(key, node)
    if node.tag == "Table" then
        self:of_table(tree, node)
    elseif node.tag == "Call" and node[1].tag == "Id" and node[1][1] == "setmetatable" and node[2] then
        return self:of_value(key, node[2])
    end
    return tree
end

-- The tree that an expression such as `M.rules[3]` stands for, and is made if need be.
function Reader:target(node)
    if node.tag == "Id" then return self.variables[node[1]] end
    if node.tag ~= "Index" then return nil end
    local owner = self:target(node[1])
    local name = owner and key_text(node[2])
    if not name then return nil end
    owner.fields[name] = owner.fields[name] or new_tree(node[2], node)
    return owner.fields[name]
end

-- `list[#list + 1] = …`
local function is_append(key)
    return key.tag == "Op" and key[1] == "add" and key[2].tag == "Op" and key[2][1] == "len"
end

function Reader:assign(left, right)
    if left.tag ~= "Index" then
        if left.tag == "Id" and right then self.variables[left[1]] = self:of_value(left, right) end
        return
    end
    local owner = self:target(left[1])
    if not owner then return end
    local name = key_text(left[2])
    if not name and is_append(left[2]) then
        owner.length = owner.length + 1
        name = tostring(owner.length)
    end
    if name and right then owner.fields[name] = self:of_value(left[2], right) end
end

-- `table.insert(list, value)`
function Reader:call(node)
    local name = node[1]
    if not (name.tag == "Index" and name[1][1] == "table" and name[2][1] == "insert" and #node == 3) then return end
    local owner = self:target(node[2])
    if not owner then return end
    owner.length = owner.length + 1
    owner.fields[tostring(owner.length)] = self:of_value(node[3], node[3])
end

function Reader:block(statements)
    for _, statement in ipairs(statements) do
        if statement.tag == "Local" or statement.tag == "Localrec" then
            for i, name in ipairs(statement[1]) do
                local value = statement[2] and statement[2][i]
                self.variables[name[1]] = value and self:of_value(nil, value) or new_tree(nil, name)
            end
        elseif statement.tag == "Set" then
            for i, left in ipairs(statement[1]) do self:assign(left, statement[2][i]) end
        elseif statement.tag == "Call" then
            self:call(statement)
        elseif statement.tag == "Do" then
            self:block(statement)
        elseif statement.tag == "Return" and statement[1] then
            self.result = self:of_value(nil, statement[1])
        end
    end
end

--- The tree of what a file returns; an empty one when that cannot be seen.
---@param syntax table
---@return check.Tree
function M.read(syntax)
    local reader = setmetatable({ variables = {} }, Reader)
    reader:block(syntax)
    return reader.result or new_tree()
end

--- The parts of a path: "rules[3].when" and "rules.3.when" are both rules, 3, when.
---@param path string
---@return string[]
function M.steps(path)
    local steps = {}
    for step in path:gmatch("[^.%[%]]+") do steps[#steps + 1] = step end
    return steps
end

--- The path of a key inside another.
---@param path string
---@param key string|number
---@return string
function M.inner(path, key)
    if type(key) == "number" then return ("%s[%d]"):format(path, key) end
    return path == "" and key or path .. "." .. key
end

--- What is at a path, or the nearest that it is in; and whether it is the thing itself.
---@param tree check.Tree
---@param path string
---@return check.Tree, boolean exact
function M.find(tree, path)
    for _, step in ipairs(M.steps(path)) do
        local inner = tree.fields[step]
        if not inner then return tree, false end
        tree = inner
    end
    return tree, true
end

return M
