-- What a declared rule does. A rule that settles hunks gives lines for each; `finish` puts into the merged file what
-- belongs to one place of it; a rule of whole files gives the text, or says that the file goes.
local insertion = require("lib.upstream.resolution.insertion")
local texts = require("lib.upstream.resolution.texts")
local three_way = require("lib.upstream.resolution.three_way")

local M = {}

-- What functions in the sandbox see of a conflict.
local function changes(base, side)
    local list = {}
    for i, edit in ipairs(three_way.edits(base, side)) do
        list[i] = { removed = texts.slice(base, edit.first, edit.last), added = edit.items }
    end
    return list
end

local function view_of(conflict)
    if conflict.view then return conflict.view end
    local hunks = {}
    for i, hunk in ipairs(conflict.merge and conflict.merge.hunks or {}) do
        hunks[i] = {
            base = hunk.base, ours = hunk.ours, theirs = hunk.theirs,
            ours_changes = changes(hunk.base, hunk.ours), theirs_changes = changes(hunk.base, hunk.theirs),
        }
    end
    conflict.view = {
        path = conflict.path, kind = conflict.kind, base = conflict.base, ours = conflict.ours,
        theirs = conflict.theirs, commit = conflict.commit, hunks = hunks,
    }
    return conflict.view
end

-- Of hunks -----------------------------------------------------------------------------------------------------------

