-- Nothing is lost, and this proves it: what became of every commit of the fork, and every line whose change differs
-- between a commit and what it became.
local M = {}

local max_lines = 200

-- The lines that a commit adds and removes, by file, in order, without their places.
local function changes_of(context, id)
    local repo, files, path = context.repo, {}, nil
    local parent = repo:commit(id).parents[1]
    for line in (repo:patch(parent, id) .. "\n"):gmatch("(.-)\n") do
        if line:find("^diff %-%-git ") then
            path = nil
        elseif not path and line:find("^%+%+%+ ") or not path and line:find("^%-%-%- a/") then
            path = line:match("^%+%+%+ b/(.*)$") or line:match("^%-%-%- a/(.*)$")
            files[path] = files[path] or {}
            if line:find("^%-%-%- ") then path = nil end
        elseif path and line:find("^[%+%-]") then
            table.insert(files[path], line)
        end
    end
    return files
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
---@return { path: string, how: "gone"|"new", line: string }[]
function M.differences(context, original, commit)
    if original == commit then return {} end
    local before, after, list, paths = changes_of(context, original), changes_of(context, commit), {}, {}
    for path in pairs(before) do paths[#paths + 1] = path end
    for path in pairs(after) do
        if not before[path] then paths[#paths + 1] = path end
    end
    table.sort(paths)
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
            differences = json.array(entry.commit and M.differences(context, entry.original, entry.commit) or {}),
        }
    end
    return list
end

return M
