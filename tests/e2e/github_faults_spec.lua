-- What `github` makes of a bad afternoon at GitHub: each fault, and its outcome.
local support = require("support.github")
local with_github, assert_fails = support.with, support.assert_fails

local create = [[print(github.repository("o/n"):create_issue{ title = "New", body = "Text" }.number)]]

-- All that may happen to a POST, and whether it has its effect nonetheless.
local create_faults = {
    { kind = "reset" }, { kind = "reset_during" }, { kind = "reset_after" }, { kind = "lost" }, { kind = "cut" },
    { kind = "truncated" }, { kind = "html" }, { kind = "garbage" }, { kind = "status", status = 500 },
    { kind = "status", status = 502 }, { kind = "status", status = 503 }, { kind = "status", status = 504 },
    { kind = "status_after", status = 500 }, { kind = "status_after", status = 502 },
    { kind = "status_after", status = 503 }, { kind = "status_after", status = 504 },
    { kind = "status", status = 403, headers = { ["retry-after"] = "1" },
      body = { message = "You have exceeded a secondary rate limit." } },
    { kind = "status", status = 429, headers = { ["retry-after"] = "1" } },
}

local read_faults = { { kind = "reset" }, { kind = "status", status = 502 }, { kind = "truncated" }, { kind = "html" } }

local function with_fault(fault, changes)
    local copy = { method = "POST", path = "/repos/o/n/issues" }
    for name, value in pairs(fault) do copy[name] = value end
    for name, value in pairs(changes or {}) do copy[name] = value end
    return copy
end

local function name_of(fault)
    return fault.kind .. (fault.status and " " .. fault.status or "")
end

