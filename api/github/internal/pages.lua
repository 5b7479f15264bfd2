-- Lists that GitHub gives a page at a time.
--
-- Pages are numbered ("?per_page=100&page=3") or follow a cursor ("?after=Y3Vyc29y"). A cursor is followed as GitHub
-- gives it. Numbered pages are asked for so that each overlaps the one before by at least one item: a list that changes
-- while it is read then shows it. A page that begins within the one before is had by asking for slightly smaller pages:
-- after items 1 to 100, the second page of 99 is items 100 to 198.
local M = {}

local min_share = 2          -- pages are at least this part of their usual size
local max_steps_back = 3
local min_overlap_size = 16  -- smaller pages do not overlap
local max_idle_pages = 20    -- pages in a row without a new item; GitHub filters some lists after it cuts them to pages

-- Links

-- The addresses of a Link header by relation: { next = "https://…", last = … }. RFC 8288, as far as GitHub uses it.
local function links_of(response)
    local links = {}
    for address, parameters in (response.headers.link or ""):gmatch("<([^>]*)>([^,<]*)") do
        local relation = parameters:match('rel="?([%w%-_]+)')
        if relation then links[relation] = address end
    end
    return links
end

local function parameter(url, name)
    return url and tonumber(url:match("[?&]" .. name .. "=(%d+)%f[^%d]"))
end

local function with_parameter(url, name, value)
    local pattern = "([?&]" .. name .. "=)%d+"
    if url:find(pattern) then return (url:gsub(pattern, "%1" .. value)) end
    return url .. (url:find("?", 1, true) and "&" or "?") .. name .. "=" .. value
end

local function has_cursor(url)
    return url:find("[?&]after=") ~= nil or url:find("[?&]before=") ~= nil or url:find("[?&]cursor=") ~= nil
end

-- The number of the page that an address asks for; nil when a cursor decides.
local function page_number(url)
    return url and not has_cursor(url) and parameter(url, "page") or nil
end

local function fail(message, url)
    uhost.fail("github.protocol", message, {
        hint = "try again later; if it persists, look at what answers in GitHub's place (github.api_url, a proxy)",
        details = { url = url },
    })
end

-- Ends a walk that does not advance: one that comes to an address again, or to many pages in a row that have nothing
-- new.
local function new_watch()
    local visited, idle = {}, 0
    local watch = {}
    function watch.visit(url)
        if visited[url] then fail(("GitHub's list does not advance: it leads back to %s"):format(url), url) end
        visited[url] = true
    end
    function watch.count_new(count, url)
        idle = count > 0 and 0 or idle + 1
        if idle >= max_idle_pages then
            fail(("GitHub's list does not advance: %d pages in a row have nothing new"):format(idle), url)
        end
    end
    return watch
end

-- Overlapping pages

-- The number and the size of the page that begins at item `position` or before and reaches furthest.
local function window(position, usual_size)
    local best_number, best_size
    for size = usual_size, math.max(1, math.floor(usual_size / min_share)), -1 do
        local number = math.floor((position - 1) / size) + 1
        if not best_number or number * size > best_number * best_size then best_number, best_size = number, size end
    end
    return best_number, best_size
end

local Walk, new_walk = uhost.class("github.Walk", { optional = { "dropped", "number", "page_size" } })

-- A walk over the pages after the first, which had `count` items; nil when they are not numbered, or too small.
local function walk_from(first_url, next_url, count)
    local number, size = page_number(next_url), parameter(next_url, "per_page")
    if number ~= 2 or page_number(first_url) or not size or size < min_overlap_size or count ~= size then return nil end
    return new_walk({ template = next_url, size = size, position = count, margin = 1, steps_back = 0 })
end

function Walk:to(position)
    self.number, self.page_size = window(math.max(1, position), self.size)
    return with_parameter(with_parameter(self.template, "page", self.number), "per_page", self.page_size)
end

-- The page that begins with the last item read, or before it.
function Walk:following()
    return self:to(self.position - self.margin + 1)
end

-- What to read after a page of `count` items at the current place. `overlaps`: it has an item that was given already;
-- `brings`: it has one that was not. Sets `dropped` when that page must be left out for now, since others come first.
function Walk:step(count, next_url, overlaps, brings)
    local starts_at = (self.number - 1) * self.page_size
    self.dropped = not overlaps and starts_at > 0 and self.steps_back < max_steps_back
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

-- Items

-- A page is an array, or an object with one: in the field `field` when that is given, otherwise in any field.
local function items_of(page, field, url)
    if type(page) == "table" then
        if field then
            if json.is_array(page[field]) then return page[field] end
        elseif json.is_array(page) then
            return page
        elseif json.is_array(page.items) then
            return page.items
        else
            for _, value in pairs(page) do
                if json.is_array(value) then return value end
            end
        end
    end
    fail(("GitHub's answer to %s has no list"):format(url), url)
