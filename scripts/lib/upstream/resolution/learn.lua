-- Learns from a repository's past merges: each is done again in memory, what the rules would have made of its conflicts
-- is compared with what people made of them, and rules are drafted from what people did again and again.
local resolution = require("lib.upstream.resolution")
local texts = require("lib.upstream.resolution.texts")
local three_way = require("lib.upstream.resolution.three_way")

local M = {}

-- Longer files are left out.
local max_bytes = 400000

---@class upstream.LearntConflict
---@field commit string
---@field path string
---@field kind string
---@field conflict upstream.Conflict
---@field person? string  the text that was committed; nil: the file is gone

local function is_text(text) return not text or #text <= max_bytes and not text:find("\0", 1, true) end

local function text_of(repo, side) return side and repo:read_blob(side.oid) or nil end

-- Kinds that a look at the texts of one file can settle.
local settled_kinds = { content = true, add_add = true, modify_delete = true, rename_delete = true }

-- The conflicts of one merge, as git's own merge finds them.
local function conflicts_of(repo, commit, visit)
    local ours, theirs = commit.parents[1], commit.parents[2]
    if not repo:merge_base(ours, theirs) then return end
    for _, each in ipairs(repo:merge_trees{ ours = ours, theirs = theirs, write = false }.conflicts) do
        local conflict = { path = each.path, kind = each.kind, base = text_of(repo, each.base),
            ours = text_of(repo, each.ours), theirs = text_of(repo, each.theirs) }
        local person = repo:read(commit.id, each.path)
        if settled_kinds[each.kind] and is_text(conflict.base) and is_text(conflict.ours) and is_text(conflict.theirs)
            and is_text(person) then
            visit({ commit = commit.id, path = each.path, kind = each.kind, conflict = conflict, person = person })
        end
    end
end

-- What people do again and again -----------------------------------------------------------------------------------

local ways = {
    { action = "take_ours", lines = function(hunk) return hunk.ours end },
    { action = "take_theirs", lines = function(hunk) return hunk.theirs end },
    { action = "both_in_order", lines = function(hunk) return texts.concat(hunk.ours, hunk.theirs) end },
}

-- How a person settled every hunk of a file, if in one way; and the shortest hunk as an example.
local function way_of(learnt)
    local conflict = learnt.conflict
    if not conflict.ours or not conflict.theirs then
        if learnt.person then return nil end
        return "accept_deletion", { base = conflict.base, ours = conflict.ours, theirs = conflict.theirs, gives = true }
    end
    local merge = three_way.merge(conflict.base, conflict.ours, conflict.theirs)
    local parts = learnt.person and three_way.parts(merge, learnt.person)
    if not parts or #parts == 0 then return nil end
    local shortest = 1
    for i, hunk in ipairs(merge.hunks) do
        local best = merge.hunks[shortest]
        if #hunk.ours + #hunk.theirs < #best.ours + #best.theirs then shortest = i end
    end
    for _, way in ipairs(ways) do
        local fits = true
        for i, hunk in ipairs(merge.hunks) do fits = fits and texts.same(parts[i], way.lines(hunk)) end
        if fits then
            local hunk = merge.hunks[shortest]
            return way.action, {
                base = conflict.base and texts.join(hunk.base), ours = texts.join(hunk.ours),
                theirs = texts.join(hunk.theirs), gives = texts.join(parts[shortest]),
            }
        end
    end
end

local function size_of(example) return #(example.base or "") + #(example.ours or "") + #(example.theirs or "") end

local function note_way(drafts, learnt)
    local action, example = way_of(learnt)
    local draft = drafts[learnt.path] or { count = 0, of = {}, kinds = {} }
    drafts[learnt.path] = draft
    draft.count = draft.count + 1
    if not action then return end
    draft.of[action] = (draft.of[action] or 0) + 1
    draft.kinds[learnt.kind] = true
    if not draft[action] or size_of(example) < size_of(draft[action].example) then
        draft[action] = { example = example, commit = learnt.commit }
    end
end

