-- Reads the annotated definition files in api/, which describe the primitives: their functions and types. They are the
-- source of `uhost help`, and of the test that nothing is undocumented.
local M = {}

---@class lib.Definition  a function, a method or a type
---@field name string  as one calls it: "json.decode", "task.Task:await", "git.Commit"
---@field kind "function"|"type"
---@field signature string  with parameter names; of a type, its name
---@field summary string  the first sentence
---@field lines string[]  the description, without the dashes; examples are in ``` fences
---@field tags lib.DefinitionTag[]  parameters, results and fields, in their order
---@field type? string  of an alias, what it stands for

---@class lib.DefinitionTag
---@field tag "param"|"return"|"field"
---@field name? string  of a parameter or a field; with "?" when it may be nil
---@field type string
---@field text string  "" when nothing is said

---@class lib.Primitive
---@field name string
---@field summary string
---@field lines string[]
---@field functions lib.Definition[]  also methods
---@field types lib.Definition[]

local brackets = { ["{"] = 1, ["("] = 1, ["<"] = 1, ["["] = 1, ["}"] = -1, [")"] = -1, [">"] = -1, ["]"] = -1 }

-- A type, which may have spaces within brackets, around "|" and after ":", and what follows it.
local function split_type(text)
    local depth, quoted, position = 0, nil, 1
    while position <= #text do
        local letter = text:sub(position, position)
        if quoted then
            if letter == quoted then quoted = nil end
        elseif letter == '"' or letter == "`" then
            quoted = letter
        elseif brackets[letter] then
            depth = depth + brackets[letter]
        elseif letter == " " and depth <= 0 then
            local goes_on = text:match("^ *| *()", position)
                or text:sub(1, position - 1):find("[|:]$") and position + 1
            if not goes_on then return text:sub(1, position - 1), (text:sub(position):gsub("^%s+", "")) end
            position = goes_on - 1
        end
        position = position + 1
    end
    return text, ""
end

local function read_tag(tag, rest)
    local name
    if tag ~= "return" then name, rest = rest:match("^(%S+)%s*(.*)$") end
    local type, text = split_type(rest)
    if tag == "return" then
        -- A result may have a name after its type.
        local result_name, more = text:match("^([%a_][%w_]*)%s%s(.*)$")
        name, text = result_name or text:match("^([%a_][%w_]*)$"), more or text:match("^[%a_][%w_]*$") and "" or text
    end
    return { tag = tag, name = name, type = type, text = text }
end

local described = { param = true, ["return"] = true, field = true }

-- A comment block: its description, its parameters and fields, and the class or alias that it is about.
local function read_comment(comment)
    local block = { lines = {}, tags = {} }
    local last
    for _, line in ipairs(comment) do
        local tag, rest = line:match("^@(%w+)%s*(.*)$")
        if tag == "class" then
            block.class, rest = rest:match("^([%w_.]+)%s*(.*)$")
            block.class_text = rest:gsub("^:%s*[%w_.]+%s*", "")
        elseif tag == "alias" then
            block.class, block.alias = rest:match("^([%w_.]+)%s+(.*)$")
        elseif described[tag] then
            last = read_tag(tag, rest)
            table.insert(block.tags, last)
        elseif not tag and last and line:find("^%s") then
            last.text = last.text .. " " .. line:gsub("^%s+", "")
        elseif not tag then
            table.insert(block.lines, line)
        end
    end
    if #block.lines == 0 and (block.class_text or "") ~= "" then table.insert(block.lines, block.class_text) end
    while block.lines[1] == "" do table.remove(block.lines, 1) end
    return block
end

local function first_sentence(lines)
    local words = {}
    for _, line in ipairs(lines) do
        if line == "" then break end
        table.insert(words, line)
    end
    local text = table.concat(words, " ")
    return text:match("^(.-%.)%s") or text
end

local function add_type(primitive, block)
    if not block.class or block.class == "uhost." .. (primitive.name or "") then return end
    table.insert(primitive.types, {
        name = block.class, kind = "type", signature = block.class, lines = block.lines, tags = block.tags,
        summary = first_sentence(block.lines), type = block.alias,
    })
end

local function add_function(primitive, block, name, parameters)
    table.insert(primitive.functions, {
        name = name, kind = "function", signature = name .. parameters, lines = block.lines, tags = block.tags,
        summary = first_sentence(block.lines),
    })
end

