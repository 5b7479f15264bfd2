-- Holds what a rule file returns against the schema of its kind: that of knowledge bases, or that which the workflow
-- declares for its policy, in scripts/lib/schemas.
local kb_schema = require("uhost.kb.schema")
local places = require("lib.check.places")
local schemas = require("uhost.policy.schema")
local source = require("lib.check.source")

local M = {}

-- Knowledge bases -----------------------------------------------------------------------------------------------------

-- The shape of what is in them, that every entry has examples, and that no other file has its id. Whether the examples
-- are right is for `uhost test` to see.

local known_keys = { about = true, disable = true, examples = true }
for _, kind in ipairs(kb_schema.kinds) do known_keys[kind] = true end

-- The patterns are looked at more closely elsewhere, and placed in their texts.
local function is_reported_elsewhere(problem) return problem.code == "pattern" end

local function check_kb_schema(file)
    for _, problem in ipairs(kb_schema.check(file.data, file.functions)) do
        if not is_reported_elsewhere(problem) then
            local rule = problem.path:find("%.examples") and "example" or "schema"
            file:report(file:place_of(problem.path), rule, ("'%s' %s"):format(problem.path, problem.message),
                problem.hint)
        end
    end
end

-- A file that has nothing of a knowledge base would load as nothing. Gives whether it is one.
local function check_kb_keys(file, is_required)
    for key in pairs(file.data) do
        if known_keys[key] then return true end
    end
    if is_required then return false end
    local keys = "a knowledge base has " .. table.concat(kb_schema.kinds, ", ")
    if #file.data > 0 then
        file:report(file:place_of(""), "schema", "it returns a list, which loads as nothing",
            "return { entries = { … } }: " .. keys)
    else
        file:report(file:place_of(""), "schema", "it has none of the keys of a knowledge base", keys)
    end
    return false
end

-- Ids -----------------------------------------------------------------------------------------------------------------

-- Where a file that was not loaded writes the ids of its items: "entries#rust.e0277" -> the line.
local function lines_of_ids(path)
    local read = source.read(path)
    local tree, lines = read and read.tree and places.read(read.tree), {}
    for _, kind in ipairs(tree and kb_schema.kinds or {}) do
        for _, item in pairs(tree.fields[kind] and tree.fields[kind].fields or {}) do
            local id = item.fields.id and item.fields.id.value
            if id and id.tag == "String" then lines[kind .. "#" .. id[1]] = read:place(id).line end
        end
    end
    return lines
end

-- Which of some ids another file of the same layer has. Most have none of them: those are not parsed.
local function ids_in(context, path, ids)
    context.texts = context.texts or {}
    context.texts[path] = context.texts[path] or policy.read(path)
    for id in pairs(ids) do
        if context.texts[path]:find(id, 1, true) then return lines_of_ids(path) end
    end
    return {}
end

local function each_id(file, visit)
    for _, kind in ipairs(kb_schema.kinds) do
        for position, item in ipairs(type(file.data[kind]) == "table" and file.data[kind] or {}) do
            local id = type(item) == "table" and item.id
            if type(id) == "string" then visit(kind, id, position) end
        end
    end
end

local function check_kb_ids(file, context)
    local ids = {}
    each_id(file, function(_, id) ids[id] = true end)
    for _, other in ipairs(policy.paths({ folder = file.folder, shipped = file.folder, kb = true })) do
        local lines = other.name ~= file.name and ids_in(context, other.file, ids) or {}
        each_id(file, function(kind, id, position)
            local line = lines[kind .. "#" .. id]
            if not line then return end
            file:report(file:place_of(("%s[%d].id"):format(kind, position), "value"), "duplicate-id",
                ("the id '%s' is taken in %s:%d"):format(id, other.file, line),
                "ids are unique over all files of a layer: the one in the file that comes first counts")
        end)
    end
end

local function check_kb_disable(file, context)
    local disable = file.data.disable
    if type(disable) ~= "table" or #disable == 0 then return end
    context.shipped_kb = context.shipped_kb or kb.load({ paths = { fs.join(uhost.share, "kb") } })
    local known, names = {}, {}
    for _, kind in ipairs(kb_schema.kinds) do
        for _, item in ipairs(context.shipped_kb[kind]) do
            known[item.id] = true
            names[#names + 1] = item.id
        end
    end
    table.sort(names)
    for i, id in ipairs(disable) do
        if type(id) == "string" and not known[id] then
            file:report(file:place_of(("disable[%d]"):format(i), "value"), "disable",
                ("no shipped knowledge base has the id '%s'"):format(id), (uhost.suggest(id, names)))
        end
    end
end

local function check_kb(file, context)
    if not check_kb_keys(file, context.required[file.name]) then return end
    check_kb_schema(file)
    check_kb_ids(file, context)
    check_kb_disable(file, context)
end

-- Policies ------------------------------------------------------------------------------------------------------------

--- The schema of a policy, or of an example of one; nil if no workflow of uhost declares one.
---@param file check.RuleFile
---@return table?
function M.of(file)
    local name = file.name:gsub("^examples/[%w_]+/", "")
    if file.kb or not fs.exists(fs.join(uhost.share, "scripts/lib/schemas", name .. ".lua")) then return nil end
    return require("lib.schemas." .. name:gsub("/", "."))
end

-- What is missing in the user's file may be in the shipped one below it.
local function is_below(problem, below)
    if not below or problem.code ~= "missing" then return false end
    return below.data[problem.path] ~= nil or below.functions[problem.path] ~= nil
end

---@param file check.RuleFile
---@param below? { data: table, functions: table }
---@param context check.Context
function M.check(file, below, context)
    if file.kb then return check_kb(file, context) end
    local schema = M.of(file)
    if not schema then return end
    local _, problems = schemas.check(schema, file.data, file.functions)
    for _, problem in ipairs(schema.check and schema.check(file.data, file.functions) or {}) do
        problems[#problems + 1] = problem
    end
    for _, problem in ipairs(problems) do
        if not is_below(problem, below) then
            file:report(file:place_of(problem.path), "schema", ("'%s' %s"):format(problem.path, problem.message),
                problem.hint)
        end
    end
end

--- The field of a schema that a path is described by, or nil.
---@param schema? table
---@param steps string[]
---@return table?
function M.field_at(schema, steps)
    local field = schema
    for _, step in ipairs(steps) do
        if not field then return nil end
        field = field.fields and field.fields[step] or field.of
    end
    return field
end

return M
