-- Which files of a fork are looked at, and what the policy `integration_points` says of them.
local safety = require("lib.upstream.impact.safety")

local M = {}

local max_pattern_matches = 1000

local function covers(point, path)
    if point.path:sub(-1) == "/" then return path:sub(1, #point.path) == point.path end
    return path == point.path
end

---@class impact.Subject
---@field path string  in the base
---@field points table[]  that declare it
---@field fork? impact.Change

--- The files that the fork changed, and those that the policy names, by path.
---@param context impact.Context
---@return impact.Subject[]
function M.subjects(context)
    local by_path, list = {}, {}
    local function subject(path)
        if not by_path[path] then
            by_path[path] = { path = path, points = {}, fork = context.fork[path] }
            list[#list + 1] = by_path[path]
        end
        return by_path[path]
    end
    -- What the fork added is no part of the project.
    for path, change in pairs(context.fork) do
        if change.status ~= "added" then subject(path) end
    end
    for _, point in ipairs(context.points.points) do
        if point.path:sub(-1) ~= "/" then subject(point.path) end
        for _, each in ipairs(list) do
            if covers(point, each.path) then table.insert(each.points, point) end
        end
    end
    table.sort(list, function(a, b) return a.path < b.path end)
    return list
end

-- Where the pattern of a point stands in the fork: the file, by its name in the base, or why that is not known.
local function place_of(context, point)
    if point.path:sub(-1) ~= "/" then
        local fork = context.fork[point.path]
        local text = context.texts.read("HEAD", fork and fork.new_path or point.path)
        return point.path, text and safety.count_matches(point.pattern, text) or 0
    end
    local matches = context.repo:grep(point.pattern, { revision = "HEAD", paths = point.path,
        limit = max_pattern_matches })
    return matches[1] and matches[1].path, #matches
end

--- What of the policy does not fit the fork, in sentences; and for each point with a pattern that does, its file.
---@param context impact.Context
---@return string[] problems
---@return table<string, string> places  by the ids of points
function M.check(context)
    local problems, places = {}, {}
    for _, point in ipairs(context.points.points) do
        if point.pattern then
            local path, count = place_of(context, point)
            if count == 1 then
                places[point.id] = path
            elseif count == 0 then
                problems[#problems + 1] = ("%s: the pattern matches nothing in the fork: %s"):format(point.id,
                    point.pattern)
            else
                problems[#problems + 1] = ("%s: the pattern matches %d times in the fork, not once: %s"):format(
                    point.id, count, point.pattern)
            end
        end
    end
    return problems, places
end

--- Points that declare no file that the fork changes.
---@param context impact.Context
---@return table[]
function M.untouched(context)
    local list = {}
    for _, point in ipairs(context.points.points) do
        local is_touched = false
        for path in pairs(context.fork) do is_touched = is_touched or covers(point, path) end
        if not is_touched then list[#list + 1] = point end
    end
    return list
end

return M