-- Adds what one file defines. The first variable of a primitive's first file is the primitive itself.
local function read_file(primitive, path)
    local comment, class_of = {}, {}
    for line in (fs.read(path) .. "\n\n"):gmatch("(.-)\n") do
        local text = line:match("^%-%-%- ?(.*)$")
        local owner, separator, name, parameters = line:match("^function ([%w_]+)([.:])([%w_]+)(%b())")
        local variable = line:match("^local ([%w_]+) = {}") or line:match("^([%w_]+) = {}")
        if text then
            table.insert(comment, text)
        else
            local block = read_comment(comment)
            if owner then
                add_function(primitive, block, (class_of[owner] or owner) .. separator .. name, parameters)
            elseif variable and not primitive.name then
                primitive.name, primitive.lines = variable, block.lines
                primitive.summary = first_sentence(block.lines)
            else
                if variable then class_of[variable] = block.class end
                add_type(primitive, block)
            end
            comment = {}
        end
    end
end

--- The definition files of a primitive's folder: definition.lua, then definition/*.lua by name.
---@param folder string
---@return string[]
function M.files(folder)
    local files = { folder .. "/definition.lua" }
    local pieces = folder .. "/definition"
    for _, name in ipairs(fs.exists(pieces) and fs.list(pieces) or {}) do
        if name:match("%.lua$") then table.insert(files, pieces .. "/" .. name) end
    end
    return files
end

-- A class may be opened again in another file of the folder, to hold more methods: it is one type.
local function without_repeats(types)
    local unique, seen = {}, {}
    for _, each in ipairs(types) do
        if not seen[each.name] then
            seen[each.name] = true
            unique[#unique + 1] = each
        end
    end
    return unique
end

--- Reads the definition of the primitive in `folder`.
---@param folder string
---@return lib.Primitive
function M.read(folder)
    local primitive = { functions = {}, types = {} }
    for _, path in ipairs(M.files(folder)) do read_file(primitive, path) end
    primitive.types = without_repeats(primitive.types)
    return primitive
end

--- The folder of a primitive's definition; nil when there is no such primitive.
---@param name string
---@return string?
function M.folder_of(name)
    local folder = fs.join(uhost.share, "api", name)
    return fs.exists(folder .. "/definition.lua") and folder or nil
end

--- The names of all primitives, sorted.
---@return string[]
function M.primitive_names()
    local names = {}
    for _, name in ipairs(fs.list(fs.join(uhost.share, "api"))) do
        if M.folder_of(name) then table.insert(names, name) end
    end
    return names
end

--- All primitives, by name.
---@return lib.Primitive[]
function M.all()
    local primitives = {}
    for _, name in ipairs(M.primitive_names()) do table.insert(primitives, M.read(M.folder_of(name))) end
    return primitives
end

-- "Commit" and "Repository:log" for "git.Commit" and "git.Repository:log".
local function short_name(name) return name:match("^[%l%d_]+%.(.+)$") or name end

-- "log" for "git.Repository:log".
local function last_word(name) return name:match("[%w_]+$") end

--- What a word may mean, best first: a primitive or a definition of that very name; those of that name in any
--- primitive (`Commit`, `Repository:log`); those whose last word it is (`log`).
---@param primitives lib.Primitive[]
---@param topic string
---@return { primitive: lib.Primitive, definition?: lib.Definition }[]
function M.find(primitives, topic)
    local exact, short, by_word = {}, {}, {}
    local with_dot = topic:gsub("^([%l%d_]+%.%u[%w_]*)%.", "%1:"):gsub("^(%u[%w_]*)%.", "%1:")
    for _, primitive in ipairs(primitives) do
        if primitive.name == topic then table.insert(exact, 1, { primitive = primitive }) end
        for _, list in ipairs({ primitive.types, primitive.functions }) do
            for _, definition in ipairs(list) do
                local found = { primitive = primitive, definition = definition }
                local name = definition.name
                if name == topic or name == with_dot then
                    table.insert(exact, found)
                elseif short_name(name) == topic or short_name(name) == with_dot then
                    table.insert(short, found)
                elseif last_word(name) == topic then
                    table.insert(by_word, found)
                end
            end
        end
    end
    return #exact > 0 and exact or #short > 0 and short or by_word
end

--- All that can be looked up.
---@param primitives lib.Primitive[]
---@return string[]
function M.names(primitives)
    local names = {}
    for _, primitive in ipairs(primitives) do
        table.insert(names, primitive.name)
        for _, list in ipairs({ primitive.types, primitive.functions }) do
            for _, definition in ipairs(list) do table.insert(names, definition.name) end
        end
    end
    return names
end

return M
