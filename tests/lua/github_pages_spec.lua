local pages = require("uhost.github.pages")
local windows = require("uhost.github.windows")

-- A list that is served in numbered pages, as by GitHub, and that `meddle(items, page_number)` may change before each.
local function server_of(items, meddle)
    local server = { items = items, asked = {} }
    function server.fetch(url)
        if meddle then meddle(server.items, #server.asked + 1) end
        server.asked[#server.asked + 1] = url
        local size = math.min(100, tonumber(url:match("per_page=(%d+)") or 100))
        local number = tonumber(url:match("[?&]page=(%d+)") or 1)
        local page = {}
        for index = (number - 1) * size + 1, math.min(number * size, #server.items) do
            page[#page + 1] = server.items[index]
        end
        local last, links = math.max(1, math.ceil(#server.items / size)), {}
        if number < last then
            for relation, target in pairs({ next = number + 1, last = last }) do
                links[#links + 1] = ('<https://x/list?per_page=%d&page=%d>; rel="%s"'):format(size, target, relation)
            end
        end
        return page, { headers = { link = table.concat(links, ", ") } }
    end
    return server
end

local function numbered(count)
    local items = {}
    for i = 1, count do items[i] = { id = i } end
    return items
end

local function ids_of(iterator)
    local ids = {}
    for item in iterator do ids[#ids + 1] = item.id end
    return ids
end

local function random_numbers(seed)
    local state = seed
    return function(most)
        state = (state * 1103515245 + 12345) % 2147483648
        return math.floor(state / 65536) % most + 1
    end
end

describe("a list that does not change", function()
    it("is given whole, in order, whatever its length", function()
        for _, count in ipairs({ 0, 1, 99, 100, 101, 199, 200, 250, 1000, 2345 }) do
            local server = server_of(numbered(count))
            local ids = ids_of(pages.each(server.fetch, "https://x/list"))
            assert.equal(count, #ids)
            for i = 1, count do assert.equal(i, ids[i]) end
            assert.is_true(#server.asked <= count / 100 * 1.2 + 2, #server.asked .. " requests for " .. count)
        end
    end)

    it("is asked for page by page, as it is needed", function()
        local server = server_of(numbered(500))
        local following = pages.each(server.fetch, "https://x/list")
        assert.equal(0, #server.asked)
        for _ = 1, 100 do following() end
        assert.equal(1, #server.asked)
        following()
        assert.equal(2, #server.asked)
    end)

    it("is given whole, though in any order, when pages come at once", function()
        for _, count in ipairs({ 0, 1, 100, 101, 950, 1000 }) do
            local server = server_of(numbered(count))
            local ids = ids_of(pages.each(server.fetch, "https://x/list", { unordered = true, concurrency = 4 }))
            table.sort(ids)
            assert.equal(count, #ids)
            for i = 1, count do assert.equal(i, ids[i]) end
            assert.is_true(#server.asked <= count / 100 * 1.2 + 2, #server.asked .. " requests for " .. count)
        end
    end)

    it("follows links only where items cannot be told apart", function()
        local items = {}
        for i = 1, 250 do items[i] = { name = "n" .. i } end
        local server, count = server_of(items), 0
        for _ in pages.each(server.fetch, "https://x/list") do count = count + 1 end
        assert.equal(250, count)
        assert.same({ "https://x/list", "https://x/list?per_page=100&page=2", "https://x/list?per_page=100&page=3" },
            server.asked)
    end)
end)

describe("a list that changes while it is read", function()
    -- Items come in at the front and go anywhere; `kept` are the ids that stay throughout.
    local function meddled(seed, options)
        local random, next_id = random_numbers(seed), 100000
        local items, removed = numbered(150 + random(900)), {}
        local count = #items
        local server = server_of(items, function(list, number)
            if number == 1 then return end
            for _ = 1, random(4) - 1 do
                next_id = next_id + 1
                table.insert(list, 1, { id = next_id })
            end
            for _ = 1, random(8) - 1 do
                local gone = table.remove(list, random(#list))
                removed[gone.id] = true
            end
        end)
        return ids_of(pages.each(server.fetch, "https://x/list", options)), removed, count
    end

    local function check(seed, options)
        local ids, removed, count = meddled(seed, options)
        local seen = {}
        for _, id in ipairs(ids) do
            assert.is_nil(seen[id], ("seed %d: %d came twice"):format(seed, id))
            seen[id] = true
        end
        for id = 1, count do
            if not removed[id] then assert.is_true(seen[id] == true, ("seed %d: %d was lost"):format(seed, id)) end
        end
    end

    it("is given without a gap and with nothing twice", function()
        for seed = 1, 300 do check(seed) end
    end)

    it("is given with nothing twice, and without a gap, when pages come at once", function()
        for seed = 1, 300 do check(seed, { unordered = true, concurrency = 3 }) end
    end)

    it("loses nothing when all that was given is removed", function()
        local items = numbered(730)
        local server = server_of(items)
        local count = 0
        for item in pages.each(server.fetch, "https://x/list") do
            count = count + 1
            for index, each in ipairs(items) do
                if each == item then table.remove(items, index) break end
            end
        end
        assert.equal(730, count)
        assert.equal(0, #items)
    end)
end)

describe("overlapping pages", function()
    it("begin with an item that was read, and reach further", function()
        for position = 2, 20000, 7 do
            local number, size = windows.window(position, 100)
            assert.is_true((number - 1) * size < position, position)
            assert.is_true(number * size > position, position)
            assert.is_true(size <= 100 and size >= 50)
        end
    end)
end)
