-- What a knowledge base file must look like. All that is wrong with it is found at once, each with its path and, where
-- it helps, with what was probably meant.
local placeholders = require("uhost.kb.placeholders")
local schemas = require("uhost.policy.schema")
local tables = require("uhost.tables")

local M = {}

--- What a failure can be.
M.classes = {
    "missing setup", "version mismatch", "cache corruption", "permission", "matrix gap", "flaky", "code bug",
    "infrastructure",
}
M.severities = { "error", "warning", "note" }
--- Which line counts where an entry matches several.
M.occurrences = { "first", "last" }
--- The lists of a file, and what scans and Base call them.
M.kinds = { "entries", "test_readers", "diagnostic_readers", "signals" }

-- What a draft has where somebody still has to write something.
M.placeholder = "?"

-- A stranger's file must not make its reader slow.
local limits = {
    items = 10000, patterns = 8, pattern_bytes = 4096, text_bytes = 16384, example_bytes = 65536, list = 100,
    within = 1000, keep = 100000, id_bytes = 80, unknown = 20, problems = 1000,
}
M.limits = limits

local text = { type = "string" }
local texts = { type = "list", of = text }
local examples = {
    type = "table", required = true,
    fields = { matches = { type = "list", required = true, of = text }, rejects = texts },
}

local entry_fields = {
    id = { type = "string", required = true }, title = { type = "string", required = true },
    match = { type = "any" }, unless = { type = "any" },
    within = { type = "integer", default = 20 }, flags = text, keep = { type = "integer" },
    class = { type = "string", required = true, enum = M.classes },
    severity = { type = "string", default = "error", enum = M.severities },
    priority = { type = "integer", default = 50 }, rank = { type = "integer" },
    occurrence = { type = "string", enum = M.occurrences },
    cause = { type = "string", required = true }, fix = { type = "string", required = true },
    commands = texts, docs = texts, fixed_in = text, owner = text, tags = texts,
    patch = {
        type = "table", fields = { file = text, description = text, yaml = { type = "string", required = true } },
    },
    rewrite = {
        type = "table",
        fields = { from = { type = "string", required = true }, to = { type = "string", required = true } },
    },
    examples = examples, when = { type = "function" }, suggest = { type = "function" },
}

-- Readers and signals have further fields, and examples that say what is read; those who read them know.
local reader_fields = {
    id = { type = "string", required = true }, match = { type = "any" }, unless = { type = "any" },
    within = { type = "integer", default = 20 }, flags = text, keep = { type = "integer" },
    patterns = { type = "table" }, examples = { type = "any" },
}

local role_fields = {
    match = { type = "any" }, unless = { type = "any" }, within = { type = "integer", default = 20 },
    flags = text, keep = { type = "integer" },
}

local item_schemas = { entries = { type = "table", fields = entry_fields } }
for i = 2, #M.kinds do item_schemas[M.kinds[i]] = { type = "table", fields = reader_fields, open = true } end

--- The schema as `policy.load` takes it: the shape of a file, without what only `check` can find out.
M.file = { fields = {
    about = text, order = { type = "string", enum = { "listed" } },
    occurrence = { type = "string", enum = M.occurrences },
} }
for _, kind in ipairs(M.kinds) do M.file.fields[kind] = { type = "list", of = item_schemas[kind] } end

-- Checks --------------------------------------------------------------------------------------------------------------

local Check, new_check = uhost.class("kb.Check")

