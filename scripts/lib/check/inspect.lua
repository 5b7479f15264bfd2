-- All that can be said of one rule file.
local entries = require("lib.check.entries")
local loading = require("lib.check.loading")
local names = require("lib.check.names")
local patterns = require("lib.check.patterns")
local schema = require("lib.check.schema")
local source = require("lib.check.source")

local M = {}

---@class check.Context
---@field scratch table
---@field refusal fun(name: string, field?: string): string?
---@field required table<string, boolean>  names of rule files that others require

--- What all files of a run share.
---@return check.Context
function M.context()
    return { scratch = loading.scratch(), refusal = names.refusals(), required = {} }
end

--- Reads a file, and notes which others it requires.
---@param context check.Context
---@param file check.RuleFile
function M.read(context, file)
    local read, message, hint = source.read(file.path)
    if not read then return file:report(nil, "unreadable", message, hint) end
    file:set_source(read)
    for name in read.text:gmatch("require[%s(]*[\"']([%w_/]+)[\"']") do
        if name ~= file.name then context.required[name] = true end
    end
end

local function check_syntax(file, failure)
    file:report(file.source:place_of_syntax_error(failure), "syntax", failure.message,
        "correct it there, or just before")
end

-- Whether a name that was reported already is what stopped it.
local function is_reported(file, failure)
    for _, finding in ipairs(file.findings) do
        if (finding.rule == "undefined-name" or finding.rule == "global") and finding.line == failure.line then
            return true
        end
    end
    return false
end

local function check_failure(file, failure)
    if failure.kind == "policy.syntax" and failure.file == file.path then return check_syntax(file, failure) end
    if failure.kind == "policy.value" then
        return file:report(file:place_of(failure.field or "", "value"), "result", failure.message, failure.hint)
    end
    if failure.file and failure.file ~= file.path and failure.is_here then
        local place = failure.line and (":%d"):format(failure.line) or ""
        return file:report(file.source:place_of_line(1), "load",
            ("what it requires fails: %s%s: %s"):format(failure.file, place, failure.message), failure.hint)
    end
    if is_reported(file, failure) then return end
    local hint = failure.remedy or "a rule file is run once when it is loaded; correct what it does there"
    file:report(file.source:place_of_failure(failure), "load", failure.message, hint)
end

-- What the file holds as far as it is written out: so that one mistake does not hide all others.
local function constants(tree)
    local node = tree.value
    if node and (node.tag == "String" or node.tag == "True" or node.tag == "False") then
        return node.tag == "String" and node[1] or node.tag == "True"
    end
    if node and node.tag == "Number" then return tonumber(node[1]) end
    if node and node.tag ~= "Table" then return nil end
    local value = {}
    for key, inner in pairs(tree.fields) do value[tonumber(key) or key] = constants(inner) end
    return value
end

local function check_constants(file)
    file.functions = {}
    file.data = constants(file.tree)
    if type(file.data) ~= "table" then return end
    patterns.check(file)
end

local function check_data(context, file)
    local below = loading.below(context.scratch, file)
    schema.check(file, below, context)
    entries.check(file, below, context.required[file.name] or false)
    patterns.check(file)
end

local function place_of_return(file)
    local tree = file.source.tree
    local last = tree and tree[#tree]
    if last and last.tag == "Return" then return file.source:place(last) end
    return file.source:place_of_line(#file.source.lines)
end

--- Reports all that is wrong with a file that was read.
---@param context check.Context
---@param file check.RuleFile
function M.check(context, file)
    if not file.source then return end
    if not file.name:find("^[%l%d_/]+$") then
        return file:report(nil, "name", ("'%s' is not a name that a rule file can have"):format(file.name),
            "use lower-case letters, digits and '_', so that `policy.load` can name it")
    end
    if file.source.tree then names.check(file, context.refusal) end
    local data, functions = loading.load(context.scratch, file)
    if data == nil then
        check_failure(file, functions)
        if file.source.tree then check_constants(file) end
        return
    end
    file.functions = functions
    if type(data) ~= "table" then
        if context.required[file.name] then return end
        local is_nothing = not (file.source.tree and file.source.tree[#file.source.tree]
            and file.source.tree[#file.source.tree].tag == "Return")
        return file:report(place_of_return(file), "result",
            is_nothing and "it returns nothing" or ("it returns a %s instead of a table"):format(type(data)),
            "end it with `return { NAME = function(…) … end }`, or with `return M`")
    end
    file.data = data
    if not file.kb and #data > 0 then
        return file:report(place_of_return(file), "result", "it returns a list, which loads as nothing",
            "a policy is a table with names: return { rules = { … } }")
    end
    check_data(context, file)
end

return M
