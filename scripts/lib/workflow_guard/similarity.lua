-- Which things of one revision are those of another: combinations, commands, steps, jobs.
local M = {}

-- "ubuntu-20.04" and "ubuntu-latest" are one thing in two versions; "linux" and "linux-arm64" are two things.
local function without_version(value)
    return (tostring(value):lower():gsub("latest", ""):gsub("[%d%.]+[%-%w]*%s*%-%s*[%d%.]+",
        ""):gsub("v?%d[%d%.x]*", "")
        :gsub("[%-_%.]+$", ""))
end

local function words_of(text)
    local set, count = {}, 0
    for word in tostring(text):lower():gmatch("[%w_]+") do
        if not set[word] then set[word], count = true, count + 1 end
    end
    return set, count
end

--- How much of the words of two texts is the same, 0 to 1.
function M.of_texts(a, b)
    if a == b then return 1 end
    local left, left_count = words_of(a)
    local right, right_count = words_of(b)
    if left_count + right_count == 0 then return 0 end
    local shared = 0
    for word in pairs(left) do
        if right[word] then shared = shared + 1 end
    end
    return shared / (left_count + right_count - shared)
end

-- Values that are a name of something, where another word is another thing.
local function is_name(value) return type(value) == "string" and #value <= 40 and not value:find("%s.*%s") end

local function of_values(a, b)
    if tostring(a) == tostring(b) then return 1 end
    if type(a) == "boolean" or type(b) == "boolean" then return 0.3 end
    if without_version(a) == without_version(b) then return 0.9 end
    if is_name(a) and is_name(b) then return 0 end
    return M.of_texts(a, b)
end

-- Keys that only describe, or switch something.
local function weight(key)
    local name = key:lower()
    if name:find("experimental") or name:find("optional") or name:find("allow") or name:find("continue") then
        return 0
    end
    if name:find("name") or name:find("desc") or name:find("label") then return 0.5 end
    if name:find("^os$") or name:find("target") or name:find("version") or name:find("arch") or name:find("python")
        or name:find("platform") or name:find("node") then
        return 2
    end
    return 1
end

-- A key of another name with the same value, which the first combination does not have.
local function renamed_key(a, b, value)
    for key, other in pairs(b) do
        if a[key] == nil and tostring(other) == tostring(value) and type(other) ~= "boolean" then return key end
    end
end

-- 1 when they are equal but for keys that only describe.
local function of_combinations(a, b)
    local total, same = 0, 0
    for key, value in pairs(a) do
        local w = weight(key)
        if b[key] ~= nil then
            total, same = total + w, same + w * of_values(value, b[key])
        elseif renamed_key(a, b, value) then
            total, same = total + w, same + w * 1.3
        else
            total = total + w * 0.3
        end
    end
    for key in pairs(b) do
        if a[key] == nil then total = total + weight(key) * 0.3 end
    end
    return total == 0 and 1 or same / total
end

-- The same for equal combinations.
local function key_of_combination(combination)
    local parts = {}
    for key, value in pairs(combination) do parts[#parts + 1] = ("%s\0%s"):format(key, tostring(value)) end
    table.sort(parts)
    return table.concat(parts, "\0")
end

-- Enough for some four hundred steps of one job in place of four hundred others, which takes seconds.
local max_comparisons = 500000

---@class workflow_guard.Budget
---@field left integer  comparisons that may still be made

--- What one change may cost. The product of two lists grows faster than the files do, and they are of strangers.
---@return workflow_guard.Budget
function M.budget() return { left = max_comparisons } end

--- Takes comparisons from a budget before they are made, and fails when there are not enough.
---@param budget workflow_guard.Budget
---@param count integer
function M.spend(budget, count)
    if count > budget.left then
        uhost.fail("workflow_guard.too_many_changes", "too many steps changed to tell moved ones from removed ones",
            { hint = "split the change into smaller ones", details = { comparisons = count, left = budget.left } })
    end
    budget.left = budget.left - count
end

-- Nearest first among those that are equally similar.
local function pair_candidates(candidates, made)
    table.sort(candidates, function(a, b)
        if a.score ~= b.score then return a.score > b.score end
        local da, db = math.abs(a.i - a.j), math.abs(b.i - b.j)
        if da ~= db then return da < db end
        if a.i ~= b.i then return a.i < b.i end
        return a.j < b.j
    end)
    for _, candidate in ipairs(candidates) do
        local a, b = made.base[candidate.i], made.head[candidate.j]
        if made.of_base[a] == nil and made.of_head[b] == nil then made.of_base[a], made.of_head[b] = b, a end
    end
end

-- The places of the items by their keys; those without a key are left out.
local function places_by_key(list, key)
    local places = {}
    for i, item in ipairs(list) do
        local name = key(item)
        if name ~= nil then
            places[name] = places[name] or {}
            table.insert(places[name], i)
        end
    end
    return places
end

local function places_without_pair(list, paired)
    local places = {}
    for i, item in ipairs(list) do
        if paired[item] == nil then places[#places + 1] = i end
    end
    return places
end

local function pair_places(made, left, right, options)
    M.spend(options.budget, #left * #right)
    local candidates = {}
    for _, i in ipairs(left) do
        for _, j in ipairs(right) do
            local score = options.similar(made.base[i], made.head[j])
            if score >= options.least then candidates[#candidates + 1] = { score = score, i = i, j = j } end
        end
    end
    pair_candidates(candidates, made)
end

---@class workflow_guard.Pairing
---@field similar fun(a: any, b: any): number
---@field least number  what is less similar is not a pair
---@field key? fun(item: any): string?  items of equal keys are paired before all others are compared
---@field budget workflow_guard.Budget

--- Pairs the items of two lists one to one: those of equal keys, then the most similar first.
---@param base any[]
---@param head any[]
---@param options workflow_guard.Pairing
---@return table<any, any> of_base
---@return table<any, any> of_head
function M.pair(base, head, options)
    local made = { base = base, head = head, of_base = {}, of_head = {} }
    if options.key then
        local right = places_by_key(head, options.key)
        for name, left in pairs(places_by_key(base, options.key)) do
            if right[name] then pair_places(made, left, right[name], options) end
        end
    end
    pair_places(made, places_without_pair(base, made.of_base), places_without_pair(head, made.of_head), options)
    return made.of_base, made.of_head
end

--- Pairs combinations of a matrix.
function M.pair_combinations(base, head, budget)
    if #base == 1 and #head == 1 then return { [base[1]] = head[1] }, { [head[1]] = base[1] } end
    return M.pair(base, head, { similar = of_combinations, least = 0.6, key = key_of_combination, budget = budget })
end

return M
