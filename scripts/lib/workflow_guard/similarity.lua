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

local function exact(a, b)
    for key, value in pairs(a) do
        if tostring(b[key]) ~= tostring(value) then return false end
    end
    for key in pairs(b) do
        if a[key] == nil then return false end
    end
    return true
end

--- Pairs the items of two lists one to one, the most similar first.
---@param base any[]
---@param head any[]
---@param similar fun(a: any, b: any): number
---@param least number
---@return table<any, any> of_base
---@return table<any, any> of_head
function M.pair(base, head, similar, least)
    local candidates = {}
    for i, a in ipairs(base) do
        for j, b in ipairs(head) do
            local score = similar(a, b)
            if score >= least then candidates[#candidates + 1] = { score = score, i = i, j = j } end
        end
    end
    table.sort(candidates, function(a, b)
        if a.score ~= b.score then return a.score > b.score end
        local da, db = math.abs(a.i - a.j), math.abs(b.i - b.j)
        if da ~= db then return da < db end
        if a.i ~= b.i then return a.i < b.i end
        return a.j < b.j
    end)
    local of_base, of_head = {}, {}
    for _, candidate in ipairs(candidates) do
        local a, b = base[candidate.i], head[candidate.j]
        if of_base[a] == nil and of_head[b] == nil then of_base[a], of_head[b] = b, a end
    end
    return of_base, of_head
end

--- Pairs combinations of a matrix.
function M.pair_combinations(base, head)
    if #base == 1 and #head == 1 then return { [base[1]] = head[1] }, { [head[1]] = base[1] } end
    return M.pair(base, head, function(a, b)
        if exact(a, b) then return 2 end
        return of_combinations(a, b)
    end, 0.6)
end

return M
