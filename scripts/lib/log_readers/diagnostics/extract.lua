-- Diagnostics out of a report's tree, by what its fields are called.
--
-- Tools agree on little but the words: a finding is an object that has a message and a place, in fields or in small
-- objects inside (`location`, `range`, `start` …). Objects around findings (a file and its findings) lend them what
-- they lack. So there is one reader for most reports, and its `names`, `inner` and `aside` say which words it knows.
local issues = require("lib.log_readers.diagnostics.issue")

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

-- The number of a vulnerability says nothing while there are words.
local function is_number_of_vulnerability(text)
    return text:find("^CVE%-[%d-]+$") ~= nil or text:find("^GHSA%-[%w-]+$") ~= nil
end

function accept.message(value)
    if type(value) ~= "string" or not value:find("%a") or is_number_of_vulnerability(value) then return nil end
    return value
end

function accept.title(value)
    if type(value) ~= "string" or not value:find("%a") or issues.is_severity_word(value) then return nil end
    return #value < 300 and value or nil
end

function accept.file(value)
    if type(value) ~= "string" or value == "" or #value > 512 then return nil end
    if value:find("\n") or value:find("^https?://") or value:find("%[%d+%]") then return nil end
    if value:find("%s") and not value:find("[/\\]") and not value:find("%.%w+$") then return nil end
    return value
end

function accept.place(value)
    return type(value) == "string" and looks_like_path(value) and value or nil
end

function accept.line(value)
    if type(value) == "number" then return value >= 0 and value or nil end
    return type(value) == "string" and tonumber(value:match("^%s*(%d+)")) or nil
end

accept.column = accept.line

function accept.subject(value)
    return type(value) == "string" and value ~= "" and #value < 200 and not value:find("%c") and value or nil
end

function accept.severity(value)
    if type(value) == "boolean" then return nil end
    return issues.severity(tonumber(value) or value) and (tonumber(value) or value) or nil
end

function accept.kind(value)
    return type(value) == "string" and issues.is_severity_word(value) and value or nil
end

function accept.code(value)
    if type(value) == "number" then return tostring(value) end
    return type(value) == "string" and value ~= "" and #value < 200 and not value:find("%s") and value or nil
end

accept.sign = accept.code

-- Which field a role's value goes to. The weak ones may mean something else; they count when the finding and the small
-- objects in it have nothing better.
local strong = {
    { "message", "message" }, { "file", "file" }, { "line", "line" }, { "column", "column" },
    { "severity", "severity" }, { "code", "code" }, { "subject", "subject" },
}
local weak = { { "place", "file" }, { "kind", "severity" }, { "title", "title" }, { "sign", "sign" } }

-- Objects that say by their name what a finding is about.
local subjects = set({ "package", "artifact", "component", "module", "dependency" })

local function value_of(node, names, test)
    for _, name in ipairs(names) do
        local value = node.fields[name]
        if value ~= nil then value = test(value) end
        if value ~= nil then return value end
    end
    return nil
end

-- The name of a file with the folder that stands beside it.
local function in_folder(file, node, vocabulary)
    if file:find("[/\\]") then return file end
    for _, name in ipairs(vocabulary.names.folder) do
        local folder = node.fields[name]
        if type(folder) == "string" and folder ~= file and folder:find("[/\\]") and not folder:find("%.%w+$") then
            return (folder:gsub("[/\\]+$", "")) .. "/" .. file
        end
    end
    return file
end

local function add_fields(own, node, vocabulary, roles, depth)
    local counted_from_0 = node.fields.character ~= nil and node.fields.line ~= nil and not node.item
    for _, role in ipairs(roles) do
        local name, field = role[1], role[2]
        -- The name of a package or the like is no place.
        local fits = name ~= "place" or depth == 0 or node.key:find("location") or node.key == "source"
        if own[field] == nil and fits and vocabulary.names[name] then
            local value = value_of(node, vocabulary.names[name], accept[name])
            if value and counted_from_0 and (field == "line" or field == "column") then value = value + 1 end
            own[field] = name == "file" and value and in_folder(value, node, vocabulary) or value
        end
    end
    if own.subject == nil and depth > 0 and subjects[node.key] then
        own.subject = accept.subject(node.fields.name)
    end
    if own.line == nil then
        for _, name in ipairs(vocabulary.names.line) do
            if node.lists[name] ~= nil then own.line = accept.line(node.lists[name]) end
        end
    end
end

-- Whether an object in a finding is part of it. Of lists, only those of places and words are.
local function is_inner(child, vocabulary)
    if not vocabulary.inner[child.key] then return false end
    return not child.item or child.offset ~= nil or vocabulary.inner_lists[child.key] == true
end

