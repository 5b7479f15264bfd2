-- Reads the annotated definition files in api/: the one source of `uhost help` and of the test that nothing is
-- undocumented.
local M = {}

---@class Definition
---@field name string  as one calls it: "json.decode", "task.Task:await"
---@field signature string  with parameter names
---@field summary string  the first sentence
---@field lines string[]  the whole comment, without the dashes

---@param text string
---@return string
local function first_sentence(text)
    return text:match("^(.-%.)%s") or text
end

---@param lines string[]
---@return string
local function prose(lines)
    local words = {}
    for _, line in ipairs(lines) do
        local tag = line:match("^@")
        if #words > 0 and (tag or line == "") then break end
        if not tag and line ~= "" then table.insert(words, line) end
    end
    return table.concat(words, " ")
end

---Adds what one file defines. The first comment block of a room's first file describes the primitive itself.
---@param room table
---@param path string
local function read_file(room, path)
    local file = assert(io.open(path))
    local comment, class_names, class = {}, {}, nil
    for line in file:lines() do
        local text = line:match("^%-%-%- ?(.*)$") or line:match("^%-%-%-(@.*)$")
        local owner, separator, name, parameters = line:match("^function ([%w_]+)([.:])([%w_]+)(%b())")
        local variable = line:match("^local ([%w_]+) = {}") or line:match("^([%w_]+) = {}")
        if text then
            class = text:match("^@class ([%w_.]+)") or class
            table.insert(comment, text)
        elseif owner then
            local full = (class_names[owner] or owner) .. separator .. name
            table.insert(room.functions, {
                name = full, signature = full .. parameters, lines = comment,
                summary = first_sentence(prose(comment)),
            })
            comment = {}
        else
            if variable then
                if not room.name then
                    room.name, room.lines = variable, comment
                    room.summary = first_sentence(prose(comment))
                else
                    class_names[variable] = class
                end
            end
            comment = {}
        end
    end
    file:close()
end

---The definition files of a primitive's folder: definition.lua, then definition/*.lua by name.
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

---Reads the definition of the primitive in `folder`.
---@param folder string
---@return { name: string, summary: string, lines: string[], functions: Definition[] }
function M.read(folder)
    local room = { functions = {} }
    for _, path in ipairs(M.files(folder)) do read_file(room, path) end
    return room
end

return M
