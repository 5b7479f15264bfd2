-- Which events of a workflow start it no longer, or for fewer changes.
local M = {}

local automatic = { push = true, pull_request = true, pull_request_target = true, merge_group = true, schedule = true,
    workflow_run = true }
local successor = { pull_request = { "pull_request_target" }, pull_request_target = { "pull_request" },
    push = {}, merge_group = {}, schedule = {}, workflow_run = {} }
local default_types = { opened = true, synchronize = true, reopened = true }

local function missing(from, list)
    local set, out = tables.set(list or {}), {}
    for _, item in ipairs(from or {}) do
        if not set[item] then out[#out + 1] = item end
    end
    return out
end

-- A glob of GitHub as a Lua pattern: "*" within a segment, "**" across them.
local function covers(pattern, name)
    local lua = pattern:gsub("[%^%$%(%)%%%.%[%]%+%-%?]", "%%%0"):gsub("%*%*", "\1"):gsub("%*", "[^/]*"):gsub("\1", ".*")
    return name:find("^" .. lua .. "$") ~= nil
end

local function not_covered(names, patterns)
    local out = {}
    for _, name in ipairs(names) do
        local found = false
        for _, pattern in ipairs(patterns) do found = found or covers(pattern, name) end
        if not found and name:sub(1, 1) ~= "!" then out[#out + 1] = name end
    end
    return out
end

--- Whether a name passes a filter: its patterns are asked in order, and "!" takes out.
---@param patterns string[]
---@param name string
---@return boolean
function M.includes(patterns, name)
    local found = false
    for _, pattern in ipairs(patterns) do
        local negated = pattern:match("^!(.*)$")
        if covers(negated or pattern, name) then found = negated == nil end
    end
    return found
end

local function same_list(a, b) return a and b and table.concat(a, "\n") == table.concat(b, "\n") end

-- A filter that lists what counts: a new one, or one with fewer entries than others took the place of.
local function narrowed_list(base, head)
    if head == nil then return nil end
    if base == nil then return #not_covered({ "any" }, head) > 0 and head or nil end
    local lost = not_covered(missing(base, head), head)
    local negated = missing(head, base)
    local excluded, added = {}, 0
    for _, item in ipairs(negated) do
        if item:sub(1, 1) == "!" then excluded[#excluded + 1] = item else added = added + 1 end
    end
    if #excluded > 0 then return excluded end
    return #lost > added and lost or nil
end

local function types_lost(base, head)
    local kept, lost = head.types and tables.set(head.types) or default_types, {}
    local before = base.types and tables.set(base.types) or default_types
    for _, name in ipairs({ "opened", "synchronize", "reopened", "ready_for_review", "edited", "labeled" }) do
        if before[name] and not kept[name] and (default_types[name] or name == "ready_for_review") then
            lost[#lost + 1] = name
        end
    end
    return #lost > 0 and lost or nil
end

local function compare_event(name, base, head, add)
    local pairs_of = { { "branches", "branches_narrowed" }, { "paths", "paths_narrowed" } }
    for _, pair in ipairs(pairs_of) do
        local filter, rule = pair[1], pair[2]
        local was_misplaced = filter == "paths" and same_list(base.branches, head.paths)
        local lost = not was_misplaced and narrowed_list(base[filter], head[filter])
        -- Only tags were there before: branches are no less than they were.
        if lost and filter == "branches" and base.tags and not base.branches then lost = nil end
        if lost then add(rule, name, filter, base[filter], head[filter], lost) end
        local ignore = filter .. "-ignore"
        local ignored = missing(head[ignore], base[ignore])
        if #ignored > 0 and #ignored > #missing(base[ignore], head[ignore]) then
            add(rule, name, ignore, base[ignore], head[ignore], ignored)
        end
    end
    if head.tags and not base.tags and not head.branches and not base.branches then
        add("branches_narrowed", name, "tags", nil, head.tags, head.tags)
    end
    if name == "pull_request" or name == "pull_request_target" then
        local lost = types_lost(base, head)
        if lost then add("types_narrowed", name, "types", base.types, head.types, lost) end
    end
end

local function list_text(list) return list and table.concat(list, ", ") or nil end

--- Reports what events of the base no longer do. `add(rule, fields)`.
function M.compare(base, head, add)
    for name, filters in pairs(base.events) do
        local now, renamed = head.events[name], name
        for _, other in ipairs(successor[name] or {}) do
            if not now and head.events[other] and not base.events[other] then
                now, renamed = head.events[other], other
            end
        end
        if not now and automatic[name] then
            add("event_removed", { before = name, what = ("the event %s starts it no longer"):format(name) })
        elseif now then
            compare_event(renamed, filters, now, function(rule, event, filter, before, after, lost)
                add(rule, {
                    key = { "on", event, filter }, before = list_text(before), after = list_text(after),
                    what = ("%s: %s leaves out %s"):format(event, filter, filter:find("ignore")
                        and list_text(lost) or "what it did not before"),
                })
            end)
        end
    end
end

return M