end

-- What was given already, by the field of an item that identifies it.
local function new_memory(identity)
    local memory = { seen = {} }
    local function key_of(item)
        return identity and type(item) == "table" and item[identity] or nil
    end
    -- How many items were given already.
    function memory.met(items)
        local met = 0
        for _, item in ipairs(items) do
            local key = key_of(item)
            if key ~= nil and memory.seen[key] then met = met + 1 end
        end
        return met
    end
    -- The items that were not given yet; from now on they were.
    function memory.fresh(items)
        local fresh = {}
        for _, item in ipairs(items) do
            local key = key_of(item)
            if key == nil or not memory.seen[key] then
                if key ~= nil then memory.seen[key] = true end
                fresh[#fresh + 1] = item
            end
        end
        return fresh
    end
    function memory.has_identity(items)
        return key_of(items[1]) ~= nil
    end
    return memory
end

-- An iterator over the items of lists that `more()` gives until it gives nil.
local function flattened(more)
    local items, position = {}, 0
    return function()
        while position >= #items do
            local following = more()
            if not following then return nil end
            items, position = following, 0
        end
        position = position + 1
        return items[position]
    end
end

-- Reading

-- One page after the other. Where pages are numbered and items have an identity, each page begins with the last item
-- of the one before: one that was given already is left out, and when it is missing, items were removed and others
-- moved to earlier pages, so these are read again.
local function in_order(fetch, first_url, field, memory)
    local url, walk, watch = first_url, nil, new_watch()
    local function read_walk(items, following, page_url)
        local met = memory.met(items)
        watch.count_new(#items - met, page_url)
        url = walk:step(#items, following, met > 0, met < #items)
        return not walk.dropped and memory.fresh(items) or nil
    end
    local function read_linked(items, following, page_url)
        walk = following and memory.has_identity(items) and walk_from(first_url, following, #items) or nil
        url = walk and walk:following() or following
        local fresh = memory.fresh(items)
        watch.count_new(#fresh, page_url)
        return fresh
    end
    return flattened(function()
        while url do
            local page_url = url
            if not walk then watch.visit(page_url) end
            local page, response = fetch(page_url)
            local items, following = items_of(page, field, page_url), links_of(response).next
            local read = walk and read_walk or read_linked
            local fresh = read(items, following, page_url)
            if fresh then return fresh end
        end
        return nil
    end)
end

-- Iterates over the items of all pages; `fetch(url)` gives a page and its response. `options`: `list`, the field that
-- has the items; `identity`, the field that identifies them (default "id", false for none); `steady` = false follows
-- the links only.
-- Raises `github.protocol` when a page has no list, or when the list does not advance.
function M.each(fetch, first_url, options)
    options = options or {}
    local identity = options.identity
    if identity == nil then identity = "id" end
    local memory = new_memory(identity)
    if options.steady == false then
        function memory.has_identity() return false end
    end
    return in_order(fetch, first_url, options.list, memory)
end

-- Iterates over (page, response): one that was read already, then those that its links lead to; `field` of each has
-- its items. Raises `github.protocol` when the list does not advance.
function M.following(fetch, page, response, field)
    local url, watch = nil, new_watch()
    return function()
        if not page then
            if not url then return nil end
            watch.visit(url)
            page, response = fetch(url)
        end
        local given, given_response = page, response
        local items = type(given) == "table" and given[field]
        watch.count_new(json.is_array(items) and #items or 0, url)
        page, url = nil, links_of(given_response).next
        return given, given_response
    end
end

-- Lists as calls return them

local List, new_list = uhost.class("github.List", {
    optional = { "cut", "incomplete", "total" },
    call = function(self) return self.following() end,
})

function List:all()
    local list = json.array()
    for item in self.following do list[#list + 1] = item end
    return list
end

local function warn_of_end(list, max)
    list.cut = true
    log.warn(("GitHub gives at most %d %s; there may be more"):format(max[1], max[2]))
end

-- A github.List of the items of the iterator `following`, at most `limit` of them, each turned by `record`; those for
-- which `keep` is false are left out. Nothing is asked for before the first item is wanted. `max` = { count, what }:
-- GitHub gives no more of these, and a list that reaches so many says so and has `cut`.
function M.list(following, options)
    local list, count, given = nil, 0, 0
    local function next_item()
        local item = following()
        if item == nil then return nil end
        count = count + 1
        if options.max and count == options.max[1] then warn_of_end(list, options.max) end
        return item
    end
    local function converted()
        if options.limit and given >= options.limit then return nil end
        local item = next_item()
        while item ~= nil and options.keep and not options.keep(item) do item = next_item() end
        if item == nil then return nil end
        given = given + 1
        return options.record and options.record(item) or item
    end
    list = new_list({ following = converted })
    return list
end

return M
