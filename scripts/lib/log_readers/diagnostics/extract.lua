-- Diagnostics out of a report's tree, by what its fields are called.
--
-- Tools agree on little but the words: a finding is an object that has a message and a place, in fields or in small
-- objects inside (`location`, `range`, `start` …). Objects around findings (a file and its findings) lend them what
-- they lack. So there is one reader for most reports, and its `names`, `inner` and `aside` say which words it knows.
local severity = require("lib.log_readers.diagnostics.severity")

local M = {}

local max_depth = 30
local inner_depth = 5

local function set(list)
    local found = {}
    for _, name in ipairs(list or {}) do found[name] = true end
    return found
end

local function looks_like_path(text)
    return #text < 512 and not text:find("\n") and not text:find("^%a+://") and not text:find("%s%s")
        and (text:find("[/\\]") ~= nil or text:find("^[%w_.+-]+%.%a[%w]*$") ~= nil)
end

local accept = {}

function accept.message(value)
    return type(value) == "string" and value:find("%a") and value or nil
end

function accept.title(value)
    if type(value) ~= "string" or not value:find("%a") or severity.is_word(value) then return nil end
    return #value < 300 and value or nil
end

function accept.file(value)
    if type(value) ~= "string" or value == "" or #value > 512 then return nil end
    return not value:find("\n") and not value:find("^https?://") and value or nil
end

function accept.place(value)
    return type(value) == "string" and looks_like_path(value) and value or nil
end

function accept.line(value)
    if type(value) == "number" then return value >= 0 and value or nil end
    return type(value) == "string" and tonumber(value:match("^%s*(%d+)")) or nil
end

accept.column = accept.line

function accept.severity(value)
    if type(value) == "boolean" then return nil end
    return severity.normalise(tonumber(value) or value) and (tonumber(value) or value) or nil
end

function accept.kind(value)
    return type(value) == "string" and severity.is_word(value) and value or nil
end

function accept.code(value)
    if type(value) == "number" then return tostring(value) end
    return type(value) == "string" and value ~= "" and #value < 200 and not value:find("\n") and value or nil
end

-- Which field a role's value goes to, strongest roles first.
local roles = {
    { "message", "message" }, { "file", "file" }, { "place", "file" }, { "line", "line" }, { "column", "column" },
    { "severity", "severity" }, { "kind", "severity" }, { "code", "code" }, { "title", "title" },
}

local function value_of(node, names, test)
    for _, name in ipairs(names) do
        local value = node.fields[name]
        if value ~= nil then value = test(value) end
        if value ~= nil then return value end
    end
    return nil
end

local function add_fields(own, node, vocabulary)
    local counted_from_0 = node.fields.character ~= nil and node.fields.line ~= nil
    for _, role in ipairs(roles) do
        local name, field = role[1], role[2]
        if own[field] == nil and vocabulary.names[name] then
            local value = value_of(node, vocabulary.names[name], accept[name])
            if value and counted_from_0 and (field == "line" or field == "column") then value = value + 1 end
            own[field] = value
        end
    end
    if own.line == nil then
        for _, name in ipairs(vocabulary.names.line) do
            if node.lists[name] ~= nil then own.line = accept.line(node.lists[name]) end
        end
    end
end

-- Fields of the node and of the small objects in it; of several of one name the primary or first.
local own_fields
own_fields = function(own, node, vocabulary, depth)
    local taken = {}
    for _, child in ipairs(node.children) do
        if child.key == "message" and depth < inner_depth then
            taken.message = true
            own_fields(own, child, vocabulary, depth + 1)
        end
    end
    add_fields(own, node, vocabulary)
    if depth >= inner_depth then return own end
    for _, child in ipairs(node.children) do
        if vocabulary.inner[child.key] and child.fields.isprimary == true then
            taken[child.key] = true
            own_fields(own, child, vocabulary, depth + 1)
        end
    end
    for _, child in ipairs(node.children) do
        if vocabulary.inner[child.key] and not taken[child.key] then
            taken[child.key] = true
            own_fields(own, child, vocabulary, depth + 1)
        end
    end
    return own
end

-- "src/a.c:12:3" in one field.
local function split_place(own)
    local file, line, column = (own.file or ""):match("^(.-%D):(%d+):?(%d*)$")
    if file and own.line == nil then
        own.file, own.line, own.column = file, tonumber(line), tonumber(column)
    end
end

local function passed(node, vocabulary)
    for _, name in ipairs(vocabulary.names.outcome or {}) do
        local value = node.fields[name]
        if type(value) == "string" and vocabulary.passed[value:lower()] then return true end
    end
    return false
end

local function complete(own)
    return (own.message or own.title) and own.line or own.message and own.file and (own.severity or own.code)
end

local function issue_of(own, inherited, node, path)
    return {
        message = own.message or own.title or own.code, file = own.file or inherited.file,
        line = own.line, column = own.column, severity = own.severity or inherited.severity,
        code = own.code or inherited.code, tool = inherited.tool, offset = node.offset, path = path,
    }
end

local collect

local function lend(own, inherited, node)
    local lent = { file = own.file or inherited.file, tool = inherited.tool }
    if node.item then
        lent.severity = own.severity or inherited.severity
        lent.code = own.code ~= own.file and own.code or inherited.code
    end
    return lent
end

local function collect_children(node, lent, vocabulary, found, path, depth)
    local before = #found
    for _, child in ipairs(node.children) do
        if not vocabulary.aside[child.key] then
            local inherited = lent
            if looks_like_path(child.name) then
                inherited = { file = child.name, severity = lent.severity, code = lent.code, tool = lent.tool }
            end
            collect(child, inherited, vocabulary, found, path .. "/" .. child.key, depth + 1)
        end
    end
    return #found > before
end

collect = function(node, inherited, vocabulary, found, path, depth)
    if depth > max_depth or node.item and passed(node, vocabulary) then return end
    local own = own_fields({}, node, vocabulary, 0)
    split_place(own)
    if complete(own) then
        found[#found + 1] = issue_of(own, inherited, node, path)
        return
    end
    local lent = lend(own, inherited, node)
    if collect_children(node, lent, vocabulary, found, path, depth) then return end
    local known = own.line and (own.file or inherited.file) and (own.code or own.title or inherited.code)
    local told = own.message and (own.code or own.severity or inherited.file) or own.title and own.severity
        or own.severity and own.code and (own.code:find("^CVE%-") or own.code:find("^GHSA%-"))
    if known or node.item and told then found[#found + 1] = issue_of(own, inherited, node, path) end
end

local function vocabulary_of(reader)
    return {
        names = reader.names, inner = set(reader.inner), aside = set(reader.aside), passed = set(reader.passed),
    }
end

--- What a report's tree has of diagnostics, as captured fields. Where some have lines, those without any place are left
--- out: they are rules, plugins and the like.
---@param top ReportNode
---@param reader table
---@return table[]
function M.read(top, reader)
    local found = {}
    collect(top, {}, vocabulary_of(reader), found, "", 0)
    local placed = false
    for _, issue in ipairs(found) do placed = placed or issue.line ~= nil end
    if not placed then return found end
    local kept = {}
    for _, issue in ipairs(found) do
        if issue.line or issue.file then kept[#kept + 1] = issue end
    end
    return kept
end

return M
