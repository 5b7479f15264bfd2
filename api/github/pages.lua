-- Lists that GitHub gives a page at a time.
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
    if field then return page[field] or {} end
    if #page > 0 or next(page) == nil then return page end
    if type(page.items) == "table" then return page.items end
    for _, value in pairs(page) do
        if type(value) == "table" and (#value > 0 or next(value) == nil) then return value end
    end
    return {}
end

-- Iterates over the items of all pages; `fetch(url)` gives a page and its response.
function M.each(fetch, first_url, options)
    local field, identity = options and options.list, options and options.identity
    local url, items, position, seen = first_url, {}, 0, {}
    local function following()
        while position >= #items do
            if not url then return nil end
            local page, response = fetch(url)
            items, position = items_of(page, field), 0
            url = M.links(response.headers.link).next
        end
        position = position + 1
        return items[position]
    end
    return function()
        local item = following()
        while item and identity and seen[item[identity]] do item = following() end
        if item and identity and item[identity] ~= nil then seen[item[identity]] = true end
        return item
    end
end

return M
