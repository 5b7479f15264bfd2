-- A rule file that is being checked: its source, what its table holds, and what is wrong with it so far.
local places = require("lib.check.places")

local M = {}

--- Kinds of findings: their level, and what a file must be to have none.
M.kinds = {
    { id = "unreadable", level = "error", says = "Rule files are text, of at most 1 MiB, that can be read." },
    { id = "name", level = "error", says = "Rule files have names that `policy.load` takes." },
    { id = "syntax", level = "error", says = "Rule files are Lua." },
    { id = "undefined-name", level = "error", says = "Rules use names that they define or may use." },
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

---@class check.RuleFile
---@field path string  as it is shown
---@field name string  as `policy.load` takes it
---@field folder string  what the name is relative to
---@field kb boolean
---@field shipped boolean
---@field source? check.Source
---@field tree check.Tree
---@field data? table  what it returns, less functions
---@field functions? table<string, integer>  paths and lines
---@field findings lib.Finding[]
local RuleFile = {}
RuleFile.__index = RuleFile

function M.new(fields)
    fields.findings = {}
    return setmetatable(fields, RuleFile)
end

function RuleFile:set_source(source)
    self.source = source
    self.tree = source.tree and places.read(source.tree) or { fields = {}, length = 0 }
end

--- Reports something at a place, or about the file as a whole.
function RuleFile:report(place, rule, message, hint)
    table.insert(self.findings, {
        file = self.path, level = assert(level_of[rule], rule), rule = rule, message = message, hint = hint,
        line = place and place.line, column = place and place.column, end_column = place and place.end_column,
        text = self.source and place and self.source.lines[place.line] or nil,
    })
end

-- The nearest thing above a path that has a place.
local function nearest(file, path)
    local tree, exact, found = file.tree, true, nil
    for _, step in ipairs(places.steps(path)) do
        tree = tree.fields[step]
        if not tree then return found, false end
        if tree.key or tree.value then found = tree end
    end
    return found or file.tree, exact
end

--- Where the key of a path is; of what has no key of its own, where the nearest that it is in is.
---@param path string  "rules[3].when"
---@param wants? "value"
---@return check.Place
function RuleFile:place_of(path, wants)
    local tree, exact = nearest(self, path)
    local node = tree and (wants == "value" and exact and tree.value or tree.key or tree.value)
    if node and node.offset then
        local place = self.source:place(node)
        -- Of a table without a key, what it begins with.
        if node.tag == "Table" or node.tag == "Function" then place.end_column = place.column end
        return place
    end
    local line = self.functions and self.functions[(path:gsub("%[(%d+)%]", ".%1"))]
    return self.source:place_of_line(line or 1)
end

--- The node of the value at a path, if it is written in the file as a constant there.
---@param path string
---@return table?
function RuleFile:value_node(path)
    local tree, exact = nearest(self, path)
    return exact and tree and tree.value or nil
end

return M
