-- Lists that GitHub gives a page at a time, read through `github.pages`.

local function link_header(relations)
    local pieces = {}
    for relation, query in pairs(relations) do
        pieces[#pieces + 1] = ('<https://api.github.com/repos/o/n/list?%s>; rel="%s"'):format(query, relation)
    end
    return table.concat(pieces, ", ")
end

local function parameter(url, name)
    return url:match("[?&]" .. name .. "=([^&]*)")
end

-- A list that is served in numbered pages, as by GitHub, and that `meddle(items, page_number)` may change before each.
local function numbered_server(items, meddle)
    local server = { items = items, urls = {} }
    function server.answer(request)
        if meddle then meddle(server.items, #server.urls + 1) end
        server.urls[#server.urls + 1] = request.url
        local size = math.min(100, tonumber(parameter(request.url, "per_page") or 100))
        local number = tonumber(parameter(request.url, "page") or 1)
        local page, relations = json.array(), {}
        for index = (number - 1) * size + 1, math.min(number * size, #server.items) do
            page[#page + 1] = server.items[index]
        end
        if number < math.ceil(#server.items / size) then
            relations.next = ("per_page=%d&page=%d"):format(size, number + 1)
        end
        return { headers = { link = link_header(relations) }, body = json.encode(page) }
    end
    return server
end

-- A list as GitHub serves that of issues today: the cursor decides, and a page number without one is refused beyond
-- the first. `meddle` as above.
local function cursor_server(items, meddle)
    local server = { items = items, urls = {} }
    function server.answer(request)
        if meddle then meddle(server.items, #server.urls + 1) end
        server.urls[#server.urls + 1] = request.url
        local after, number = parameter(request.url, "after"), tonumber(parameter(request.url, "page") or 1)
        if number > 1 and not after then
            return { status = 422, body = '{"message": "Pagination with the page parameter is not supported here"}' }
        end
        local size = tonumber(parameter(request.url, "per_page") or 100)
        local start, page, relations = tonumber(after or 0), json.array(), {}
        for _, item in ipairs(server.items) do
            if item.id > start and #page < size then page[#page + 1] = item end
        end
        local last = page[#page]
        if last and last.id < server.items[#server.items].id then
            relations.next = ("per_page=%d&after=%d&page=%d"):format(size, last.id, number + 1)
        end
        return { headers = { link = link_header(relations) }, body = json.encode(page) }
    end
    return server
end

-- Runs `body` with what iterates over the list of a server.
local function reading(server, body)
    return http.intercept(server.answer, function() return body(github.pages("list", { repository = "o/n" })) end)
end

local function numbered(count)
    local items = {}
    for i = 1, count do items[i] = { id = i } end
    return items
end

local function ids_of(server)
    return reading(server, function(iterator)
        local ids = {}
        for item in iterator do ids[#ids + 1] = item.id end
        return ids
    end)
end

local function random_numbers(seed)
    local state = seed
    return function(most)
        state = (state * 1103515245 + 12345) % 2147483648
        return math.floor(state / 65536) % most + 1
    end
end

describe("a list that does not change", function()
    it("is given whole, in order, whatever its length and whatever numbers its pages", function()
        for _, server_of in ipairs({ numbered_server, cursor_server }) do
            for _, count in ipairs({ 0, 1, 99, 100, 101, 199, 200, 250, 1000, 1250 }) do
                local server = server_of(numbered(count))
                local ids = ids_of(server)
                assert.equal(count, #ids)
                for i = 1, count do assert.equal(i, ids[i]) end
                assert.is_true(#server.urls <= count / 100 * 1.2 + 2, #server.urls .. " requests for " .. count)
            end
        end
    end)

    it("is given whole with 10,000 items", function()
        for _, server_of in ipairs({ numbered_server, cursor_server }) do
            assert.equal(10000, #ids_of(server_of(numbered(10000))))
        end
    end)

    it("is asked for page by page, as it is needed", function()
        local server = numbered_server(numbered(500))
        reading(server, function(following)
            assert.equal(0, #server.urls)
            for _ = 1, 100 do following() end
            assert.equal(1, #server.urls)
            following()
            assert.equal(2, #server.urls)
        end)
    end)

    it("follows links only where items cannot be kept apart", function()
        local items = {}
        for i = 1, 250 do items[i] = { name = "n" .. i } end
        local server, count = numbered_server(items), 0
        reading(server, function(iterator) for _ in iterator do count = count + 1 end end)
        assert.equal(250, count)
        local base = "https://api.github.com/repos/o/n/list?per_page=100"
        assert.same({ base, base .. "&page=2", base .. "&page=3" }, server.urls)
    end)
end)

describe("a list that changes while it is read", function()
    -- Items come in at the front and go anywhere.
    local function meddled(seed)
        local random, next_id = random_numbers(seed), 100000
        local items, removed = numbered(150 + random(900)), {}
        local count = #items
        local server = numbered_server(items, function(list, number)
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
        return ids_of(server), removed, count
    end

    local function check(seed)
        local ids, removed, count = meddled(seed)
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
        for seed = 1, 100 do check(seed) end
    end)

    it("is given without a gap by cursors, too", function()
        for seed = 1, 20 do
            local random, removed = random_numbers(seed), {}
            local server = cursor_server(numbered(1250), function(list, number)
                if number == 1 then return end
                for _ = 1, random(8) do removed[table.remove(list, random(#list)).id] = true end
            end)
            local seen = {}
            for _, id in ipairs(ids_of(server)) do
                assert.is_nil(seen[id])
                seen[id] = true
            end
            for id = 1, 1250 do assert.is_true(removed[id] or seen[id], ("seed %d: %d was lost"):format(seed, id)) end
        end
    end)

    it("loses nothing when all that was given is removed", function()
        local items = numbered(730)
        local server, count = numbered_server(items), 0
        reading(server, function(iterator)
            for item in iterator do
                count = count + 1
                for index, each in ipairs(items) do
                    if each.id == item.id then table.remove(items, index) break end
                end
            end
        end)
        assert.equal(730, count)
        assert.equal(0, #items)
    end)
end)

describe("a list that does not advance", function()
    -- What a server with the answers `answer(number)` (items, the query of its next link) raises, and how often it was
    -- asked.
    local function failure_of(answer)
        local requests = 0
        local ok, err = pcall(ids_of, { answer = function()
            requests = requests + 1
            local items, following = answer(requests)
            return { headers = { link = link_header({ next = following }) }, body = json.encode(json.array(items)) }
        end })
        assert.is_false(ok)
        assert.equal("github.protocol", err.kind)
        return err, requests
    end

    it("ends when a cursor leads back to itself", function()
        local err, requests = failure_of(function() return numbered(100), "after=abc&page=2" end)
        assert.matches("does not advance", err.message)
        assert.equal(2, requests)
    end)

    it("ends when its pages are empty and go on", function()
        local err, requests = failure_of(function(number) return {}, ("page=%d"):format(number + 1) end)
        assert.matches("nothing new", err.message)
        assert.is_true(requests <= 20)
    end)

    it("ends when it has the same items for ever", function()
        local _, requests = failure_of(function(number)
            return numbered(100), ("per_page=100&page=%d"):format(number + 1)
        end)
        assert.is_true(requests <= 30)
    end)

    it("is not one that has pages without items in between", function()
        local pages = { { 1, 2 }, {}, {}, { 3 } }
        local ids = ids_of({ answer = function(request)
            local number = tonumber(parameter(request.url, "page") or 1)
            local items = json.array()
            for i, id in ipairs(pages[number]) do items[i] = { id = id } end
            return { headers = { link = link_header({ next = pages[number + 1] and "page=" .. number + 1 or nil }) },
                body = json.encode(items) }
        end })
        assert.same({ 1, 2, 3 }, ids)
    end)
end)

describe("an answer that is not a list where one belongs", function()
    it("is github.protocol, never an empty list", function()
        for _, body in ipairs({ "", "null", '{"message": "hello"}', '"text"', "{}" }) do
            local ok, err = pcall(ids_of, { answer = function() return { body = body } end })
            assert.is_false(ok, body)
            assert.equal("github.protocol", err.kind, body)
        end
    end)
end)
