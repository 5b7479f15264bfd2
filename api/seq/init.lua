-- `seq`: questions to lists and iterators, one step after the other. Steps that can are lazy: they ask for an item when
-- one is needed, so that `take` ends a long walk.
local floor, sort = math.floor, table.sort

local options_of_class = {
    describe = function() return "lazy" end,
    call = function(self) return self.next_item() end,
}
local Seq, new_seq = uhost.class("seq.Seq", options_of_class)

local function from(next_item) return new_seq({ next_item = next_item }) end

local function wrong(name, owner, expected, value)
    local message = "bad argument '%s' to '%s': expected %s, got %s"
    uhost.fail("argument", message:format(name, owner, expected, type(value)))
end

local function count_argument(value, name, owner)
    if type(value) ~= "number" or value < 0 or floor(value) ~= value then
        wrong(name, owner, "a whole number of at least 0", value)
    end
    return value
end

-- The field of a record, or of a record in it: "author", "head.sha".
local function field_reader(path)
    if not path:find(".", 1, true) then return function(item) return item[path] end end
    return function(item)
        for name in path:gmatch("[^.]+") do
            if item == nil then return nil end
            item = item[name]
        end
        return item
    end
end

-- What a step computes of an item: a function's result, or a field.
local function reader(key, name, owner, may_be_absent)
    if type(key) == "function" then return key end
    if type(key) == "string" then return field_reader(key) end
    if type(key) == "number" then return function(item) return item[key] end end
    if key == nil and may_be_absent then return function(item) return item end end
    wrong(name, owner, "a function or the name of a field", key)
end

local function over_list(list)
    local index = 0
    return function()
        index = index + 1
        return list[index]
    end
end

-- An object of a class, whose metatable shows as its name, is an iterator that can be called, unless it holds items: a
-- list that came from JSON.
local function of(source, state, control)
    local kind, class = type(source), getmetatable(source)
    if class == "seq.Seq" then return source end
    if kind == "table" then
        local holds_items = rawget(source, 1) ~= nil or next(source) == nil
        if type(class) ~= "string" or holds_items then return from(over_list(source)) end
    end
    if kind ~= "function" and kind ~= "table" and kind ~= "userdata" then
        wrong("source", "seq", "a list or an iterator", source)
    end
    if state == nil and control == nil then return from(function() return (source()) end) end
    return from(function()
        control = source(state, control)
        return control
    end)
end

function Seq:map(transform)
    local next_item, read = self.next_item, reader(transform, "transform", "seq.Seq:map")
    return from(function()
        while true do
            local item = next_item()
            if item == nil then return nil end
            local result = read(item)
            if result ~= nil then return result end
        end
    end)
end

function Seq:filter(condition)
    local next_item, holds = self.next_item, reader(condition, "condition", "seq.Seq:filter")
    return from(function()
        while true do
            local item = next_item()
            if item == nil or holds(item) then return item end
        end
    end)
end

function Seq:flat_map(parts, combine)
    local next_item, read = self.next_item, reader(parts, "parts", "seq.Seq:flat_map")
    if combine ~= nil then uhost.check_argument(combine, "combine", "seq.Seq:flat_map", "function") end
    local whole, next_part
    return from(function()
        while true do
            local part = next_part and next_part()
            if part ~= nil then
                local result = part
                if combine then result = combine(part, whole) end
                if result ~= nil then return result end
            else
                whole = next_item()
                if whole == nil then return nil end
                local inner = read(whole)
                next_part = inner ~= nil and of(inner).next_item or nil
            end
        end
    end)
end

function Seq:take(count)
    local next_item, left = self.next_item, count_argument(count, "count", "seq.Seq:take")
    return from(function()
        if left == 0 then return nil end
        left = left - 1
        return next_item()
    end)
end

function Seq:drop(count)
    local next_item, left = self.next_item, count_argument(count, "count", "seq.Seq:drop")
    return from(function()
        while left > 0 do
            left = left - 1
            if next_item() == nil then left = 0 end
        end
        return next_item()
    end)
end

function Seq:unique(key)
    local read, seen = reader(key, "key", "seq.Seq:unique", true), {}
    return self:filter(function(item)
        local value = read(item)
        if value == nil or seen[value] then return false end
        seen[value] = true
        return true
    end)
end

function Seq:list()
    local list, count = {}, 0
    for item in self.next_item do
        count = count + 1
        list[count] = item
    end
    return list
end

function Seq:first() return (self.next_item()) end

function Seq:count()
    local count = 0
    for _ in self.next_item do count = count + 1 end
    return count
end

function Seq:sum(key)
    local read, sum = reader(key, "key", "seq.Seq:sum", true), 0
    for item in self.next_item do sum = sum + (read(item) or 0) end
    return sum
end

-- Numbers and strings by value, each kind apart; what has no value comes last.
local ranks = { number = 1, string = 2, boolean = 3 }

local function comes_before(left, right)
    local left_rank, right_rank = ranks[type(left)] or 4, ranks[type(right)] or 4
    if left_rank ~= right_rank then return left_rank < right_rank end
    if left_rank < 3 then return left < right end
    return left_rank == 3 and right and not left
end

-- Items with equal values keep their order.
local function sorted(self, read, descending)
    local items, values, order = self:list(), {}, {}
    for i, item in ipairs(items) do
        values[i], order[i] = read(item), i
    end
    sort(order, function(left, right)
        local a, b = values[left], values[right]
        if (a == nil) ~= (b == nil) then return b == nil end
        if descending then
            if comes_before(b, a) then return true end
            if comes_before(a, b) then return false end
        else
            if comes_before(a, b) then return true end
            if comes_before(b, a) then return false end
        end
        return left < right
    end)
    for i, index in ipairs(order) do order[i] = items[index] end
    return order
end

local function lazily(make_list)
    local next_item
    return from(function()
        next_item = next_item or over_list(make_list())
        return next_item()
    end)
end

function Seq:sort_by(key, direction)
    local owner = "seq.Seq:sort_by"
    local read = reader(key, "key", owner, true)
    if direction ~= nil and direction ~= "ascending" and direction ~= "descending" then
        wrong("direction", owner, '"ascending" or "descending"', direction)
    end
    return lazily(function() return sorted(self, read, direction == "descending") end)
end

function Seq:top(count, key)
    count_argument(count, "count", "seq.Seq:top")
    local read = reader(key, "key", "seq.Seq:top", true)
    return lazily(function() return sorted(self, read, true) end):take(count)
end

-- Groups in the order in which their keys came first.
local function groups_of(self, read)
    local groups, by_key = {}, {}
    for item in self.next_item do
        local key = read(item)
        local group = by_key[key]
        if key ~= nil and not group then
            group = { key = key, count = 0, items = {} }
            by_key[key], groups[#groups + 1] = group, group
        end
        if group then
            group.count = group.count + 1
            group.items[group.count] = item
        end
    end
    return groups
end

function Seq:group(key)
    local read = reader(key, "key", "seq.Seq:group", true)
    return lazily(function() return groups_of(self, read) end)
end

function Seq:count_by(key)
    local read = reader(key, "key", "seq.Seq:count_by", true)
    return lazily(function()
        local counts = {}
        for i, group in ipairs(groups_of(self, read)) do counts[i] = { key = group.key, count = group.count } end
        return sorted(of(counts), function(each) return each.count end, true)
    end)
end

return setmetatable({ of = of }, { __call = function(_, ...) return of(...) end })
