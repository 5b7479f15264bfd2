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

---Reads one definition file. The first comment block describes the primitive itself.
---@param path string
---@return { name: string, summary: string, lines: string[], functions: Definition[] }
function M.read(path)
    local file = assert(io.open(path))
    local room = { functions = {} }
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
    return room
end

return M