function Check:add(path, message, hint, code)
    self.problems[#self.problems + 1] = { path = path, code = code or "value", message = message, hint = hint }
end

function Check:is_reported(path)
    for _, problem in ipairs(self.problems) do
        if problem.path == path then return true end
    end
    return false
end

local function is_text_list(value)
    if type(value) ~= "table" or #value == 0 then return false end
    for _, item in ipairs(value) do
        if type(item) ~= "string" then return false end
    end
    return true
end

-- A pattern that PCRE2 takes, and that is no trap for the engine.
function Check:pattern(pattern, flags, path)
    if pattern == "" then return self:add(path, "is empty", "an empty pattern matches every line") end
    if #pattern > limits.pattern_bytes then
        return self:add(path, ("is longer than %d bytes"):format(limits.pattern_bytes))
    end
    local ok, raised = pcall(re.compile, pattern, flags)
    if not ok then
        if not uhost.is_error(raised) then error(raised, 0) end
        return self:add(path, "is not a pattern: " .. raised.message, raised.hint, "pattern")
    end
end

function Check:patterns(value, flags, path)
    if type(value) == "string" then return self:pattern(value, flags, path) end
    if not is_text_list(value) then
        return self:add(path, "is neither a pattern nor a list of patterns", "match = [[error: (?<what>.+)]]")
    end
    if #value > limits.patterns then
        self:add(path, ("has %d patterns, more than %d"):format(#value, limits.patterns))
    end
    for i, pattern in ipairs(value) do self:pattern(pattern, flags, ("%s[%d]"):format(path, i)) end
end

-- Of an entry; a signal may well stand for an empty line.
function Check:empty_line(item, path)
    for i, pattern in ipairs(type(item.match) == "table" and item.match or { item.match }) do
        local ok, matched = pcall(re.test, "", pattern, item.flags)
        if ok and matched and pattern ~= "" then
            self:add(type(item.match) == "table" and ("%s.match[%d]"):format(path, i) or path .. ".match",
                "matches an empty line", "say what has to be there")
        end
    end
end

function Check:range(value, path, least, most)
    if type(value) ~= "number" then return end
    if value < least or value > most then
        self:add(path, ("is %g, expected %d to %d"):format(value, least, most))
    end
end

-- What entries, readers and the roles of readers have in common.
function Check:matching(item, path, needs_match)
    local flags = type(item.flags) == "string" and item.flags or ""
    if not flags:find("^[imsxnb]*$") then
        self:add(path .. ".flags", ("is '%s'"):format(flags:sub(1, 20)), "the letters are those of `re`: i m s x n b")
        flags = ""
    end
    if item.match ~= nil then
        self:patterns(item.match, flags, path .. ".match")
    elseif needs_match then
        self:add(path .. ".match", "is missing: it has to be a pattern, or a list of patterns")
    end
    if item.unless ~= nil then self:patterns(item.unless, flags, path .. ".unless") end
    self:range(item.within, path .. ".within", 1, limits.within)
    self:range(item.keep, path .. ".keep", 1, limits.keep)
end

function Check:text_sizes(value, path, most)
    if type(value) == "string" then
        if #value > most then self:add(path, ("is longer than %d bytes"):format(most)) end
    elseif type(value) == "table" then
        for key, inner in pairs(value) do
            if type(inner) == "string" or type(inner) == "table" then
                local step = type(key) == "number" and ("[%d]"):format(key) or "." .. key
                self:text_sizes(inner, path .. step, most)
            end
        end
    end
end

function Check:id(item, path)
    local id = item.id
    if type(id) ~= "string" then return end
    if #id > limits.id_bytes or not id:find("^%l[%w_%-]*%.[%w_%-%.]*[%w_]$") or id:find("..", 1, true) then
        self:add(path .. ".id", ("is '%s'"):format(id:sub(1, limits.id_bytes)),
            "an id is a domain, a dot and a word: rust.e0277")
    end
end

function Check:examples(item, path)
    local given = item.examples
    if given == nil and not self:is_reported(path .. ".examples") then
        self:add(path .. ".examples", "is missing: examples are its tests", "examples = { matches = { … } }")
    end
    if type(given) ~= "table" then return end
    if type(given.matches) == "table" and #given.matches == 0 then
        self:add(path .. ".examples.matches", "is empty", "give the line that the tool really prints")
    end
    for _, list in ipairs({ "matches", "rejects" }) do
        for i, example in ipairs(type(given[list]) == "table" and given[list] or {}) do
            if type(example) == "string" and #example > limits.example_bytes then
                self:add(("%s.examples.%s[%d]"):format(path, list, i),
                    ("is longer than %d bytes"):format(limits.example_bytes))
            end
        end
    end
end

local function captured_names(item)
    local ok, captured = pcall(placeholders.groups_of, item.match, item.flags)
    return ok and captured or { count = 0, names = {} }
end

-- A placeholder that stands for no group is text, unless it looks like a group that is there.
function Check:placeholders(item, path)
    local captured = captured_names(item)
    local names = tables.sorted_keys(captured.names)
    placeholders.each(item, function(field, name)
        local number = tonumber(name)
        if number and number > captured.count then
            self:add(path .. "." .. field,
                ("asks for {%s}, but the pattern captures %d groups"):format(name, captured.count))
        elseif not number and not captured.names[name] and #name > 2 then
            local hint, meant = uhost.suggest(name, names)
            if meant then
                self:add(path .. "." .. field,
                    ("asks for {%s}, which the pattern does not capture"):format(name), hint)
            end
        end
    end)
end

local draft_words = {
    title = "in one line what the problem is", class = "what kind of failure it is", cause = "why it happens",
    fix = "what to do about it",
}

-- What a draft leaves to its author. Gives the fields, so that they are not reported twice.
function Check:draft(item, path)
    local left = {}
    for _, field in ipairs({ "title", "class", "cause", "fix" }) do
        if item[field] == M.placeholder then
            left[field] = true
            self:add(path .. "." .. field, "is still the draft's placeholder",
                ("say %s%s"):format(draft_words[field],
                    field == "class" and ": " .. table.concat(M.classes, ", ") or ""))
        end
    end
    return left
end

function Check:links(item, path)
    for i, link in ipairs(type(item.docs) == "table" and item.docs or {}) do
        if type(link) == "string" and not link:find("^https?://[^%s]+$") then
            self:add(("%s.docs[%d]"):format(path, i), "is not a web address", "https://…")
        end
    end
end

function Check:entry(item, path)
    self:range(item.priority, path .. ".priority", 0, 100)
    self:text_sizes({ title = item.title, cause = item.cause, fix = item.fix, commands = item.commands,
        docs = item.docs, tags = item.tags, patch = item.patch, rewrite = item.rewrite, owner = item.owner,
        fixed_in = item.fixed_in,
    }, path, limits.text_bytes)
    for _, field in ipairs({ "title", "cause", "fix" }) do
        if item[field] == "" then self:add(path .. "." .. field, "is empty", "say " .. draft_words[field]) end
    end
    for _, field in ipairs({ "commands", "docs", "tags" }) do
        if type(item[field]) == "table" and #item[field] > limits.list then
            self:add(path .. "." .. field, ("has more than %d items"):format(limits.list))
        end
    end
    self:empty_line(item, path)
    self:links(item, path)
    self:placeholders(item, path)
end

function Check:reader(item, path)
    if (item.match == nil) == (item.patterns == nil) then
        return self:add(path, "needs either 'match' or 'patterns'", "patterns = { role = { match = … } }")
    end
    if type(item.patterns) ~= "table" then return end
    local roles = {}
    for role in pairs(item.patterns) do roles[#roles + 1] = tostring(role) end
    table.sort(roles)
    if #roles == 0 then self:add(path .. ".patterns", "is empty", "patterns = { role = { match = … } }") end
    for _, role in ipairs(roles) do
        local pattern, place = item.patterns[role], ("%s.patterns.%s"):format(path, role)
        if type(pattern) ~= "table" then
            self:add(place, "is not a table", "patterns = { role = { match = … } }")
        else
            local complete, problems = schemas.check({ fields = role_fields, open = true }, pattern, {})
            for _, problem in ipairs(problems) do
                self:add(place .. "." .. problem.path, problem.message, problem.hint)
            end
            item.patterns[role] = complete
            self:matching(complete, place, true)
        end
    end
end

-- The functions of each item, by their paths in it: items by their paths, "entries.3".
local function functions_by_item(functions)
    local of_item = {}
    for path, line in pairs(functions) do
        local item, name = path:match("^([^.]+%.%d+)%.(.+)$")
        if item then
            of_item[item] = of_item[item] or {}
            of_item[item][name] = line
        end
    end
    return of_item
end

--- Checks one item. Gives it with its defaults, and what is wrong with it.
---@param kind string  one of `kinds`
---@param item any
---@param path string  "entries[3]"
---@param functions table<string, integer>  the item's functions by their paths in it: "when"
---@return table item, policy.Problem[] problems
function M.check_item(kind, item, path, functions)
    local check = new_check({ problems = {} })
    if type(item) ~= "table" or #item > 0 then
        check:add(path, "is not a table", kind == "entries" and "an entry is { id = …, match = …, … }" or nil)
        return {}, check.problems
    end
    local left = kind == "entries" and check:draft(item, path) or {}
    local complete, problems = schemas.check(item_schemas[kind], item, functions)
    for _, problem in ipairs(problems) do
        if not left[problem.path] then check:add(path .. "." .. problem.path, problem.message, problem.hint) end
    end
    check:id(complete, path)
    check:matching(complete, path, kind == "entries")
    check:examples(complete, path)
    if kind == "entries" then check:entry(complete, path) else check:reader(complete, path) end
    return complete, check.problems
end

local function check_list(all, kind, list, functions, visit)
    if type(list) ~= "table" or (#list == 0 and next(list) ~= nil) then
        all[#all + 1] = { path = kind, message = "is not a list", hint = kind .. " = { { id = …, … }, … }" }
        return
    end
    if #list > limits.items then
        all[#all + 1] = { path = kind, message = ("has more than %d items"):format(limits.items) }
    end
    local taken = {}
    for i = 1, math.min(#list, limits.items) do
        local path = ("%s[%d]"):format(kind, i)
        if #all >= limits.problems then
            all[#all + 1] = {
                path = path, message = "and what follows is left out: the file has too much that is wrong",
            }
            return
        end
        local own = functions[("%s.%d"):format(kind, i)] or {}
        local item, problems = M.check_item(kind, list[i], path, own)
        if item.id ~= nil and taken[item.id] then
            problems[#problems + 1] = {
                path = path .. ".id", message = ("is taken by %s[%d]"):format(kind, taken[item.id]),
                hint = "ids are unique over all files",
            }
        end
        taken[item.id or {}] = i
        if visit then visit(kind, item, i, problems, own) end
        for _, problem in ipairs(problems) do all[#all + 1] = problem end
    end
end

--- Checks what a knowledge base file returns: all that is wrong with it, in the order of the file.
---@param data table  without functions; is not changed
---@param functions? table<string, integer>  its functions by their paths: "entries.3.when"
---@param visit? fun(kind: string, item: table, position: integer, problems: policy.Problem[], functions: table)  is
---    called with each item, and may add problems
---@return policy.Problem[]
function M.check(data, functions, visit)
    local all, known = {}, { about = true, disable = true, examples = true, order = true, occurrence = true }
    functions = functions_by_item(functions or {})
    for _, kind in ipairs(M.kinds) do known[kind] = true end
    local keys = {}
    if #data > 0 then
        all[1] = {
            path = "", code = "type", message = "it returns a list, which loads as nothing",
            hint = "return { entries = { … } }",
        }
    end
    for key in pairs(data) do
        if not known[key] and type(key) ~= "number" then keys[#keys + 1] = tostring(key) end
    end
    table.sort(keys)
    for i, key in ipairs(keys) do
        if i > limits.unknown then
            all[#all + 1] = {
                path = key, code = "unknown", message = ("is not known here, as are %d more names"):format(#keys - i),
            }
            break
        end
        local hint, meant = uhost.suggest(key, M.kinds)
        all[#all + 1] = { path = key, code = "unknown", message = "is not known here", hint = hint, meant = meant }
    end
    if data.order ~= nil and data.order ~= "listed" then
        all[#all + 1] = { path = "order", code = "value", message = "is not 'listed', the only order there is" }
    end
    if data.occurrence ~= nil and data.occurrence ~= "first" and data.occurrence ~= "last" then
        all[#all + 1] = { path = "occurrence", code = "value", message = "is neither 'first' nor 'last'" }
    end
    for _, kind in ipairs(M.kinds) do
        if data[kind] ~= nil then check_list(all, kind, data[kind], functions, visit) end
    end
    return all
end

return M
