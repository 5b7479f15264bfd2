-- How far what a release changed in a file reaches what the fork changed there.
local languages_of = require("lib.upstream.impact.languages")

local M = {}

-- Code that near belongs together.
local near_lines = 10

---@alias impact.Risk "SAFE"|"MINOR"|"MODERATE"|"BREAKING"

local ranks = { SAFE = 1, MINOR = 2, MODERATE = 3, BREAKING = 4 }

---@param a impact.Risk
---@param b impact.Risk
---@return impact.Risk
function M.worse(a, b) return ranks[a] >= ranks[b] and a or b end

---@param risk impact.Risk
---@return integer
function M.rank(risk) return ranks[risk] end

---@class impact.Judgement
---@field risk impact.Risk
---@field changes string[]  what happened, in words
---@field functions { name: string, before?: string, after?: string }[]  that the release changed; signatures where they
---    differ
---@field hunks { first_line: integer, last_line: integer, in_function?: string }[]  of the release near the fork's, in
---    the lines of the base

local function distance(a, b)
    local a_last, b_last = a.first + math.max(a.count, 1) - 1, b.first + math.max(b.count, 1) - 1
    if a_last < b.first then return b.first - a_last end
    if b_last < a.first then return a.first - b_last end
    return 0
end

local function by_name(functions)
    local map = {}
    for _, each in ipairs(functions) do map[each.name] = map[each.name] or each end
    return map
end

-- The functions that hunks touch, in both texts.
local function touched_functions(old, new, hunks)
    local names, list = {}, {}
    local function add(each)
        if each and not names[each.name] then
            names[each.name] = true
            list[#list + 1] = each.name
        end
    end
    for _, hunk in ipairs(hunks) do
        for line = hunk.first, hunk.first + math.max(hunk.count, 1) - 1 do add(languages_of.function_at(old, line)) end
        for line = hunk.new_first, hunk.new_first + hunk.new_count - 1 do add(languages_of.function_at(new, line)) end
    end
    return list
end

local function changed_functions(old, new, hunks)
    local before, after, list = by_name(old), by_name(new), {}
    for _, name in ipairs(touched_functions(old, new, hunks)) do
        local a, b = before[name], after[name]
        local differs = not a or not b or a.signature ~= b.signature
        list[#list + 1] = { name = name, before = differs and a and a.signature or nil,
            after = differs and b and b.signature or nil, is_gone = not b, is_new = not a }
    end
    return list
end

-- Functions of the base that the fork's changes are in.
local function hooked_functions(old, fork)
    local names = {}
    for _, hunk in ipairs(fork and fork.hunks or {}) do
        local enclosing = languages_of.function_at(old, hunk.first)
        if enclosing then names[enclosing.name] = true end
    end
    return names
end

local function near_hunks(fork, hunks)
    local list = {}
    for _, hunk in ipairs(hunks) do
        for _, own in ipairs(fork and fork.hunks or {}) do
            if distance(own, hunk) <= near_lines then
                list[#list + 1] = hunk
                break
            end
        end
    end
    return list
end

local function describe(each)
    if each.is_new then return ("adds %s"):format(each.name) end
    if each.is_gone then return ("removes %s"):format(each.name) end
    if each.before then
        return ("the signature of %s is now: %s; it was: %s"):format(each.name, each.after, each.before)
    end
    return ("changes %s"):format(each.name)
end

local function judge_gone(change)
    if change.status == "deleted" then
        return { risk = "BREAKING", changes = { "the file is gone" }, functions = {}, hunks = {} }
    end
    if change.binary then
        return { risk = "MODERATE", changes = { "the binary file changed" }, functions = {}, hunks = {} }
    end
end

local function judge_text(judgement, change, fork, texts, language)
    if languages_of.same_essence(language, texts.old, texts.new, change.hunks) then
        judgement.risk = M.worse(judgement.risk, "MINOR")
        table.insert(judgement.changes, "only spaces, comments or formatting changed")
        return
    end
    local old, new = languages_of.functions(language, texts.old), languages_of.functions(language, texts.new)
    judgement.functions = changed_functions(old, new, change.hunks)
    local hooked = hooked_functions(old, fork)
    for _, each in ipairs(judgement.functions) do
        table.insert(judgement.changes, describe(each))
        if hooked[each.name] and each.is_gone then
            judgement.risk = "BREAKING"
            table.insert(judgement.changes, ("the fork's change is in %s, which is gone"):format(each.name))
        elseif hooked[each.name] and each.before then
            judgement.risk = M.worse(judgement.risk, "MODERATE")
        end
    end
    for _, hunk in ipairs(near_hunks(fork, change.hunks)) do
        local enclosing = languages_of.function_at(old, hunk.first)
        judgement.risk = M.worse(judgement.risk, "MODERATE")
        table.insert(judgement.hunks, { first_line = hunk.first, last_line = hunk.first + math.max(hunk.count, 1) - 1,
            in_function = enclosing and enclosing.name })
    end
    if #judgement.hunks > 0 then table.insert(judgement.changes, "code near the fork's own changed") end
end

--- Judges what a release changed in a file.
---@param change impact.Change?  nil: nothing
---@param fork impact.Change?  what the fork changed there
---@param texts { old: string, new: string }  the file in the base and in the release
---@param language impact.Language
---@return impact.Judgement
function M.file(change, fork, texts, language)
    local judgement = { risk = "SAFE", changes = {}, functions = {}, hunks = {} }
    if not change then return judgement end
    local gone = judge_gone(change)
    if gone then return gone end
    if change.status == "renamed" then
        judgement.risk = "MINOR"
        judgement.changes[1] = ("moved to %s%s"):format(change.new_path,
            change.similarity_percent == 100 and ", unchanged" or "")
    end
    if #change.hunks > 0 then judge_text(judgement, change, fork, texts, language) end
    if #judgement.changes == 0 then judgement.changes[1] = "its mode changed" end
    return judgement
end

return M
