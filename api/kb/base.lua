-- A loaded knowledge base: its items, and what it makes of a log.
local functions = require("uhost.kb.functions")
local loading = require("uhost.kb.loading")
local placeholders = require("uhost.kb.placeholders")

local M = {}

-- So many problems are reported one by one.
local max_reported = 5
-- Where the matcher finds fault with a pattern that PCRE2 took by itself, the item is left out; this often.
local max_left_out = 100

local scan_names = {
    entries = "entries", test_readers = "tests", diagnostic_readers = "diagnostics", signals = "signals",
}

local read_all

-- The lists of items of a base that has an index are read when they are first used, as are its patterns; then they are
-- plain fields.
local lists = {}
for kind in pairs(scan_names) do
    lists[kind] = function(base)
        read_all(base)
        return rawget(base, kind)
    end
end

local Base, new_base = uhost.class("kb.Base", {
    fields = lists,
    optional = {
        "cached", "compiled", "functions", "index", "index_is_off", "pattern_owners", "taken",
    },
    describe = function(self) return #self.entries .. " entries" end,
})

-- Problems ------------------------------------------------------------------------------------------------------------

--- A problem in one line: file, place, what is wrong.
---@param problem kb.Problem
---@return string
function M.problem_text(problem)
    if problem.path == "" then
        local message = problem.message
        return message:sub(1, #problem.file) == problem.file and message or ("%s: %s"):format(problem.file, message)
    end
    local id = problem.id and (" (%s)"):format(problem.id) or ""
    return ("%s: %s%s %s"):format(problem.file, problem.path, id, problem.message)
end

--- Reports a base's problems as warnings.
---@param base kb.Base
function M.warn_of_problems(base)
    for i, problem in ipairs(base.problems) do
        if i > max_reported then
            local more = #base.problems - max_reported
            log.warn(("knowledge bases: %d more problems; `uhost check` reports all"):format(more))
            return
        end
        log.warn(("%s%s"):format(M.problem_text(problem), problem.hint and (": " .. problem.hint) or ""))
    end
end

--- Raises a base's first problem, if there is one.
---@param base kb.Base
function M.raise_problem(base)
    local first = base.problems[1]
    if not first then return end
    local more = #base.problems > 1 and (" (and %d more)"):format(#base.problems - 1) or ""
    uhost.fail("policy.schema", M.problem_text(first) .. more,
        { hint = first.hint, details = { path = first.file, field = first.path, problems = #base.problems } })
end

-- Items ---------------------------------------------------------------------------------------------------------------

-- An item of the user's own takes the place of a shipped one with its id, whichever file that is in. Of two in the same
-- layer, the one that comes first has the id.
local function is_taken(base, owner, each, source)
    -- The same file may be among those that are named.
    if source.readers_only then return true end
    if owner.is_user and not each.is_user then return true end
    if each.is_user and not owner.is_user then return false end
    table.insert(base.problems, {
        file = each.file or each.item.file, path = ("%s[%d].id"):format(each.kind, each.position), id = each.item.id,
        message = "is taken in " .. owner.item.file, hint = "ids are unique over all files",
    })
    return true
end

local function add_item(base, source, name, each)
    local list = not (source.readers_only and each.kind == "entries") and base[each.kind]
    if not list then return end
    local item, taken = each.item, base.taken[each.kind]
    each.is_user = source.is_user and (each.file or item.file) == source.file
    local owner = taken[item.id]
    if owner and is_taken(base, owner, each, source) then return end
    if not item.kind then item.file, item.name, item.kind = each.file, name, each.kind end
    local position = owner and owner.position or #list + 1
    list[position] = item
    taken[item.id] = { item = item, position = position, is_user = each.is_user }
    base.owners[each.kind][item.id] = item
    if each.functions then base.places[item] = { source = source, functions = each.functions } end
end

-- Shipped items that a file of the user's takes out.
local function disable(base, files)
    local disabled = {}
    for _, loaded in ipairs(files) do
        for _, id in ipairs(loaded.disable or {}) do disabled[id] = true end
    end
    if next(disabled) == nil then return end
    for kind in pairs(scan_names) do
        local kept = {}
        for _, item in ipairs(base[kind]) do
            local owner = base.taken[kind][item.id]
            if owner.is_user or not disabled[item.id] then
                kept[#kept + 1] = item
            else
                base.owners[kind][item.id] = nil
            end
        end
        rawset(base, kind, kept)
    end
end

local function add_files(base, files)
    base.taken = {}
    for kind in pairs(scan_names) do
        rawset(base, kind, {})
        base.owners[kind], base.taken[kind] = {}, {}
    end
    for i, loaded in ipairs(files) do
        for _, problem in ipairs(loaded.problems) do base.problems[#base.problems + 1] = problem end
        for _, each in ipairs(loaded.items) do add_item(base, base.sources[i], loaded.name, each) end
    end
    disable(base, files)
    base.taken = nil
end

function read_all(base)
    local problems = base.problems
    base.problems = {}
    add_files(base, loading.all_files(base.index))
    base.problems = problems
end

---@param list kb.Source[]
---@param files kb.LoadedFile[]?  nil when there is an index
---@param engine table  the primitive, which compiles
---@param index kb.Index?
---@return kb.Base
function M.new(list, files, engine, index)
    local base = new_base({
        engine = engine, sources = list, index = index, problems = index and index.problems or {}, files = {},
        owners = {}, groups = {}, places = setmetatable({}, { __mode = "k" }),
    })
    for kind in pairs(scan_names) do base.owners[kind] = {} end
    for i, loaded in ipairs(index and index.files or files) do
        base.files[i] = { name = loaded.name, file = list[i].file, is_user = list[i].is_user, about = loaded.about }
    end
    if files then add_files(base, files) end
    base.functions = functions.new(base)
    return base
end

function Base:entry(id)
    local known = self.owners.entries[id]
    if known or not self.index then return known end
    return self.entries and self.owners.entries[id]
end

--- What was probably meant by an id that there is not.
---@param id string
---@return string?
function Base:suggestion(id)
    local ids = {}
    for i, entry in ipairs(self.entries) do ids[i] = entry.id end
    table.sort(ids)
    local hint, meant = uhost.suggest(id, ids)
    return meant and hint
end

-- Patterns ------------------------------------------------------------------------------------------------------------

local function add_pattern(list, owners, item, role, matching)
    list[#list + 1] = {
        match = matching.match, within = matching.within, unless = matching.unless, flags = matching.flags,
        keep = matching.keep,
    }
    owners[#list] = { item = item, role = role }
end

local function add_patterns(list, owners, item)
    if item.match then return add_pattern(list, owners, item, nil, item) end
    local roles = {}
    for role in pairs(item.patterns or {}) do roles[#roles + 1] = role end
    table.sort(roles)
    for _, role in ipairs(roles) do add_pattern(list, owners, item, role, item.patterns[role]) end
end

-- All patterns of all kinds as the engine takes them, and whose each is.
local function patterns_of(base, left_out)
    local list, owners = {}, {}
    for _, kind in ipairs({ "entries", "test_readers", "diagnostic_readers", "signals" }) do
        for _, item in ipairs(base[kind]) do
            if not left_out[item] then add_patterns(list, owners, item) end
        end
    end
    return list, owners
end

local function leave_out(base, owner, raised, left_out)
    left_out[owner.item] = true
    local problem = {
        file = owner.item.file, path = "", id = owner.item.id,
        message = ("%s: %s"):format(owner.item.id, raised.message), hint = raised.hint,
    }
    base.problems[#base.problems + 1] = problem
    log.warn(M.problem_text(problem))
end

--- A base of files, its patterns and whose each is, and the place in the list of each item's file.
---@param list kb.Source[]
---@param files kb.LoadedFile[]
---@return kb.Base, table[], { item: table, role?: string }[], table<table, integer>
function M.with_patterns(list, files)
    local base, places = M.new(list, files), {}
    for i, loaded in ipairs(files) do
        for _, each in ipairs(loaded.items) do places[each.item] = i end
    end
    local patterns, owners = patterns_of(base, {})
    return base, patterns, owners, places
end

-- As they are looked for, unless matcher() left some out.
function lists.patterns(base)
    local patterns = patterns_of(base, {})
    rawset(base, "patterns", patterns)
    return patterns
end

local function compiled_from_index(base)
    local ok, result = pcall(base.engine.compile, base.index.patterns, { cache = true })
    if not ok then return nil end
    base.compiled, base.pattern_owners = result, {}
    return result
end

function Base:matcher()
    if self.compiled then return self.compiled end
    local from_index = self.index and compiled_from_index(self)
    if from_index then return from_index end
    self.index_is_off = true
    local left_out = {}
    for _ = 1, max_left_out do
        local list, owners = patterns_of(self, left_out)
        local ok, result = pcall(self.engine.compile, list, { cache = true })
        if ok then
            self.compiled, self.pattern_owners = result, owners
            rawset(self, "patterns", list)
            return result
        end
        local index = uhost.is_error(result) and result.kind == "kb.pattern" and result.details.index
        local owner = owners[index]
        if not owner then error(result, 0) end
        leave_out(self, owner, result, left_out)
    end
    uhost.fail("kb.pattern", ("more than %d patterns of the knowledge bases do not compile"):format(max_left_out),
        { hint = "`uhost check` reports what is wrong with each" })
end

-- Scanning ------------------------------------------------------------------------------------------------------------

-- Whose the patterns of these numbers are.
local function owners_of(base, numbers)
    if not base.index or base.index_is_off then return base.pattern_owners end
    local known, missing = base.pattern_owners, {}
    for number in pairs(numbers) do
        if not known[number] then missing[number] = true end
    end
    for number, owner in pairs(loading.owners(base.index, missing)) do
        local item = owner.item
        known[number] = owner
        base.owners[item.kind][item.id] = item
        base.places[item] = owner.functions and { source = base.sources[owner.place], functions = owner.functions }
    end
    return known
end

-- The items whose patterns took more steps than they may, those of most lines first: { item, lines }.
local function limited_items(base, limited)
    local owners, of_item, list = next(limited) ~= nil and owners_of(base, limited) or {}, {}, {}
    for index, lines in pairs(limited) do
        local item = owners[index] and owners[index].item
        if item and not of_item[item] then
            of_item[item] = { item = item, lines = 0 }
            list[#list + 1] = of_item[item]
        end
        if item then of_item[item].lines = math.max(of_item[item].lines, lines) end
    end
    table.sort(list, function(a, b)
        if a.lines ~= b.lines then return a.lines > b.lines end
        return a.item.id < b.item.id
    end)
    return list
end

local function warn_of_limits(limited)
    for i, each in ipairs(limited) do
        if i > max_reported then
            return log.warn(("%d more entries were left out of lines of this log"):format(#limited - i + 1))
        end
        log.warn(("%s: '%s' was left out of %d %s, where its pattern takes too many steps; see `uhost check`")
            :format(each.item.file, each.item.id, each.lines, each.lines == 1 and "line" or "lines"))
    end
end

function Base:scan(opened, options)
    local found = self:matcher():scan(opened, options)
    local limited = limited_items(self, found.limited)
    warn_of_limits(limited)
    local scan = {
        lines = found.lines, bytes = found.bytes, entries = {}, tests = {}, diagnostics = {}, signals = {}, counts = {},
        markers = found.markers or {}, limited = limited, base = self,
    }
    local owners = owners_of(self, found.counts)
    for _, hit in ipairs(found.hits) do
        local owner = owners[hit.index]
        if owner then
            hit.entry, hit.role = owner.item, owner.role
            table.insert(scan[scan_names[owner.item.kind]], hit)
        end
    end
    for index, count in pairs(found.counts) do
        local id = owners[index] and owners[index].item.id
        if id then scan.counts[id] = (scan.counts[id] or 0) + count end
    end
    return scan
end

-- Findings ------------------------------------------------------------------------------------------------------------

function Base:groups_of(item)
    local known = self.groups[item]
    if not known then
        known = placeholders.groups_of(item.match, item.flags)
        self.groups[item] = known
    end
    return known
end

function Base:finding(hit, context)
    local item = hit.entry
    local captures = hit.captures or {}
    local passed = functions.plain(context)
    if not self.functions:allows(item, captures, passed) then return nil end
    local finding = placeholders.fill_entry(item, captures, self:groups_of(item))
    for _, field in ipairs({ "id", "class", "severity", "priority", "fixed_in", "owner", "file" }) do
        finding[field] = item[field]
    end
    finding.tags, finding.commands, finding.docs = item.tags or {}, finding.commands or {}, finding.docs or {}
    finding.captures, finding.line_number, finding.last_line = captures, hit.line_number, hit.last_line
    finding.line, finding.column = hit.line, hit.column
    local suggestion = self.functions:suggestion(item, captures, passed)
    if suggestion then
        finding.suggestion = suggestion
        finding.fix = finding.fix .. "\n\n" .. suggestion
    end
    return finding
end

function Base:close() self.functions:close() end

return M
