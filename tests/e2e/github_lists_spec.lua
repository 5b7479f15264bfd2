-- Whole lists of GitHub, by cursor (issues) and by number (labels), also while they change.
local support = require("support.github")

local sizes = { 250, 1250, 10000 }

-- Reads a list and prints how many items it gave, how many of them twice, how many of those that stayed it did not
-- give, and the requests that this took. `shape` has each(): the list, key(item), and, for one that changes,
-- change(count, removed), which is called after every 90 items and notes in `removed` what it takes away.
local reading = [==[
local size, control_url = %d, %q
local repo = github.repository("o/list" .. size)
local function control(order)
    order.repository = repo.name
    http.post(control_url, { json = order, mutates = false })
end
local shape = (function() %s end)()
local seen, removed, count, twice, before = {}, {}, 0, 0, github.requests()
for item in shape.each() do
    local key = shape.key(item)
    twice, seen[key], count = twice + (seen[key] and 1 or 0), true, count + 1
    if shape.change and count %% 90 == 0 and count < size then shape.change(count, removed) end
end
local lost = 0
for _, key in ipairs(shape.all()) do
    if not seen[key] and not removed[key] then lost = lost + 1 end
end
print(count, twice, lost, github.requests() - before)
]==]

local issues = [[
    local shape = {
        each = function() return repo:issues{ state = "all", pull_requests = true } end,
        key = function(issue) return issue.number end,
    }
    function shape.all()
        local all = {}
        for number = 1, size do if number % 50 ~= 0 then all[#all + 1] = number end end
        return all
    end
]]

local labels = [[
    local shape = { each = function() return repo:labels() end, key = function(label) return label.name end }
    function shape.all()
        local all = {}
        for number = 1, size do all[number] = "label-" .. number end
        return all
    end
]]

-- Removes one of those that were given, and adds another, while the list is read.
local changing_issues = issues .. [[
    function shape.change(count, removed)
        local number = size - count + 5
        removed[number] = true
        control({ issues = { { number = number, kind = "deleted" }, { number = size + count } } })
    end
    return shape]]

local changing_labels = labels .. [[
    function shape.change(count, removed)
        local name = "label-" .. count - 5
        removed[name] = true
        repo:delete_label(name)
        control({ labels = { { name = "new-" .. count } } })
    end
    return shape]]

-- What reading `shape` of each size gives: four numbers each.
local function read_all(shape)
    local results = {}
    support.with(function(github_server)
        github_server.control({ check_answers = false })
        for i, size in ipairs(sizes) do
            local order = { repository = "o/list" .. size, generate = size, labels = {} }
            for number = 1, size do order.labels[number] = { name = "label-" .. number } end
            github_server.control(order)
            local code = reading:format(size, github_server.plain_url .. "/_control", shape)
            local result = github_server.run(code, { arguments = { "--set", "github.cache=false" } })
            assert.equal(0, result.code, result.stderr)
            results[i] = {}
            for number in result.stdout:gmatch("%d+") do table.insert(results[i], tonumber(number)) end
        end
    end)
    return results
end

describe("a list of 250, 1,250 or 10,000 items", function()
    it("is given whole and once, in as many requests as it has pages and hardly more", function()
        for i, result in ipairs(read_all(issues .. "return shape")) do
            local size = sizes[i]
            assert.same({ size - size / 50, 0, 0 }, { unpack(result, 1, 3) })
            assert.equal(math.ceil((size - size / 50) / 100), result[4])
        end
        for i, result in ipairs(read_all(labels .. "return shape")) do
            assert.same({ sizes[i], 0, 0 }, { unpack(result, 1, 3) })
            assert.is_true(result[4] <= sizes[i] / 100 * 1.2 + 2, result[4] .. " requests")
        end
    end)

    it("loses nothing that stays while others go and come", function()
        for _, shape in ipairs({ changing_issues, changing_labels }) do
            for i, result in ipairs(read_all(shape)) do
                assert.same({ 0, 0 }, { result[2], result[3] })
                assert.is_true(result[4] <= sizes[i] / 100 * 3 + 10, result[4] .. " requests")
            end
        end
    end)
end)
