-- What calls of github do with answers that are rare: large folders, commits of many pages, runs that look alike.

-- Runs `code(repo)` with a GitHub where `answers["METHOD path"]` is what each request gets, or gives it from the query
-- and the body; gives the requests.
local function with_answers(answers, code)
    local requests = {}
    answers["POST /graphql"] = { data = { viewer = { login = "ada" }, repository = { id = "R" } } }
    http.intercept(function(request)
        local path, query = request.url:match("^https?://[^/]+([^?]*)%??(.*)$")
        local name = ("%s %s"):format(request.method, path)
        requests[#requests + 1] = { name = name, query = query, json = request.body and json.decode(request.body) }
        local answer = answers[name]
        if type(answer) == "function" then answer = answer(query, requests[#requests].json) end
        assert(answer, "nobody answers " .. name)
        if answer.raw then return answer.raw end
        return { status = 200, body = json.encode(answer), headers = answer.headers }
    end, function() code(github.repository("o/n")) end)
    return requests
end

local function raw(status, body, headers)
    return { raw = { status = status, body = json.encode(body), headers = headers } }
end

describe("github.Repository:contents", function()
    it("takes a folder that GitHub's list would cut from its tree", function()
        local entries, tree = {}, {}
        for i = 1, 1000 do entries[i] = { name = "f" .. i, path = "d/f" .. i, type = "file", sha = "s", size = 1 } end
        for i = 1, 1500 do tree[i] = { path = "f" .. i, mode = "100644", type = "blob", sha = "s" .. i, size = i } end
        tree[1501] = { path = "link", mode = "120000", type = "blob", sha = "l", size = 3 }
        tree[1502] = { path = "sub", mode = "040000", type = "tree", sha = "t" }
        tree[1503] = { path = "mod", mode = "160000", type = "commit", sha = "c" }
        with_answers({
            ["GET /repos/o/n/contents/d"] = { type = "dir", sha = "abc", name = "d", path = "d", entries = entries },
            ["GET /repos/o/n/git/trees/abc"] = { sha = "abc", truncated = false, tree = tree },
        }, function(repo)
            local list = repo:contents("d")
            assert.equal(1503, #list)
            assert.same({ name = "f7", path = "d/f7", type = "file", id = "s7", size_bytes = 7 }, list[7])
            assert.same({ "symlink", "dir", "submodule" }, { list[1501].type, list[1502].type, list[1503].type })
        end)
    end)
end)

describe("github.Repository:commit", function()
    it("gives the files of all pages", function()
        local function page(first, last)
            local files = {}
            for i = first, last do
                files[#files + 1] = { filename = "f" .. i, status = "added", additions = 1, deletions = 0, changes = 1 }
            end
            return { sha = "abc", commit = { message = "m", tree = { sha = "t" } }, parents = {}, files = files }
        end
        with_answers({
            ["GET /repos/o/n/commits/abc"] = function(query)
                if query:find("page=2") then return page(301, 420) end
                return raw(200, page(1, 300), {
                    link = '<https://api.github.com/repos/o/n/commits/abc?page=2>; rel="next"',
                })
            end,
        }, function(repo)
            local commit = repo:commit("abc")
            assert.equal(420, #commit.files)
            assert.equal("f420", commit.files[420].path)
            assert.is_false(commit.files_cut)
        end)
    end)
end)

describe("github.Repository:dispatch", function()
    local function run(id, fields)
        local body = {
            id = id, run_number = id, display_title = "Release", event = "workflow_dispatch", head_branch = "v1",
            created_at = "2026-01-01T12:00:00Z",
            actor = { login = "ada" }, pull_requests = json.array(),
        }
        for name, value in pairs(fields or {}) do body[name] = value end
        return body
    end

    -- A GitHub that does not say which run it started; `runs(sent)` are those it has then.
    local function old_github(runs)
        local sent
        return {
            ["GET /repos/o/n/actions/workflows/r.yml"] = raw(200, { id = 1 }, {
                date = "Thu, 01 Jan 2026 12:00:00 GMT",
            }),
            ["POST /repos/o/n/actions/workflows/r.yml/dispatches"] = function(_, body)
                sent = body
                return { raw = { status = 204 } }
            end,
            ["GET /repos/o/n/actions/workflows/r.yml/runs"] = function(query)
                if query:find("per_page=1&", 1, true) or query:find("per_page=1$") then
                    return { total_count = 1, workflow_runs = json.array({ run(6) }) }
                end
                assert.matches("branch=v1&created=%%3E%%3D2026%-01%-01T12%%3A00%%3A00Z&event=workflow_dispatch", query)
                return { total_count = 0, workflow_runs = json.array(sent and runs(sent) or {}) }
            end,
        }
    end

    it("asks for runs of this branch and account since, by GitHub's clock, and takes the first of several", function()
        with_answers(old_github(function()
            return { run(9), run(8, { actor = { login = "mallory" } }), run(7) }
        end), function(repo)
            assert.equal(7, repo:dispatch("r.yml", { ref = "refs/tags/v1" }).id)
        end)
    end)

    it("holds runs against what was asked for itself, since servers differ in what they filter", function()
        with_answers(old_github(function()
            return {
                run(12, { created_at = "2026-01-01T11:59:59Z" }), run(11, { head_branch = "other" }),
                run(10, { event = "push" }), run(9), run(5),
            }
        end), function(repo)
            assert.equal(9, repo:dispatch("r.yml", { ref = "v1" }).id)
        end)
    end)

    it("gives no run to two calls, whichever of their answers were lost", function()
        local made, lost = {}, 0
        local github_with_losses = old_github(function() return made end)
        github_with_losses["POST /repos/o/n/actions/workflows/r.yml/dispatches"] = function()
            lost = lost + 1
            if lost % 3 == 1 then return { raw = { status = 502, body = "{}" } } end  -- not made
            table.insert(made, 1, run(100 + #made))
            if lost % 3 == 2 then return { raw = { status = 502, body = "{}" } } end  -- made, and the answer lost
            return { raw = { status = 204 } }
        end
        github_with_losses["GET /repos/o/n/actions/workflows/r.yml/runs"] = function(query)
            local newest = query:find("per_page=1&", 1, true) or query:find("per_page=1$")
            return { total_count = #made, workflow_runs = json.array(newest and { made[1] } or made) }
        end
        with_answers(github_with_losses, function(repo)
            local seen = {}
            local ids = task.map({ 1, 2, 3, 4, 5, 6 }, function() return repo:dispatch("r.yml", { ref = "v1" }).id end)
            for _, id in ipairs(ids) do
                assert.is_nil(seen[id])
                seen[id] = true
            end
            assert.equal(6, #made)
        end)
    end)

    it("keeps runs apart by an input of its own, where the workflow shows it in its name", function()
        local requests = with_answers(old_github(function(sent)
            return { run(9), run(8, { display_title = "Release " .. sent.inputs.call }), run(7) }
        end), function(repo)
            assert.equal(8, repo:dispatch("r.yml", { ref = "v1", inputs = { dry = true }, identify_by = "call" }).id)
        end)
        for _, request in ipairs(requests) do
            if request.name:find("dispatches") then
                assert.equal("true", request.json.inputs.dry)
                assert.matches("^call%-%x+$", request.json.inputs.call)
            end
        end
    end)
end)

describe("github.Repository:create_deployment", function()
    it("says when GitHub merged in place of deploying", function()
        with_answers({
            ["POST /repos/o/n/deployments"] = raw(202, { message = "Auto-merged main into topic on deployment." }),
        }, function(repo)
            local ok, err = pcall(repo.create_deployment, repo, { ref = "topic", auto_merge = true })
            assert.is_false(ok)
            assert.equal("github.conflict", err.kind)
            assert.equal("Auto-merged main into topic on deployment.", err.native)
        end)
    end)
end)

describe("a list of github.Repository", function()
    it("asks for nothing before its first item is wanted, and continues from there", function()
        local requests = with_answers({
            ["GET /repos/o/n/labels"] = json.array({
                { id = 1, name = "a", color = "ffffff" }, { id = 2, name = "b", color = "ffffff" },
                { id = 3, name = "c", color = "ffffff" },
            }),
        }, function(repo)
            repo:labels()
            local list = repo:labels()
            assert.equal("a", list().name)
            local rest = list:all()
            assert.same({ "b", "c" }, { rest[1].name, rest[2].name })
            assert.is_nil(list())
        end)
        assert.equal(1, #requests)
    end)
end)
