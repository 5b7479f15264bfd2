-- A rule file that is being checked: its source, what its table holds, and what is wrong with it so far.
local findings = require("lib.check.findings")
local places = require("lib.check.places")

local M = {}

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
---@field findings check.Finding[]
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
    table.insert(self.findings, findings.new(self.source, self.path, place, rule, message, hint))
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
