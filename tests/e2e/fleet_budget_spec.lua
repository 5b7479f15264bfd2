-- One budget of GitHub's for all shards: eight that ask at once, of a server that lets few requests through.
local eventually = require("support.expect").eventually
local demo_git = require("lib.demo_git")
local github = require("support.github")

local shards, points, window_s = 8, 40, 3

-- Each asks, from when all are there, for as many different issues as there is time for, and says how many it got.
local script = [[
local folder, first, got = arg[1], tonumber(fs.read("first")), 0
fs.write(folder .. "/there-" .. first, "")
while not fs.exists(folder .. "/go") do task.sleep(0.01) end
while not fs.exists(folder .. "/stop") do
    github.get("issues/" .. first + got % 90, { repository = "o/n" })
    got = got + 1
end
io.stdout:write(json.encode({ got = got }))
]]

local function make_repository(path, first)
    local text = tostring(first)
    demo_git.run({ "init", "--quiet", "--initial-branch=main", path })
    demo_git.run({ "-C", path, "fast-import", "--quiet" }, { stdin = ("commit refs/heads/main\n"
        .. "committer A <a@b.c> 1790000000 +0000\ndata 4\nMake\nM 100644 inline first\ndata %d\n%s"):format(#text,
        text) })
end

local function count(requests, status)
    local found = 0
    for _, request in ipairs(requests) do
        if request.status == status then found = found + 1 end
    end
    return found
end

-- Lets so many windows go by, and gives what each shard got and what the server saw.
local function run(stand_in, windows)
    local folder, lines = stand_in.state, {}
    for i = 1, shards do
        make_repository(("%s/r%d"):format(folder, i), (i - 1) * 100 + 1)
        lines[i] = ("./r%d"):format(i)
    end
    fs.write(folder .. "/repos.txt", table.concat(lines, "\n"))
    fs.write(folder .. "/ask.lua", script)
    stand_in.control({ forget = true })
    local child = process.start{ os.getenv("UHOST") or "uhost", "-q", "--set", "github.cache=false", "fleet", "run",
        folder .. "/ask.lua", "--over", folder .. "/repos.txt", "--json", "--max-parallel", shards, "--retries", "0",
        "--", folder, env = { GITHUB_API_URL = stand_in.url, GITHUB_TOKEN = github.token, GH_TOKEN = false,
            GITHUB_ACTIONS = false, UHOST_STATE = folder, UHOST_GITHUB_CACHE = "false" } }
    for i = 1, shards do
        eventually(function() return fs.exists(("%s/there-%d"):format(folder, (i - 1) * 100 + 1)) end)
    end
    stand_in.control({ rate = { core = { limit = points, remaining = points, reset_in_s = window_s,
        window_s = window_s } } })
    fs.write(folder .. "/go", "")
    local enough = (windows - 0.5) * points
    eventually(function() return #stand_in.requests() >= enough end)
    fs.write(folder .. "/stop", "")
    local report = json.decode(child:wait().stdout)
    local got = {}
    for i, shard in ipairs(report.shards) do
        assert.equal("fine", shard.outcome, shard.cause)
        got[i] = shard.data.got
    end
    return got, stand_in.requests()
end

describe("the shards of a fleet", function()
    it("keep within GitHub's limit together, and each gets its share", function()
        github.with(function(stand_in)
            local windows = 4
            local got, requests = run(stand_in, windows)
            assert.equal(0, count(requests, 403))
            table.sort(got)
            local share = (windows - 0.5) * points / shards
            assert.is_true(got[1] >= share / 2 and got[shards] <= share * 2, table.concat(got, " "))
        end)
    end)
end)