local function union(_, hunk)
    local present, lines = {}, texts.slice(hunk.ours, 1, #hunk.ours)
    for _, line in ipairs(hunk.ours) do present[line] = true end
    for _, line in ipairs(hunk.theirs) do
        if not present[line] then lines[#lines + 1] = line end
    end
    return lines, "the lines of both sides, none twice"
end

local function token_merge(_, hunk)
    local merged = three_way.merge_lists(texts.words(hunk.base), texts.words(hunk.ours), texts.words(hunk.theirs))
    if merged then return texts.lines(table.concat(merged.items)), "the sides changed different words" end
end

-- Where in `lines` an edit goes, and how many lines it replaces there: what it replaces, or the line that it follows,
-- has to stand there exactly once. The beginning and the end of a hunk are places as well, unless they are the same.
local function place_of(edit, base, lines)
    if edit.last >= edit.first then
        local replaced = texts.slice(base, edit.first, edit.last)
        return insertion.only_place(lines, replaced), #replaced
    end
    if #base == 0 then return nil end
    if edit.first == 1 then return 1, 0 end
    local follows = insertion.only_place(lines, { base[edit.first - 1] })
    if not follows and edit.first > #base then return #lines + 1, 0 end
    return follows and follows + 1, 0
end

-- Ours' edits on theirs' lines.
local function reapply(_, hunk)
    local lines = texts.slice(hunk.theirs, 1, #hunk.theirs)
    local edits = three_way.edits(hunk.base, hunk.ours)
    for i = #edits, 1, -1 do
        local at, replaced = place_of(edits[i], hunk.base, lines)
        if not at then return nil end
        lines = texts.concat(texts.slice(lines, 1, at - 1), edits[i].items,
            texts.slice(lines, at + replaced, #lines))
    end
    return lines, "ours' change on theirs' new text"
end

-- What is left of both sides without the lines that the rule itself puts in is merged.
local function merge_without(strip)
    return function(rule, hunk)
        local ours, theirs = strip(rule, hunk.ours), strip(rule, hunk.theirs)
        if texts.same(ours, hunk.ours) and texts.same(theirs, hunk.theirs) then return nil end
        local merged = three_way.merge_lists(strip(rule, hunk.base), ours, theirs)
        if merged then return merged.items, "what the rule adds is put back where it belongs" end
    end
end

-- The identifiers' new names on all sides: what is left of the conflict is merged.
local function rename(rule, hunk)
    local function renamed(lines)
        local words = texts.words(lines)
        for i, word in ipairs(words) do words[i] = rule.identifiers[word] or word end
        return texts.lines(table.concat(words))
    end
    local ours, theirs = renamed(hunk.ours), renamed(hunk.theirs)
    if texts.same(ours, hunk.ours) and texts.same(theirs, hunk.theirs) then return nil end
    local merged = three_way.merge_lists(renamed(hunk.base), ours, theirs)
    if merged then return merged.items, "identifiers renamed on all sides" end
end

local function side(name)
    return function(_, hunk) return hunk[name], ("%s, as the rule says"):format(name) end
end

local hunk_actions = {
    take_ours = side("ours"), take_theirs = side("theirs"), union = union,
    both_in_order = function(_, hunk) return texts.concat(hunk.ours, hunk.theirs), "ours, then theirs" end,
    token_merge = token_merge, keep_theirs_reapply_ours = reapply, rename = rename,
    insert_after_pattern = merge_without(insertion.without_lines),
    append_to_list = merge_without(insertion.without_items),
    suggest = function(rule, hunk) return hunk[rule.take], ("a suggestion: %s"):format(rule.take) end,
}

local finish = { insert_after_pattern = insertion.after_pattern, append_to_list = insertion.into_list }

-- Those that give up what a side added, by what they are. A rule says so itself with `drops`.
local drops = { take_ours = true, take_theirs = true, suggest = true, rename = true }

-- Of whole files -----------------------------------------------------------------------------------------------------

local function whole_side(name, why)
    return function(_, conflict)
        return { text = conflict[name], deleted = conflict[name] == nil, why = why }
    end
end

local function accept_deletion(_, conflict)
    if conflict.ours and conflict.theirs then return nil end
    return { deleted = true, why = "one side deleted it" }
end

local function regenerate(rule, conflict)
    if not conflict.theirs then return nil end
    return { text = conflict.theirs, command = rule.command, why = "theirs, to be made anew by the rule's command" }
end

local whole_actions = {
    take_ours = whole_side("ours", "ours, as the rule says"), regenerate = regenerate,
    take_theirs = whole_side("theirs", "theirs, as the rule says"), accept_deletion = accept_deletion,
    suggest = function(rule, conflict)
        return { text = conflict[rule.take], deleted = conflict[rule.take] == nil, why = "a suggestion" }
    end,
}

--- Whole files that one side owns, as the policy's `paths` say.
---@param entry table
---@return fun(conflict: table): table?
function M.of_path(entry)
    local action = entry.take == "regenerate" and "regenerate" or "take_" .. entry.take
    return function(conflict) return whole_actions[action](entry, conflict) end
end

-- Rules --------------------------------------------------------------------------------------------------------------

-- Asks a function in the sandbox. One that fails does not stop the rules after it.
local function ask(handle, name, conflict)
    local ok, answer = pcall(handle.call, handle, name, view_of(conflict))
    if ok then return answer end
    if not uhost.is_error(answer) or not answer.kind:find("^policy%.") then error(answer, 0) end
    return nil, answer.message
end

local function from_function(handle, path)
    return function(conflict)
        local answer, failure = ask(handle, path .. ".resolve", conflict)
        if failure then return { failure = failure } end
        if type(answer) == "string" then return { text = answer, why = "as the rule's function says" } end
        if type(answer) ~= "table" then return nil end
        return {
            text = type(answer.text) == "string" and answer.text or nil, deleted = answer.deleted == true,
            why = type(answer.why) == "string" and answer.why or "as the rule's function says",
        }
    end
end

local function fits_kind(kinds, kind)
    for _, each in ipairs(kinds) do
        if each == kind then return true end
    end
    return false
end

--- A rule of the policy.
---@param entry table  as the policy has it, with defaults
---@param handle policy.Policy
---@param path string  of its functions: "rules.1"
---@param functions table<string, integer>
---@return upstream.Rule
function M.rule(entry, handle, path, functions)
    local rule = {
        name = entry.name, own = true, declared = entry, drops = entry.drops or drops[entry.action],
        safe = entry.safe and entry.action ~= "suggest", is_safe = function() return true end,
    }
    function rule.refuses(conflict)
        if not fs.matches(conflict.path, entry.file) then return "another file" end
        if not fits_kind(entry.kinds, conflict.kind) then return "another kind of conflict" end
        if not functions[path .. ".when"] then return nil end
        local holds, failure = ask(handle, path .. ".when", conflict)
        if failure then return "refused: " .. failure end
        if not holds then return "its condition does not hold" end
    end
    if functions[path .. ".resolve"] then
        rule.whole = from_function(handle, path)
        return rule
    end
    local on_hunk, on_file = hunk_actions[entry.action], whole_actions[entry.action]
    rule.propose = on_hunk and function(_, hunk) return on_hunk(entry, hunk) end
    rule.whole = on_file and function(conflict)
        if on_hunk and conflict.ours and conflict.theirs then return nil end
        return on_file(entry, conflict)
    end
    rule.adds = entry.action == "insert_after_pattern" and entry.lines
        or entry.action == "append_to_list" and insertion.item_lines(entry) or nil
    rule.finish = finish[entry.action] and function(text) return finish[entry.action](entry, text) end
    return rule
end

return M
