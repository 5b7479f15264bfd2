-- A clean merge is not yet a good one: what a fork added has to be there afterwards, and has to be reached.
local languages_of = require("lib.upstream.impact.languages")
local merging = require("lib.upstream.impact.merging")
local texts_of = require("lib.upstream.resolution.texts")

local M = {}

---@class impact.Finding
---@field kind "pattern_gone"|"pattern_twice"|"line_lost"|"caller_lost"|"commit_dropped"|"commit_taken"
---@field path string
---@field text string  what is wrong, in a sentence

local max_lost_lines = 20

local function count_matches(pattern, text)
    local count, position = 0, 1
    local compiled = re.compile(pattern, "m")
    while position <= #text + 1 do
        local first, last = compiled:find(text, position)
        if not first then break end
        count = count + 1
        position = math.max(last, first) + 1
    end
    return count
end

M.count_matches = count_matches

--- The file as it would be once the release is in: nil where that is a conflict, or the file is gone.
---@param context impact.Context
---@param path string  in the base
---@param change impact.Change?
---@param target string
---@return string?
function M.merged_text(context, path, change, target)
    local read = context.texts.read
    local fork = context.fork[path]
    local our_path = fork and fork.new_path or path
    local their_path = change and change.new_path or path
    if change and change.status == "deleted" then return nil end
    return merging.text(read(context.base.commit_id, path), read("HEAD", our_path), read(target, their_path))
end

local function counted_lines(text)
    local counts = {}
    for _, line in ipairs(texts_of.lines(text)) do counts[line] = (counts[line] or 0) + 1 end
    return counts
end

-- A bracket or an empty line says nothing about what it belonged to.
local function says_something(line) return line:find("%w%w") ~= nil end

--- Lines that the fork added and that the merged text has less often than it should: as often as the fork's, but for
--- those that the release took away.
---@param fork impact.Change
---@param texts { base: string, ours: string, theirs: string, merged: string }
---@return impact.Finding[]
function M.lost_lines(fork, texts)
    local findings, seen = {}, {}
    local base, ours = counted_lines(texts.base), counted_lines(texts.ours)
    local theirs, merged = counted_lines(texts.theirs), counted_lines(texts.merged)
    for _, hunk in ipairs(fork.hunks) do
        for _, line in ipairs(hunk.added) do
            local taken_away = math.max(0, (base[line] or 0) - (theirs[line] or 0))
            local is_lost = (merged[line] or 0) < (ours[line] or 0) - taken_away
            if says_something(line) and not seen[line] and is_lost then
                seen[line] = true
                if #findings < max_lost_lines then
                    findings[#findings + 1] = { kind = "line_lost", path = fork.new_path,
                        text = ("the fork's line would be lost: %s"):format(line:match("^%s*(.-)%s*$")) }
                end
            end
        end
    end
    return findings
end

--- Whether a point's pattern is there exactly once.
---@param point table
---@param path string
---@param text string
---@return impact.Finding?
function M.pattern(point, path, text)
    local count = count_matches(point.pattern, text)
    if count == 1 then return nil end
    if count == 0 then
        return { kind = "pattern_gone", path = path,
            text = ("the pattern of %s would match nothing: %s"):format(point.id, point.pattern) }
    end
    return { kind = "pattern_twice", path = path,
        text = ("the pattern of %s would match %d times: %s"):format(point.id, count, point.pattern) }
end

--- Commits of the fork that the project has, but not with the same text: those that a replay drops, and those that it
--- would make a second time.
---@param replay? impact.Replay
---@return impact.Finding[]
function M.taken_commits(replay)
    local findings = {}
    local function add(kind, commit, text, ...)
        findings[#findings + 1] = { kind = kind, path = commit:sub(1, 12), text = text:format(...) }
    end
    for _, dropped in ipairs(replay and replay.dropped or {}) do
        if dropped.difference then
            add("commit_dropped", dropped.commit, 'a replay would drop "%s": the project has it as %s, changed',
                dropped.subject, dropped.upstream and dropped.upstream:sub(1, 12) or "another commit")
        end
    end
    for _, taken in ipairs(replay and replay.taken or {}) do
        add("commit_taken", taken.commit, 'the project may have "%s" already: %d %% of its lines are in %s, "%s"',
            taken.subject, taken.shared_percent, taken.upstream:sub(1, 12), taken.upstream_subject)
    end
    return findings
end

-- Functions that the fork's changes are in, by name.
local function hooks(context)
    local found = {}
    for path, fork in pairs(context.fork) do
        local text = fork.status ~= "added" and not fork.binary and context.texts.read(context.base.commit_id, path)
        if text then
            local functions = languages_of.functions(languages_of.of(context.languages, path), text)
            for _, hunk in ipairs(fork.hunks) do
                local enclosing = languages_of.function_at(functions, hunk.first)
                if enclosing and enclosing.name:find("^[%a_][%w_]*$") and #enclosing.name > 2 then
                    found[enclosing.name] = fork.new_path
                end
            end
        end
    end
    return found
end

-- How often each name is called in files; a declaration is no call.
local function calls(context, revision, names, paths)
    local counts = {}
    if paths and #paths == 0 then return counts end
    local pattern = "\\b(" .. table.concat(names, "|") .. ")\\s*(?:::<[^>]*>)?\\("
    local compiled = re.compile(pattern)
    for _, match in ipairs(context.repo:grep(pattern, { revision = revision, paths = paths })) do
        local captures = compiled:match(match.text)
        local name = captures and captures[1]
        local is_declared = name and match.text:find("[%a_][%w_]*[%s%*&]+" .. name .. "%s*[(<]")
            and not match.text:find("return%s+" .. name) and not match.text:find("else%s+" .. name)
            and not match.text:find("await%s+" .. name)
        if name and not is_declared then counts[name] = (counts[name] or 0) + 1 end
    end
    return counts
end

--- Functions that the fork hooks into and that nothing calls any more in the release.
---@param context impact.Context
---@param target string
---@return impact.Finding[]
function M.lost_callers(context, target)
    local hooked, names = hooks(context), {}
    for name in pairs(hooked) do names[#names + 1] = name end
    table.sort(names)
    if #names == 0 then return {} end
    local changed = context.repo:changed_paths(context.base.commit_id, target)
    local before, after = calls(context, context.base.commit_id, names, changed), calls(context, target, names, changed)
    local findings, suspects = {}, {}
    for _, name in ipairs(names) do
        if before[name] and not after[name] then suspects[#suspects + 1] = name end
    end
    if #suspects == 0 then return {} end
    -- Files that did not change may call it still.
    local everywhere = calls(context, target, suspects, nil)
    for _, name in ipairs(suspects) do
        if not everywhere[name] then
            findings[#findings + 1] = { kind = "caller_lost", path = hooked[name],
                text = ("nothing calls %s any more, which the fork hooks into"):format(name) }
        end
    end
    return findings
end

return M
