-- The regular expressions in a rule file: those at keys named `match`, `unless` and `pattern`, as texts or lists of
-- them, and those that the schema says are such. Lua's own patterns, as in string.find, are none.
local compare = require("lib.check.regex.compare")
local emptiness = require("lib.check.regex.emptiness")
local emptytext = require("lib.check.regex.emptytext")
local entries = require("lib.check.entries")
local parse = require("lib.check.regex.parse")
local places = require("lib.check.places")
local probe = require("lib.check.regex.probe")
local schema = require("lib.check.schema")
local source = require("lib.check.source")

local M = {}

local named = { match = true, unless = true, pattern = true }
-- How long a pattern may be to be looked at closely.
local max_bytes = 5000
-- How many literals of a list later entries are held against.
local max_literals = 200

---@class check.Pattern
---@field path string
---@field text string
---@field flags string
---@field tree? regex.Node
---@field compiled? re.Pattern

local function is_pattern(file_schema, steps)
    local field = schema.field_at(file_schema, steps)
    if field then return field.type == "regex" end
    local last = #steps
    while last > 0 and tonumber(steps[last]) do last = last - 1 end
    return last >= #steps - 1 and named[steps[last]] or false
end

-- All patterns, in the order of their paths.
local function collect(file, file_schema)
    local found = {}
    local function walk(value, path, owner)
        if type(value) == "string" then
            if is_pattern(file_schema, places.steps(path)) then
                local flags = type(owner.flags) == "string" and owner.flags:match("^[imsxnb]*$") or ""
                found[#found + 1] = { path = path, text = value, flags = flags }
            end
            return
        end
        if type(value) ~= "table" then return end
        for _, key in ipairs(tables.sorted_keys(value)) do
            if path ~= "" or key ~= "examples" then
                walk(value[key], places.inner(path, key), #value > 0 and owner or value)
            end
        end
    end
    walk(file.data, "", {})
    return found
end

-- The place of a byte of a pattern; without one, or where it is not written out, the place of the whole.
local function place_in(file, pattern, byte, last)
    local node = file:value_node(pattern.path)
    if not byte or not node or node.tag ~= "String" or node[1] ~= pattern.text then
        return file:place_of(pattern.path, "value")
    end
    local written, start = file.source:written(node)
    local first = source.position_in_literal(written, math.min(byte, #pattern.text))
    local stop = source.position_in_literal(written, math.min((last or byte) + 1, #pattern.text + 1))
    if not first then return file:place_of(pattern.path, "value") end
    return file.source:place_of_byte(start + first - 1, start + math.max(first, stop - 1) - 1)
end

local function shown(text)
    local one_line = term.visible(text):gsub("\n", "\\n"):gsub("\t", "\\t")
    return "'" .. term.truncate(one_line, 60) .. "'"
end

local function compile(file, pattern)
    local ok, compiled = pcall(re.compile, pattern.text, pattern.flags)
    if ok then return compiled end
    if not uhost.is_error(compiled) or not compiled.kind:find("^re%.") then error(compiled, 0) end
    local why = compiled.native or compiled.message
    file:report(place_in(file, pattern, compiled.details.position), "regex-syntax",
        ("the pattern %s does not compile: %s"):format(shown(pattern.text), why), compiled.hint
            or "see https://www.pcre.org/current/doc/html/pcre2pattern.html; `re.escape` makes a pattern of a text")
end

local function check_meaning(file, pattern)
    local empty = emptiness.find(pattern.tree)
    if empty.whole then
        return file:report(place_in(file, pattern), "regex-never",
            ("the pattern %s can never match"):format(shown(pattern.text)),
            "look for `$` or `^` in the middle, and for conditions that exclude each other")
    end
    for _, branch in ipairs(empty.branches) do
        file:report(place_in(file, pattern, branch.position), "regex-never",
            ("an alternative in the pattern %s can never match"):format(shown(pattern.text)),
            "it begins at the caret; look for `$` or `^` in its middle")
    end
    if emptytext.matches_always(pattern.tree) then
        file:report(place_in(file, pattern), "regex-always",
            ("the pattern %s matches every text, for it matches the empty one"):format(shown(pattern.text)),
            "ask for at least one character that must be there")
    end
end

local function check_time(file, pattern)
    local slow = probe.find(pattern.tree, pattern.compiled)
    if not slow then return end
    local text = ("a text of %d characters that repeats %s"):format(slow.length, shown(slow.repeated))
    if slow.explosive then
        file:report(place_in(file, pattern), "regex-explosive",
            ("the pattern %s takes more than ten million steps for %s"):format(shown(pattern.text), text),
            "make repeats within repeats exclude each other, or possessive: (a++)+")
    else
        file:report(place_in(file, pattern), "regex-slow",
            ("the pattern %s takes time that grows with the cube of the length for %s"):format(
                shown(pattern.text), text),
            "make repeats that follow each other exclude each other, or bound them: \\w{1,40}")
    end
end

local function check_each(file, patterns)
    for _, pattern in ipairs(patterns) do
        pattern.compiled = compile(file, pattern)
        if pattern.compiled and #pattern.text <= max_bytes then
            pattern.tree = parse.read(pattern.text, pattern.flags)
        end
        if pattern.tree then
            check_meaning(file, pattern)
            check_time(file, pattern)
        end
    end
end

-- Entries that only `match` decides about: nothing else in them narrows what they are for.
local function is_plain(entry, functions, path)
    for _, key in ipairs({ "unless", "when", "only", "where", "flags" }) do
        if entry[key] ~= nil or functions[("%s.%s"):format(path:gsub("%[(%d+)%]", ".%1"), key)] then return false end
    end
    return true
end

local function entries_with_patterns(file, path, list, by_path)
    local found = {}
    for i, entry in ipairs(list) do
        local entry_path = ("%s[%d]"):format(path, i)
        for _, key in ipairs({ "match", "pattern" }) do
            local pattern = type(entry) == "table" and by_path[entry_path .. "." .. key]
            if pattern and pattern.tree and is_plain(entry, file.functions, entry_path) then
                found[#found + 1] = {
                    pattern = pattern, rank = tonumber(entry.priority) or 0, position = i,
                    normalised = compare.normalised(pattern.tree), id = entry.id,
                }
            end
        end
    end
    table.sort(found, function(a, b)
        if a.rank ~= b.rank then return a.rank > b.rank end
        return a.position < b.position
    end)
    return found
end

local function place_text(file, other)
    local line = file:place_of(other.pattern.path).line
    return other.id and ("'%s' in line %d"):format(tostring(other.id), line) or ("the one in line %d"):format(line)
end

-- The earlier of two, if it takes all that the later could match.
local function shadower(earlier_literals, later)
    for _, text in ipairs((compare.literals(later.pattern.tree))) do
        for _, earlier in ipairs(earlier_literals) do
            if text:find(earlier.text, 1, true) then return earlier.entry end
        end
    end
end

local function check_beside(file, list)
    local first, literals = {}, {}
    for _, entry in ipairs(list) do
        local same = entry.normalised and first[entry.normalised]
        local over = not same and shadower(literals, entry)
        if same then
            file:report(place_in(file, entry.pattern), "regex-duplicate",
                ("the pattern %s matches the same as %s"):format(shown(entry.pattern.text), place_text(file, same)),
                "put both together, or make them differ")
        elseif over then
            file:report(place_in(file, entry.pattern), "regex-shadowed",
                ("the pattern %s is never reached where the first match counts: %s matches all of it before"):format(
                    shown(entry.pattern.text), place_text(file, over)), "put the more exact one first")
        end
        if entry.normalised then first[entry.normalised] = first[entry.normalised] or entry end
        local texts, is_literal = compare.literals(entry.pattern.tree)
        if is_literal and not same and #literals < max_literals then
            literals[#literals + 1] = { text = texts[1], entry = entry }
        end
    end
end

---@param file check.RuleFile
function M.check(file)
    local patterns = collect(file, schema.of(file))
    check_each(file, patterns)
    local by_path = {}
    for _, pattern in ipairs(patterns) do by_path[pattern.path] = pattern end
    entries.each(file, function(path, list) check_beside(file, entries_with_patterns(file, path, list, by_path)) end)
end

return M
