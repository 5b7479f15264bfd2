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
    local memory = { seen = {} }
    local function key_of(item)
        return identity and type(item) == "table" and item[identity] or nil
    end
    -- The items that are new, and whether any was not.
    function memory.fresh(items)
        local fresh, met = {}, false
        for _, item in ipairs(items) do
            local key = key_of(item)
            if key ~= nil and memory.seen[key] then
                met = true
            else
                if key ~= nil then memory.seen[key] = true end
                fresh[#fresh + 1] = item
            end
        end
        return fresh, met
    end
    function memory.has_any(items)
        for _, item in ipairs(items) do
            local key = key_of(item)
            if key ~= nil and memory.seen[key] then return true end
        end
        return false
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
                url = walk:step(url, #items, following, memory.has_any(items))
                if not walk.dropped then return (memory.fresh(items)) end
            else
                walk = following and memory.can_tell(items) and windows.walk(first_url, following, #items)
                url = walk and walk:following() or following
                if walk == false then walk = nil end
                return (memory.fresh(items))
            end
        end
        return nil
    end)
end

-- Whether the numbered pages that came back fit together: none but the last is short, and all name the same last one.
local function is_consistent(answers, size, last)
    for number, answer in pairs(answers) do
        if number < last and #answer.items < size then return false end
        local named = windows.page_of(answer.links.last)
        if named and named ~= last then return false end
    end
    return true
end

-- Pages that come some at a time, in any order. When the list changed meanwhile, it is read once more in order, and
-- what is new is given.
local function at_once(fetch, first_url, field, memory, concurrency)
    local first, first_response = fetch(first_url)
    local links, items = M.links(first_response.headers.link), items_of(first, field)
    local last, size = windows.page_of(links.last), #items
    local next_number, is_first, again = 2, true, nil
    local answers = { { items = items, links = links } }
    return flattened(function()
        if is_first then
            is_first = false
            return (memory.fresh(items))
        end
        if not again and last and next_number <= last then
            local numbers = {}
            for number = next_number, math.min(last, next_number + concurrency - 1) do
                numbers[#numbers + 1] = number
            end
            next_number = next_number + #numbers
            local batch = {}
            task.map(numbers, function(number)
                local page, response = fetch(windows.with_page(links.next, number))
                local found = items_of(page, field)
                answers[number] = { items = found, links = M.links(response.headers.link) }
                for _, item in ipairs(found) do batch[#batch + 1] = item end
            end, { concurrency = concurrency })
            return (memory.fresh(batch))
        end
        if not again then
            if not links.next or (last and is_consistent(answers, size, last)) then return nil end
            local start = last and memory.can_tell(items) and first_url or not last and links.next
            if not start then return nil end
            answers, again = {}, in_order(fetch, start, field, memory)
        end
        local item = again()
        return item and { item } or nil
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