describe("creating an issue", function()
    it("is done exactly once, whatever happens to the request or its answer", function()
        with_github(function(github_server)
            for index, fault in ipairs(create_faults) do
                local title = ("New %d"):format(index)
                github_server.control({ faults = { with_fault(fault) } })
                local result = github_server.run((create:gsub("New", title)))
                assert.equal(0, result.code, name_of(fault) .. ": " .. result.stderr)
                local made = github_server.issues_titled(title)
                assert.equal(1, #made, name_of(fault))
                assert.equal(made[1].number .. "\n", result.stdout, name_of(fault))
            end
        end)
    end)

    it("is done exactly once when lists lag behind", function()
        with_github(function(github_server)
            github_server.control({ lag = 30, faults = { with_fault({ kind = "lost" }, { times = 1 }) } })
            local result = github_server.run(create)
            assert.equal(0, result.code, result.stderr)
            assert.equal(1, #github_server.issues_titled("New"))
        end)
    end)

    it("is done exactly once when looking for it fails as well", function()
        with_github(function(github_server)
            github_server.control({ faults = {
                with_fault({ kind = "lost" }),
                { method = "GET", path = "/repos/o/n/issues", kind = "status", status = 502, times = 7 },
            } })
            local result = github_server.run(create)
            assert.equal(0, result.code, result.stderr)
            assert.equal(1, #github_server.issues_titled("New"))
        end)
    end)

    it("says that it does not know when the answer is lost and looking never succeeds", function()
        with_github(function(github_server)
            github_server.control({ faults = {
                with_fault({ kind = "lost" }),
                { method = "GET", path = "/repos/o/n/issues", kind = "status", status = 502, times = 1000 },
            } })
            assert_fails(github_server.run(create), "is not known: its answer was lost", "look at GitHub")
            assert.equal(1, #github_server.issues_titled("New"))
        end)
    end)

    it("is done exactly once by each of twenty tasks whose answers are lost", function()
        with_github(function(github_server)
            github_server.control({ lag = 3, faults = {
                with_fault({ kind = "lost" }, { times = 12 }),
                with_fault({ kind = "status_after", status = 502 }, { times = 10 }),
                with_fault({ kind = "reset_during" }, { times = 5 }),
            } })
            local result = github_server.run([[
                local tasks = {}
                for i = 1, 20 do tasks[i] = i end
                local numbers = task.map(tasks, function(i)
                    return github.repository("o/n"):create_issue{ title = "Task " .. i, body = "Text" }.number
                end, { concurrency = 20 })
                print(table.concat(numbers, " "))]])
            assert.equal(0, result.code, result.stderr)
            local given = {}
            for number in result.stdout:gmatch("%d+") do given[#given + 1] = tonumber(number) end
            for i = 1, 20 do
                local made = github_server.issues_titled("Task " .. i)
                assert.equal(1, #made, "task " .. i)
                assert.equal(given[i], made[1].number)
            end
        end)
    end)

    it("gives up with the failure when it never succeeds, having made nothing", function()
        with_github(function(github_server)
            github_server.control({ faults = { with_fault({ kind = "status", status = 503 }, { times = 100 }) } })
            assert_fails(github_server.run(create), "GitHub failed 5 times to answer", "githubstatus")
            assert.equal(0, #github_server.issues_titled("New"))
        end)
    end)

    it("is not repeated for a refusal", function()
        with_github(function(github_server)
            for _, status in ipairs({ 400, 401, 403, 404, 410, 422 }) do
                github_server.control({ forget = true, faults = { with_fault({ kind = "status", status = status }) } })
                assert.equal(3, github_server.run(create).code)
                local posts = 0
                for _, request in ipairs(github_server.requests()) do
                    if request.method == "POST" then posts = posts + 1 end
                end
                assert.equal(1, posts, "HTTP " .. status)
            end
        end)
    end)
end)

-- A small generator, so that a failing schedule can be had again by its seed.
local function random_numbers(seed)
    local state = seed
    return function(most)
        state = (state * 1103515245 + 12345) % 2147483648
        return math.floor(state / 65536) % most + 1
    end
end

local function random_schedule(seed)
    local random, faults = random_numbers(seed), {}
    for _ = 1, random(5) do
        local fault = create_faults[random(#create_faults - 2)]
        faults[#faults + 1] = with_fault(fault, { times = random(2), skip = random(3) - 1 })
    end
    for _ = 1, random(4) - 1 do
        faults[#faults + 1] = with_fault(read_faults[random(#read_faults)], { method = "GET", times = random(3) })
    end
    return faults, random(4) - 1
end

describe("a comment and an issue under random faults", function()
    it("are each there exactly once, or the failure is clear and they are there at most once", function()
        with_github(function(github_server)
            for seed = 1, 40 do
                local faults, lag = random_schedule(seed)
                github_server.control({ lag = lag, faults = faults })
                local result = github_server.run(([[
                    local repo = github.repository("o/n")
                    local issue = repo:create_issue{ title = "Seed %d", body = "Text" }
                    repo:create_comment(issue.number, { body = "Comment" })]]):format(seed))
                local made = github_server.issues_titled("Seed " .. seed)
                local what = ("seed %d: %s %s"):format(seed, json.encode(faults), result.stderr)
                assert.is_true(#made <= 1, what)
                assert.is_true(#made == 0 or #made[1].comments <= 1, what)
                if result.code == 0 then
                    assert.equal(1, #made, what)
                    assert.equal(1, #made[1].comments, what)
                else
                    assert.equal(3, result.code, what)
                    assert.matches("error: [^\n]+\n  hint: [^\n]+\n$", result.stderr)
                end
            end
        end)
    end)
end)

describe("a repository that was renamed", function()
    it("is found under its old name", function()
        with_github(function(github_server)
            github_server.control({ repository = "old/name", renamed_to = "o/n" })
            local result = github_server.run([[print(github.get("issues/4", { repository = "old/name" }).number)]])
            assert.equal("4\n", result.stdout, result.stderr)
        end)
    end)

    it("gets a change that was made under its old name, and its new name is reported", function()
        with_github(function(github_server)
            github_server.control({ repository = "old/name", renamed_to = "o/n" })
            local result = github_server.run([[
                print(github.repository("old/name"):create_issue{ title = "New" }.number)]])
            assert.equal(0, result.code, result.stderr)
            assert.equal(1, #github_server.issues_titled("New"))
            assert.matches("called o/n now", result.stderr)
        end)
    end)

    it("gets no change where GitHub does not say that it is to be sent on as it is", function()
        with_github(function(github_server)
            local id = github_server.run([[print(github.get("/repos/o/n").id)]]).stdout:match("%d+")
            github_server.control({ faults = { with_fault({ kind = "status", status = 301,
                headers = { location = ("%s/repositories/%d/issues"):format(github_server.url, id) } }) } })
            assert_fails(github_server.run(create), "has moved", "use its new name")
            assert.equal(0, #github_server.issues_titled("New"))
        end)
    end)
end)

describe("a refusal of GitHub", function()
    it("of a private repository says that the token may lack access", function()
        with_github(function(github_server)
            github_server.control({ repository = "secret/place", private = "secret/place" })
            assert_fails(github_server.run([[github.get("issues/1", { repository = "secret/place" })]]),
                "nothing at /repos/secret/place/issues/1", "lack access")
            github_server.control({ scopes = "gist" })
            assert_fails(github_server.run([[github.get("issues/1", { repository = "secret/place" })]]),
                "nothing at", "has no scope repo")
            assert_fails(github_server.run([[github.get("issues/1", { repository = "secret/place" })]],
                { env = { GITHUB_TOKEN = false } }), "nothing at", "for something private set GITHUB_TOKEN")
        end)
    end)

    it("says that a repository has issues disabled", function()
        with_github(function(github_server)
            github_server.control({ issues_disabled = "o/n" })
            assert_fails(github_server.run(create), "[Ii]ssues are disabled", "settings")
        end)
    end)

    it("names the field that it finds invalid", function()
        with_github(function(github_server)
            github_server.control({ faults = { with_fault({ kind = "status", status = 422, body = {
                message = "Validation Failed",
                errors = { { resource = "Issue", field = "title", code = "missing_field" } },
            } }) } })
            assert_fails(github_server.run(create), "title: missing_field", "correct what is sent")
        end)
    end)
end)

describe("a list", function()
    it("has no gap when items leave it while it is read", function()
        with_github(function(github_server)
            local result = github_server.run([[
                local repo, closed = github.repository("o/n"), 0
                for issue in github.pages("issues", { repository = "o/n", query = { state = "open" } }) do
                    repo:close_issue(issue.number)
                    closed = closed + 1
                end
                local left = github.pages("issues", { repository = "o/n", query = { state = "open" } })()
                print(closed > 200, left and left.number)]])
            assert.equal("true\tnil\n", result.stdout, result.stderr)
        end)
    end)

    it("has nothing twice when items are added while it is read", function()
        with_github(function(github_server)
            local result = github_server.run([[
                local repo, seen, twice, count = github.repository("o/n"), {}, 0, 0
                for issue in github.pages("issues", { repository = "o/n", query = { state = "all" } }) do
                    count = count + 1
                    if seen[issue.number] then twice = twice + 1 end
                    seen[issue.number] = true
                    if count % 50 == 0 and count <= 500 then repo:create_issue{ title = "Meanwhile" } end
                end
                print(twice)]])
            assert.equal("0\n", result.stdout, result.stderr)
        end)
    end)

    it("comes whole through broken answers", function()
        with_github(function(github_server)
            local code = [[
                local count, list = 0, { repository = "o/n", query = { state = "all" } }
                for _ in github.pages("issues", list) do count = count + 1 end
                print(count)]]
            local whole = github_server.run(code).stdout
            for _, fault in ipairs({
                { kind = "cut", skip = 2, times = 3 }, { kind = "garbage", skip = 1, times = 2 },
                { kind = "html", skip = 3 }, { kind = "reset", skip = 1, times = 4 },
                { kind = "status", status = 502, skip = 2, times = 4 }, { kind = "drip", bytes = 20000 },
                { kind = "status", status = 503, skip = 1, headers = { ["retry-after"] = "1" } },
            }) do
                github_server.control({ faults = { fault } })
                local result = github_server.run(code, { env = { UHOST_GITHUB_CACHE = "false" } })
                assert.equal(whole, result.stdout, fault.kind .. result.stderr)
            end
        end)
    end)
end)

describe("a recording of a bad afternoon", function()
    it("is replayed without waiting, with the same outcome", function()
        with_github(function(github_server)
            local recording = github_server.state .. "/afternoon.jsonl"
            github_server.control({ faults = {
                with_fault({ kind = "lost" }),
                { method = "GET", path = "/repos/o/n/issues", kind = "status", status = 502, times = 2 },
            } })
            local first = github_server.run(create, { arguments = { "--record", recording } })
            assert.equal(0, first.code, first.stderr)
            local again = github_server.run(create, {
                arguments = { "--replay", recording },
                env = { GITHUB_TOKEN = false, UHOST_GITHUB_SETTLE_S = "1000", UHOST_GITHUB_BACKOFF_S = "1000" },
            })
            assert.equal(first.stdout, again.stdout, again.stderr)
            assert.equal(1, #github_server.issues_titled("New"))
        end)
    end)
end)
