-- Numbered pages ("?per_page=100&page=3") that overlap by at least one item, so that a list which changes while it is
-- read shows it. A page that begins within the one before is had by asking for slightly smaller pages: after items 1 to
-- 100, the second page of 99 is items 100 to 198.
local M = {}

local smallest_share = 2  -- pages are not made smaller than this part of their usual size
local most_steps_back = 3
local smallest_size = 16

local function parameter(url, name)
    return url and tonumber(url:match("[?&]" .. name .. "=(%d+)%f[^%d]"))
end

local function with_parameter(url, name, value)
    local pattern = "([?&]" .. name .. "=)%d+"
    if url:find(pattern) then return (url:gsub(pattern, "%1" .. value)) end
    return url .. (url:find("?", 1, true) and "&" or "?") .. name .. "=" .. value
end

-- The page that an address asks for; nil when it asks by a cursor.
function M.page_of(url)
    return parameter(url, "page")
end

function M.with_page(url, number)
    return with_parameter(url, "page", number)
end

-- The number and the size of the page that begins at item `position` or before and reaches furthest.
function M.window(position, usual_size)
    local best_number, best_size
    for size = usual_size, math.max(1, math.floor(usual_size / smallest_share)), -1 do
        local number = math.floor((position - 1) / size) + 1
        if not best_number or number * size > best_number * best_size then best_number, best_size = number, size end
    end
    return best_number, best_size
end

local Walk = {}
Walk.__index = Walk

-- A walk over the pages after the first, which had `count` items, or false when they are not numbered or too small to
-- overlap.
function M.walk(first_url, next_url, count)
    local number, size = M.page_of(next_url), parameter(next_url, "per_page")
    if number ~= 2 or M.page_of(first_url) or not size or size < smallest_size or count ~= size then return false end
    return setmetatable({ template = next_url, size = size, position = count, margin = 1, steps_back = 0 }, Walk)
end

local function address(walk, number, size)
    return with_parameter(with_parameter(walk.template, "page", number), "per_page", size)
end

function Walk:to(position)
    self.number, self.page_size = M.window(math.max(1, position), self.size)
    return address(self, self.number, self.page_size)
end

-- The page that begins with the last item read, or before it.
function Walk:following()
    return self:to(self.position - self.margin + 1)
end

-- What to read after a page of `count` items at the current place. `overlaps`: it has an item that was given already;
-- `brings`: it has one that was not. Sets `dropped` when that page must be left out for now, since others come first.
function Walk:step(count, next_url, overlaps, brings)
    local starts_at = (self.number - 1) * self.page_size
    self.dropped = not overlaps and starts_at > 0 and self.steps_back < most_steps_back
    if self.dropped then
        self.steps_back = self.steps_back + 1
        self.margin = math.min(self.margin * 8, math.floor(self.size / 2))
        return self:to(self.position - self.size * 2 ^ (self.steps_back - 1))
    end
    if brings then self.steps_back = 0 end
    self.position = math.max(1, starts_at + count)
    if not next_url then return nil end
    return self:following()
end

-- The addresses of all pages from the current place to item `last`, each beginning with the last item of the one
-- before.
function Walk:all_to(last)
    local addresses, position = {}, self.position
    while position < last do
        local number, size = M.window(position, self.size)
        addresses[#addresses + 1] = address(self, number, size)
        position = number * size
    end
    return addresses
end

return M
