-- Nothing is lost, and this proves it: what became of every commit of the fork, and every line whose change differs
-- between a commit and what it became.
local M = {}

local max_lines = 200

local function parent_of(context, id) return context.repo:commit(id).parents[1] end

-- The files that a commit changes, by path: what each was and is.
local function files_of(context, id, parent)
    local files = {}
    for _, file in ipairs(context.repo:diff(parent, id, { renames = false, stats = false }).files) do
        files[file.path] = ("%s %s %s %s"):format(file.old_mode, file.old_id, file.new_mode, file.new_id)
    end
    return files
end

-- The lines that a commit adds and removes in some files, by file, in order, without their places.
local function lines_of(context, id, parent, paths)
    local lines = {}
    local options = { paths = paths, renames = false, context = 0 }
    for _, file in ipairs(context.repo:diff(parent, id, options).files) do
        local list = {}
        for _, hunk in ipairs(file.hunks or {}) do
            for _, line in ipairs(hunk.lines) do list[#list + 1] = line.origin .. line.text end
        end
        lines[file.path] = list
    end
    return lines
end

local function counted(lines)
    local counts = {}
    for _, line in ipairs(lines or {}) do counts[line] = (counts[line] or 0) + 1 end
    return counts
end

-- What one list of changes has and the other does not.
local function missing(path, lines, others, how, list)
    local counts = counted(others)
    for _, line in ipairs(lines or {}) do
        if (counts[line] or 0) > 0 then
            counts[line] = counts[line] - 1
        elseif #list < max_lines then
            list[#list + 1] = { path = path, how = how, line = line }
        end
    end
end

--- The lines that differ between the change of a commit and that of what it became: "gone" were changed by the first
--- only, "new" by the second only.
---@param context table
---@param original string
---@param commit string
---@param changed_from? string  what the change of `original` is counted from, in the place of its first parent
---@return { path: string, how: "gone"|"new", line: string }[]
function M.differences(context, original, commit, changed_from)
    if original == commit then return {} end
    local old_parent, new_parent = changed_from or parent_of(context, original), parent_of(context, commit)
    local was, is = files_of(context, original, old_parent), files_of(context, commit, new_parent)
    local list, paths = {}, {}
    for path, change in pairs(was) do
        if is[path] ~= change then paths[#paths + 1] = path end
    end
    for path in pairs(is) do
        if not was[path] then paths[#paths + 1] = path end
    end
    if #paths == 0 then return {} end
    table.sort(paths)
    local before = lines_of(context, original, old_parent, paths)
    local after = lines_of(context, commit, new_parent, paths)
    for _, path in ipairs(paths) do
        missing(path, before[path], after[path], "gone", list)
        missing(path, after[path], before[path], "new", list)
    end
    return list
end

local function outcome_of(entry)
    if entry.outcome ~= "resolved" then return entry.outcome end
    for _, resolution in ipairs(entry.resolutions or {}) do
        if resolution.how == "person" then return "resolved by a person" end
    end
    return "resolved"
end

--- What became of each commit of the fork.
---@param context table
---@return table[]
function M.of(context)
    local list = {}
    for i, entry in ipairs(context.state.commits) do
        list[i] = {
            original = entry.original, subject = entry.subject, commit = entry.commit, outcome = outcome_of(entry),
            reason = entry.reason, resolutions = json.array(entry.resolutions or {}),
            differences = json.array(entry.commit and M.differences(context, entry.original, entry.commit,
                entry.changed_from) or {}),
        }
    end
    return list
end

return M
