-- What is wrong with rule files, and in what words SARIF and the summary speak of each kind.
local M = {}

---@class check.Finding
---@field file string
---@field line? integer
---@field column? integer  in characters
---@field end_column? integer
---@field level "error"|"warning"
---@field rule string  one of `kinds`
---@field message string
---@field hint? string
---@field text? string  the line

--- Kinds of findings: their level, and what a file must be to have none.
M.kinds = {
    { id = "unreadable", level = "error", says = "Rule files are text, of at most 1 MiB, that can be read." },
    { id = "name", level = "error", says = "Rule files have names that `policy.load` takes." },
    { id = "syntax", level = "error", says = "Rule files are Lua." },
    { id = "undefined-name", level = "error", says = "Rules use names that they define or are lent." },
    { id = "global", level = "error", says = "Rules assign no globals." },
    { id = "load", level = "error", says = "Rule files load in the sandbox." },
    { id = "result", level = "error", says = "Rule files return a table of functions and plain data." },
    { id = "schema", level = "error", says = "Rules have the keys and types that their workflow asks for." },
    { id = "disable", level = "error", says = "`disable` names entries that there are." },
    { id = "duplicate-id", level = "error", says = "Entries of a list have ids of their own." },
    { id = "example", level = "error", says = "Examples say what they call, with what, and what that gives." },
    { id = "missing-example", level = "warning", says = "Functions have examples, which are their tests." },
    { id = "regex-syntax", level = "error", says = "Regular expressions compile." },
    { id = "regex-never", level = "error", says = "Regular expressions can match." },
    { id = "regex-always", level = "warning", says = "Regular expressions do not match every text." },
    { id = "regex-duplicate", level = "warning", says = "Entries of a list match different things." },
    { id = "regex-shadowed", level = "warning", says = "Entries are reached, whatever comes before them." },
    { id = "regex-explosive", level = "error", says = "Regular expressions end soon, whatever the text." },
    { id = "regex-slow", level = "warning", says = "Regular expressions end soon on long lines." },
}

local level_of = {}
for _, kind in ipairs(M.kinds) do level_of[kind.id] = kind.level end

---@param source? check.Source
---@param file string
---@param place? check.Place
---@param rule string
---@param message string
---@param hint? string
---@return check.Finding
function M.new(source, file, place, rule, message, hint)
    return {
        file = file, level = assert(level_of[rule], rule), rule = rule, message = message, hint = hint,
        line = place and place.line, column = place and place.column, end_column = place and place.end_column,
        text = source and place and source.lines[place.line] or nil,
    }
end

--- Puts findings in the order in which one reads files.
---@param list check.Finding[]
function M.sort(list)
    local order = {}
    for i, finding in ipairs(list) do order[finding] = i end
    table.sort(list, function(a, b)
        if a.file ~= b.file then return a.file < b.file end
        if (a.line or 0) ~= (b.line or 0) then return (a.line or 0) < (b.line or 0) end
        if (a.column or 0) ~= (b.column or 0) then return (a.column or 0) < (b.column or 0) end
        return order[a] < order[b]
    end)
end

return M
