-- What the knowledge base knows to change where a compiler complains: entries with a `rewrite`, each as a commit of its
-- own that names its entry.
local adapt = require("lib.upstream.sync.adapt")
local diagnostics = require("lib.log_readers.diagnostics")
local texts = require("lib.upstream.resolution.texts")
local unified_diff = require("lib.unified_diff")

local M = {}

local max_fixes = 200
-- What was fixed may bring other errors to light, and is built again, so often at most.
local max_rounds = 5

-- A path that a compiler names, as the repository has it.
local function path_of(context, name)
    local folder = fs.join(context.folder, "build") .. "/"
    if name:sub(1, #folder) == folder then name = name:sub(#folder + 1) end
    return (name:gsub("^%./", ""))
end

-- Where a compiler reports errors, by the lines of the log.
local function places_of(scan, opened)
    local places = {}
    for _, each in ipairs(#scan.diagnostics > 0 and diagnostics.read(scan, opened) or {}) do
        if each.severity == "error" and each.file and tonumber(each.line) then places[each.line_number] = each end
    end
    return places
end

-- What was captured has to be a word: a log may say anything.
local function is_word(text) return text:find("^[%w_]+$") ~= nil end

-- The rewrites that a log asks for, by the ids of entries.
local function asked_for(context, log)
    local by_entry, seen, count = {}, {}, 0
    local opened = log_text.open(log)
    task.finally(function()
        local base = kb.load({ readers = true })
        local scan = base:scan(opened)
        local places = places_of(scan, opened)
        for _, hit in ipairs(scan.entries) do
            local place = places[hit.line_number]
            local finding = place and count < max_fixes and base:finding(hit) or {}
            local rewrite = finding.rewrite
            if rewrite and is_word(rewrite.from) and is_word(rewrite.to) then
                local path = path_of(context, place.file)
                local key = ("%s\0%s\0%s"):format(path, place.line, rewrite.from)
                by_entry[finding.id] = by_entry[finding.id] or { id = finding.id, title = finding.title }
                if not seen[key] then
                    count, seen[key] = count + 1, true
                    table.insert(by_entry[finding.id], { path = path, line = tonumber(place.line),
                        from = rewrite.from, to = rewrite.to })
                end
            end
        end
        base:close()
    end, function() opened:close() end)
    return by_entry
end

-- The files of a commit with one entry's rewrites, by path; what is not as the log says is left alone.
local function changed_files(context, tip, rewrites)
    local changes = {}
    for _, each in ipairs(rewrites) do
        local text = changes[each.path] or context.repo:read(tip, each.path)
        local lines = text and texts.lines(text) or {}
        local line, count = (lines[each.line] or ""):gsub("%f[%w_]" .. each.from .. "%f[^%w_]", each.to)
        if count > 0 then
            lines[each.line] = line
            changes[each.path] = table.concat(lines, "\n") .. (text:sub(-1) == "\n" and "\n" or "")
        end
    end
    return changes
end

local function show(context, tip, changes, paths)
    for _, path in ipairs(paths) do
        context.show(unified_diff.of(path, context.repo:read(tip, path), changes[path]))
    end
end

local function commit(context, entry, changes, paths)
    local state = context.state
    local message = ("Follow %s: %s\n\nThe compiler complained, and the knowledge base knows this change.\n\nFix: %s\n")
        :format(state.version, entry.title, entry.id)
    state.tip = adapt.commit(context, { state.tip }, message, changes)
    table.insert(state.adaptations, { rule = entry.id, commit = state.tip, paths = json.array(paths) })
end

--- Offers what the knowledge base would change after a failure, and makes commits of it if the policy says so: then it
--- is to be built again.
---@param context table
---@param results table[]  of the commands that were run
---@return boolean applied
function M.apply(context, results)
    local state, found = context.state, false
    local wants_commits, rounds = context.settings.fixes == "apply", state.fix_rounds or 0
    local last, by_entry = results[#results], {}
    if last and last.log and fs.exists(last.log) then by_entry = asked_for(context, last.log) end
    for _, id in ipairs(tables.sorted_keys(by_entry)) do
        local entry, changes = by_entry[id], changed_files(context, state.tip, by_entry[id])
        local paths = tables.sorted_keys(changes)
        if #paths > 0 then
            found = true
            context.say(("the knowledge base has a fix (%s): %s"):format(id, entry.title))
            show(context, state.tip, changes, paths)
            if wants_commits and rounds < max_rounds then commit(context, entry, changes, paths) end
        end
    end
    if not found then return false end
    if not wants_commits then
        context.say('sync.fixes = "apply" in policies/upstream.lua makes commits of such fixes')
    end
    if not wants_commits or rounds >= max_rounds then return false end
    state.fix_rounds, state.stage = rounds + 1, "build"
    context.checkpoint("fixed")
    return true
end

return M
