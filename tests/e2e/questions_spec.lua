-- Questions that people ask a repository and GitHub, each in one line of the REPL.
local calls = require("support.github_calls")
local servers = require("support.servers")

local binary = os.getenv("UHOST")

-- A repository with two tags, three authors, and a file that a pull request deleted.
local function with_repository(body)
    servers.in_folder(function(folder)
        local repo = git.init(folder .. "/r", { initial_branch = "main" })
        local count = 0
        local function commit(author, files, message)
            count = count + 1
            repo:create_commit{ ref = "refs/heads/main", message = message or "Change " .. count, files = files,
                author = author, author_email = author:lower() .. "@example.com" }
        end
        commit("Ada", { ["src/a.c"] = "1\n/* TODO: free it */\n", ["tests/12.rs"] = "fn main() {}\n" })
        repo:create_tag("v1", "HEAD")
        commit("Bob", { ["src/a.c"] = "2\n/* TODO: free it */\n" })
        commit("Bob", { ["src/a.c"] = "3\n/* TODO: free it */\n", ["src/b.c"] = "1" })
        commit("Cy", { ["tests/12.rs"] = false }, "Fix the crash (#77)")
        repo:create_tag("v2", "HEAD")
        body(folder .. "/r", folder)
    end)
end

local function ask(question, folder, state, env)
    local all = { HOME = state, UHOST_STATE = state .. "/state", GITHUB_TOKEN = false, GH_TOKEN = false }
    for name, value in pairs(env or {}) do all[name] = value end
    local result = process.run{ binary, "repl", stdin = ".json " .. question .. "\n", cwd = folder, env = all }
    assert.equal("", result.stderr)
    return json.decode(result.stdout)
end

describe("one line of the REPL says", function()
    it("which files changed most in three months, with the author who changed each most", function()
        with_repository(function(folder, state)
            assert.same({ path = "src/a.c", changes = 3, author = "Bob" }, ask([[seq(repo:log{ since = "3 months", ]]
                .. [[files = true }):flat_map("files", function(f, c) return { path = f.path, author = c.author } ]]
                .. [[end):group("path"):top(10, "count"):map(function(g) return { path = g.key, changes = g.count, ]]
                .. [[author = seq(g.items):count_by("author"):first().key } end)]], folder, state)[1])
        end)
    end)

    it("how many commits each author has between two tags", function()
        with_repository(function(folder, state)
            assert.same({ { key = "Bob", count = 2 }, { key = "Cy", count = 1 } },
                ask([[seq(repo:log{ range = "v1..v2" }):count_by("author")]], folder, state))
        end)
    end)

    it("which pull request deleted a file", function()
        with_repository(function(folder, state)
            assert.equal(77, ask([[repo:deletions{ path = "tests/12.rs" }().pr]], folder, state))
        end)
    end)

    it("who wrote the TODOs that are older than a year", function()
        with_repository(function(folder, state)
            git.open(folder):create_commit{ ref = "refs/heads/main", message = "Old", time = "2020-01-01",
                author = "Eve", author_email = "eve@example.com", files = { ["src/old.c"] = "\n// TODO: later\n" } }
            assert.same({ { path = "src/old.c", line = 2, author = "Eve" } },
                ask([[seq(repo:grep("TODO")):map(function(m) local b = repo:blame(m.path, { first_line = m.line, ]]
                .. [[last_line = m.line })[1] return { path = m.path, line = m.line, author = b.author_time < ]]
                .. [[time.iso(time.ago("1 year")) and b.author or nil } end):filter("author")]], folder, state))
        end)
    end)

    local function with_github(body)
        calls.with(function(server)
            with_repository(function(folder, state)
                body(server, function(question)
                    return ask(question, folder, state, { GITHUB_API_URL = server.url, GITHUB_REPOSITORY = "o/n",
                        GITHUB_TOKEN = require("support.github").token })
                end)
            end)
        end)
    end

    it("which run of a workflow was the last green one, and what its slowest jobs were", function()
        with_github(function(server, asked)
            local function job(id, minutes)
                return { id = id, name = "job " .. id, started_at = "2026-01-02T00:00:00Z",
                    completed_at = ("2026-01-02T00:%02d:00Z"):format(minutes) }
            end
            server.control({
                repository = "o/n", forget = true, workflows = { { path = ".github/workflows/ci.yml", name = "CI" } },
                runs = {
                    { id = 70, workflow = "ci.yml", created_at = "2026-01-01T00:00:00Z", conclusion = "success" },
                    { id = 71, workflow = "ci.yml", created_at = "2026-01-02T00:00:00Z", conclusion = "success",
                        attempts = { { jobs = { job(1, 5), job(2, 9), job(3, 7) } } } },
                    { id = 72, workflow = "ci.yml", created_at = "2026-01-03T00:00:00Z", conclusion = "failure" },
                },
            })
            assert.equal(71, asked([[gh:runs{ workflow = "ci.yml", status = "success" }().id]]))
            assert.same({ "job 2", "job 3" }, asked([[seq(gh:jobs(71)):top(2, function(j) return ]]
                .. [[time.parse(j.completed_at) - time.parse(j.started_at) end):map("name")]]))
        end)
    end)

    it("which open issues with a label are older than a year", function()
        with_github(function(server, asked)
            server.control({ repository = "o/n", forget = true, issues = {
                { number = 2001, title = "Old", labels = { "bug" }, created_at = "2020-01-01T00:00:00Z" },
                { number = 2002, title = "Other", labels = { "other" }, created_at = "2020-01-01T00:00:00Z" },
                { number = 2003, title = "New", labels = { "bug" }, created_at = time.iso(time.now()) },
            } })
            assert.same({ 2001 }, asked([[seq(gh:issues{ labels = { "bug" } }):filter(function(i) return ]]
                .. [[i.created_at < time.iso(time.ago("1 year")) end):map("number")]]))
        end)
    end)

    it("what the numbers of a JSON endpoint add up to", function()
        servers.with("http", {}, function(server)
            servers.in_folder(function(state)
                local question = ([[seq(http.get("%s/json"):json()):sum("n")]]):format(server.url)
                assert.equal(42, ask(question, state, state))
            end)
        end)
    end)
end)