-- Rules for files that people settled the same way whenever they were in conflict, at least twice.
local function drafts_of(noted)
    local drafts = {}
    for path, draft in pairs(noted) do
        for action, count in pairs(draft.of) do
            if count >= 2 and count == draft.count then
                local kinds = {}
                for kind in pairs(draft.kinds) do kinds[#kinds + 1] = kind end
                table.sort(kinds)
                drafts[#drafts + 1] = {
                    name = ("%s of %s"):format(action:gsub("_", " "), path), file = path, kinds = kinds,
                    action = action, times = count, commit = draft[action].commit, example = draft[action].example,
                }
            end
        end
    end
    table.sort(drafts, function(a, b) return a.times > b.times or a.times == b.times and a.file < b.file end)
    return drafts
end

-- Agreement --------------------------------------------------------------------------------------------------------

local function count(counts, name, answer, is_exact)
    local one = counts[name] or { name = name, conflicts = 0, exact = 0, safe = 0, safe_exact = 0 }
    counts[name] = one
    one.conflicts = one.conflicts + 1
    if is_exact then one.exact = one.exact + 1 end
    if answer.safe then
        one.safe = one.safe + 1
        if is_exact then one.safe_exact = one.safe_exact + 1 end
    end
end

local function sorted(counts)
    local list = {}
    for _, one in pairs(counts) do list[#list + 1] = one end
    table.sort(list, function(a, b)
        return a.conflicts > b.conflicts or a.conflicts == b.conflicts and a.name < b.name
    end)
    return list
end

---@class upstream.Lesson
---@field merges integer  that were looked at
---@field conflicts integer
---@field resolved integer
---@field exact integer
---@field rules table[]  name, conflicts, exact, safe, safe_exact
---@field kinds table[]
---@field drafts table[]

--- Looks at the past merges of a repository.
---@param repo git.Repository
---@param options { range?: string, limit: integer, visit?: fun(learnt: upstream.LearntConflict) }
---@return upstream.Lesson
function M.from(repo, options)
    local resolver = resolution.new()
    local lesson = { merges = 0, conflicts = 0, resolved = 0, exact = 0 }
    local rules, kinds, noted = {}, {}, {}
    for commit in repo:log{ merges = true, limit = options.limit, range = options.range } do
        if #commit.parents == 2 then
            lesson.merges = lesson.merges + 1
            conflicts_of(repo, commit, function(learnt)
                local answer = resolver:resolve(learnt.conflict)
                local is_exact = answer.resolved and answer.text == learnt.person
                lesson.conflicts = lesson.conflicts + 1
                lesson.resolved = lesson.resolved + (answer.resolved and 1 or 0)
                lesson.exact = lesson.exact + (is_exact and 1 or 0)
                local rule = answer.rule or "unresolved"
                count(rules, rule:find(" + ", 1, true) and "several rules" or rule, answer, is_exact)
                count(kinds, learnt.kind, answer, is_exact)
                note_way(noted, learnt)
                if options.visit then options.visit(learnt) end
            end)
        end
    end
    lesson.rules, lesson.kinds, lesson.drafts = sorted(rules), sorted(kinds), drafts_of(noted)
    return lesson
end

-- A draft as it is written ------------------------------------------------------------------------------------------

-- Of so many bytes altogether, an example is written out; a longer one would hide the rule.
local max_example_bytes = 4000

local function quoted(value)
    if type(value) ~= "string" then return tostring(value) end
    return (("%q"):format(value):gsub("\\\n", "\\n"):gsub("\r", "\\r"):gsub("%z", "\\0"))
end

local function example_lines(example)
    local fields, size = {}, 0
    for _, name in ipairs{ "base", "ours", "theirs", "gives" } do
        if example[name] ~= nil then
            fields[#fields + 1] = ("%s = %s"):format(name, quoted(example[name]))
            size = size + #fields[#fields]
        end
    end
    return size <= max_example_bytes and "{ " .. table.concat(fields, ", ") .. " }" or nil
end

--- The drafts as a policy, to be looked at before they are used.
---@param drafts table[]
---@return string
function M.policy(drafts)
    local lines = {
        "-- Drafted from past merges. Look at each rule, and set safe = true where nobody has to look any more.",
        "return { rules = {",
    }
    for _, draft in ipairs(drafts) do
        local kinds = {}
        for i, kind in ipairs(draft.kinds) do kinds[i] = quoted(kind) end
        lines[#lines + 1] = ("    -- %d times; for example in %s"):format(draft.times, draft.commit)
        lines[#lines + 1] = ("    { name = %s, file = %s, kinds = { %s },"):format(quoted(draft.name),
            quoted(draft.file), table.concat(kinds, ", "))
        lines[#lines + 1] = ("        action = %s, safe = false,"):format(quoted(draft.action))
        local example = example_lines(draft.example)
        lines[#lines + 1] = example and ("        examples = { %s } },"):format(example) or "    },"
    end
    lines[#lines + 1] = "} }\n"
    return table.concat(lines, "\n")
end

return M
