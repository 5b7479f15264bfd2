-- Lists that GitHub gives a page at a time.
local windows = require("uhost.github.windows")

local M = {}

-- The addresses of a Link header by relation: { next = "https://…", last = … }. RFC 8288, as far as GitHub uses it.
function M.links(header)
    local links = {}
    for address, parameters in (header or ""):gmatch("<([^>]*)>([^,<]*)") do
        local relation = parameters:match('rel="?([%w%-_]+)')
        if relation then links[relation] = address end
    end
    return links
end

-- A page is a list, or a table with one (`items` of a search, `workflow_runs` …) beside plain values.
local function items_of(page, field)
    if type(page) ~= "table" then return {} end
    if field and type(page[field]) == "table" then return page[field] end
    if #page > 0 or next(page) == nil then return page end
    if type(page.items) == "table" then return page.items end
    for _, value in pairs(page) do
        if type(value) == "table" and (#value > 0 or next(value) == nil) then return value end
    end
    return {}
end

-- What was given already, by the field of an item that tells it from others.
local function new_memory(identity)
    local memory = { seen = {}, identity = identity }
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
    -- Whether two lists have an item in common.
    function memory.meet(left, right)
        local keys = {}
        for _, item in ipairs(left) do keys[key_of(item) or 0] = true end
        for _, item in ipairs(right) do
            if keys[key_of(item) or 0] then return true end
        end
        return false
    end
    -- The items that are new, which then are so no more.
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
    function memory.can_tell(items)
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

-- One page after the other. Where pages are numbered and items can be told apart, each page begins with the last item
-- of the one before: one that was given already is left out, and when it is missing, items were removed and others
-- moved to earlier pages, so these are read again.
local function in_order(fetch, first_url, field, memory)
    local url, walk = first_url, nil
    return flattened(function()
        while url do
            local page, response = fetch(url)
            local items, following = items_of(page, field), M.links(response.headers.link).next
            if walk then
                local met = memory.met(items)
                url = walk:step(#items, following, met > 0, met < #items)
                if not walk.dropped then return memory.fresh(items) end
            else
                walk = following and memory.can_tell(items) and windows.walk(first_url, following, #items) or nil
                url = walk and walk:following() or following
                return memory.fresh(items)
            end
        end
        return nil
    end)
end

-- The addresses of the pages after the first, or nil when they cannot be known beforehand; and whether they overlap.
local function addresses_after(first_url, links, items, memory)
    local last = windows.page_of(links.last)
    if not (links.next and last) then return nil end
    local walk = memory.can_tell(items) and windows.walk(first_url, links.next, #items)
    if walk then return walk:all_to(last * #items), true end
    local addresses = {}
    for number = 2, last do addresses[#addresses + 1] = windows.with_page(links.next, number) end
    return addresses, false
end

-- Whether each page has an item in common with the one before, up to the end of the list, and none comes after that.
local function fit_together(answers, memory)
    for number = 2, #answers do
        if not answers[number - 1].links.next then
            if #answers[number].items > 0 then return false end
        elseif not memory.meet(answers[number - 1].items, answers[number].items) then
            return false
        end
    end
    return answers[#answers].links.next == nil
end

-- Pages that come some at a time, in any order. When the list changed meanwhile, it is read once more in order, and
-- what is new is given.
local function at_once(fetch, first_url, field, memory, concurrency)
    local answers = {}
    local function read(url, number)
        local page, response = fetch(url)
        answers[number] = { items = items_of(page, field), links = M.links(response.headers.link) }
        return answers[number].items
    end
    local first = read(first_url, 1)
    local addresses, overlap = addresses_after(first_url, answers[1].links, first, memory)
    local done, rest = 0, nil
    return flattened(function()
        if done == 0 then
            done = 1
            return memory.fresh(first)
        end
        if addresses and done <= #addresses then
            local batch, found = { unpack(addresses, done, done + concurrency - 1) }, {}
            local before = done
            done = done + #batch
            task.map(batch, function(url, index)
                for _, item in ipairs(read(url, before + index)) do found[#found + 1] = item end
            end, { concurrency = concurrency })
            return memory.fresh(found)
        end
        if not rest then
            if addresses and (not overlap or fit_together(answers, memory)) then return nil end
            if not addresses and not answers[1].links.next then return nil end
            local start = addresses and first_url or answers[1].links.next
            rest = in_order(fetch, start, field, new_memory(memory.identity))
        end
        local item = rest()
        return item and memory.fresh({ item }) or nil
    end)
end

-- Iterates over the items of all pages; `fetch(url)` gives a page and its response. `options`: `list`, the field that
-- has the items; `identity`, the field that tells them apart ("id" unless told, false for none); `unordered`, pages may
-- come `concurrency` at a time; `steady` = false follows the links only.
function M.each(fetch, first_url, options)
    options = options or {}
    local identity = options.identity
    if identity == nil then identity = "id" end
    local memory = new_memory(identity)
    if options.steady == false then
        function memory.can_tell() return false end
    end
    if options.unordered then
        local iterator
        return function()
            iterator = iterator or at_once(fetch, first_url, options.list, memory, options.concurrency or 4)
            return iterator()
        end
    end
    return in_order(fetch, first_url, options.list, memory)
end

return M