-- Fields of the node and of the small objects in it; of several of one name the primary or first.
local add_all
add_all = function(own, node, vocabulary, roles, depth)
    local taken = {}
    local function take(child)
        taken[child.key] = true
        add_all(own, child, vocabulary, roles, depth + 1)
    end
    local inner = {}
    for _, child in ipairs(depth < inner_depth and node.children or {}) do
        if is_inner(child, vocabulary) then inner[#inner + 1] = child end
    end
    for _, child in ipairs(inner) do
        if child.key == "message" and not taken.message then take(child) end
    end
    add_fields(own, node, vocabulary, roles, depth)
    for _, child in ipairs(inner) do
        if child.fields.isprimary == true and not taken[child.key] then take(child) end
    end
    for _, child in ipairs(inner) do
        if not taken[child.key] then take(child) end
    end
end

-- Names that nobody foresaw, such as "errorLine" and "srcFilePath".
local function add_likely(own, node)
    if own.file and own.line then return end
    for _, name in ipairs(tables.sorted_keys(node.fields)) do
        local value = node.fields[name]
        if not own.file and name:find("file") and type(value) == "string" and looks_like_path(value) then
            own.file = value
        elseif not own.line and name:find("line") and not name:find("^end") and not name:find("lines") then
            own.line = accept.line(value)
        end
    end
end

local function own_fields(node, vocabulary)
    local own = {}
    add_all(own, node, vocabulary, strong, 0)
    add_all(own, node, vocabulary, weak, 0)
    if own.message or own.title then add_likely(own, node) end
    if own.title == own.file then own.title = nil end
    return own
end

-- "src/a.c:12:3" or "src/a.c(12,3)" in one field.
local function split_place(own)
    local text = own.file or ""
    own.file = text:match("^[%w_.-]+:[%w_.-]*:?([^:/\\][^:]*[/\\][^:]*%.%w+)$") or own.file
    local file, line, column = text:match("^(.-%D):(%d+):?(%d*)$")
    if not file then file, line, column = text:match("^(.-%S)%(%D*(%d+),?(%d*)%)$") end
    if file and own.line == nil then
        own.file, own.line, own.column = file, tonumber(line), tonumber(column)
    end
end

local function passed(node, vocabulary)
    for _, name in ipairs(vocabulary.names.outcome or {}) do
        local value = node.fields[name]
        if type(value) == "string" and vocabulary.passed[value:lower()] then return true end
    end
    return node.fields.skipped == true or node.fields.passed == true or node.fields.suppressed == true
        or node.fields.ignored == true
end

local function complete(own)
    if (own.message or own.title) and own.line then return true end
    return own.message and own.file and (own.severity or own.code or own.sign)
end

local function issue_of(own, inherited, node, path)
    return {
        message = own.message or own.title or inherited.message or own.code or inherited.name,
        file = own.file or inherited.file or own.subject or inherited.subject,
        line = own.line or inherited.line, column = own.column, severity = own.severity or inherited.severity,
        code = own.code or inherited.code or own.sign ~= own.file and own.sign or nil,
        tool = inherited.tool, offset = node.offset, path = path,
    }
end

local collect

local function lend(own, inherited, node)
    local lent = {
        file = own.file or inherited.file, line = own.file and own.line or inherited.line, tool = inherited.tool,
        message = own.message or inherited.message,
    }
    if node.item then
        lent.subject = own.subject or accept.subject(node.fields.name) or inherited.subject
        lent.name = node.offset and node.name or nil
        lent.severity = own.severity or inherited.severity
        lent.code = own.code or inherited.code
    end
    return lent
end

local function collect_children(node, lent, vocabulary, found, path, depth)
    local before = #found
    for _, child in ipairs(node.children) do
        if not vocabulary.aside[child.key] then
            local inherited = lent
            if looks_like_path(child.name) then
                inherited = setmetatable({ file = child.name }, { __index = lent })
            end
            child.item = child.item or vocabulary.lists[node.key] == true
            collect(child, inherited, vocabulary, found, path .. "/" .. child.key, depth + 1)
        end
    end
    return #found > before
end

collect = function(node, inherited, vocabulary, found, path, depth)
    if depth > max_depth or node.item and passed(node, vocabulary) then return end
    local own = own_fields(node, vocabulary)
    split_place(own)
    if complete(own) then
        found[#found + 1] = issue_of(own, inherited, node, path)
        return
    end
    local lent = lend(own, inherited, node)
    if collect_children(node, lent, vocabulary, found, path, depth) then return end
    local known = own.line and (own.file or inherited.file)
        and (own.code or own.title or inherited.code or inherited.message or inherited.name)
    local enough = own.message and (own.code or own.sign or own.severity or inherited.file)
        or own.title and own.severity
        or own.severity and own.code and is_number_of_vulnerability(own.code)
    if known or node.item and enough then found[#found + 1] = issue_of(own, inherited, node, path) end
end

local function vocabulary_of(reader)
    return {
        names = reader.names, inner = set(reader.inner), inner_lists = set(reader.inner_lists),
        lists = set(reader.lists), aside = set(reader.aside), passed = set(reader.passed),
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
