-- `github.call`: the table of GitHub's operations, and what is sent and checked by it.
local operations = require("uhost.github.operations")
local servers = require("support.servers")
local calls = require("support.github_calls")

local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") .. "/servers/github"
local source = os.getenv("UHOST_SOURCE")

local function refused(id, parameters, options)
    local ok, err = pcall(github.call, id, parameters, options)
    assert.is_false(ok)
    assert.equal("argument", err.kind, tostring(err))
    return err
end

-- A value that a parameter takes.
local function sample(parameter)
    if parameter.values then return parameter.values[1] end
    if parameter.type == "integer" or parameter.type == "number" then return 1 end
    if parameter.type == "boolean" then return true end
    if parameter.type == "array" then return json.array() end
    if parameter.type == "object" then return {} end
    return "2026-01-01T00:00:00Z"
end

describe("the table of GitHub's operations", function()
    it("is what operations.mjs makes of GitHub's description", function()
        if not source then return pending("UHOST_SOURCE names no checkout") end
        local made = process.run({
            "node", source .. "/api/github/operations.mjs",
            folder .. "/node_modules/@octokit/openapi/generated/api.github.com.json",
            check = true, max_output_bytes = 2 ^ 24,
        }).stdout
        assert.is_true(made == fs.read(uhost.share .. "/api/github/operations.tsv"), "make operations.tsv anew")
        assert.equal(1223, #operations.ids())
    end)

    -- What is within a body is GitHub's business: these operations demand something there.
    it("makes requests for all operations that the description allows", function()
        local lines, expected, answer = {}, {}, nil
        http.intercept(function(request)
            lines[#lines + 1] = json.encode({
                method = request.method, path = request.url:gsub("^https://[^/]+", ""), body = request.body,
                type = request.headers["content-type"],
            })
            return { status = 200, body = answer, headers = { ["content-type"] = "application/json" } }
        end, function()
            for _, id in ipairs(operations.ids()) do
                local operation, parameters = operations.find(id), {}
                for _, parameter in ipairs(operation.parameters) do
                    local is_needed = parameter.is_required or parameter.place == "query"
                    if is_needed and parameter.name ~= "page" then parameters[parameter.name] = sample(parameter) end
                end
                expected[#expected + 1] = id
                local options = operation.is_raw and { body = "text", content_type = "text/plain" } or nil
                if operation.is_upload then options.content_type = "application/octet-stream" end
                local before, field = #lines, operation.list or ""
                answer = field == "" and "[]" or ('{ "%s": [] }'):format(field)
                local result = github.call(id, parameters, options)
                if operation.list then result:all() end
                assert.equal(before + 1, #lines, id)
            end
        end)
        local child = process.run({
            "node", folder .. "/contract/check_all.mjs", stdin = table.concat(lines, "\n"), check = true,
            max_output_bytes = 2 ^ 24,
        })
        local broken, position = {}, 0
        for line in child.stdout:gmatch("[^\n]+") do
            position = position + 1
            local judged = json.decode(line)
            if judged.operation ~= expected[position] then
                broken[#broken + 1] = ("%s is %s"):format(expected[position], tostring(judged.operation))
            end
            for _, problem in ipairs(judged.problems) do
                local is_deep = problem:find("^body/") or problem:find("^body must ") or problem:find("needs a body")
                local is_of_sample = problem:find("must match") or problem:find("fewer than")
                if not is_deep and not is_of_sample then
                    broken[#broken + 1] = ("%s: %s"):format(expected[position], problem)
                end
            end
        end
        assert.equal(#expected, position)
        assert.same({}, broken)
    end)

    it("is searched by words, and says what an operation takes", function()
        local function help(words)
            local result = process.run({ os.getenv("UHOST"), "help", "github.call", "--search", words, check = true })
            return result.stdout
        end
        assert.matches("repos/create%-release\n    Create a release\n", help("create release"))
        assert.matches("tag_name  string\n  target_commitish%?  string", help("repos/create-release"))
        local nothing = process.run({ os.getenv("UHOST"), "help", "github.call", "--search", "no such thing" })
        assert.equal(2, nothing.code)
    end)
end)

describe("github.call", function()
    it("refuses what an operation does not take, before anything is asked", function()
        local repo = { repository = "o/n" }
        local err = refused("issues/creat", {})
        assert.matches("GitHub has no operation 'issues/creat'", err.message)
        assert.matches("did you mean 'issues/create'", err.hint)
        err = refused("issues/create", { titel = "T" }, repo)
        assert.equal("issues/create: 'titel' is not a parameter", err.message)
        assert.equal("did you mean 'title'?", err.hint)
        assert.matches("'title' is missing", refused("issues/create", { body = "x" }, repo).message)
        assert.matches("'state' is one of open, closed, all",
            refused("issues/list-for-repo", { state = "opened" }, repo).message)
        assert.matches("'issue_number' is an integer", refused("issues/get", { issue_number = "5" }, repo).message)
        assert.matches("'owner' is missing", refused("issues/get", { issue_number = 5 }).message)
        assert.matches("'ref' has a segment '%.%.'", refused("git/get-ref", { ref = "heads/../x" }, repo).message)
        assert.matches("'labels' is an array", refused("issues/add-labels", { issue_number = 1, labels = "x" }, repo)
            .message)
        assert.matches("'limit' to 'github.call': expected nothing: issues/get is not a list",
            refused("issues/get", { issue_number = 5 }, { repository = "o/n", limit = 3 }).message)
        assert.equal("did you mean 'repository'?", refused("issues/get", {}, { repositry = "o/n" }).hint)
    end)

    it("reads lists whole, sends changes once, and keeps to the plan", function()
        calls.with(function(server)
            local count, few, title, status = calls.results(server, [[
                local list = github.call("issues/list-for-repo", { state = "all" }, { repository = "o/n" })
                local issue = github.call("issues/create", { title = "Called" }, { repository = "o/n" })
                local _, response = github.call("issues/get", { issue_number = 999999 },
                    { repository = "o/n", statuses = { 404 } })
                return #list:all(), #github.call("issues/list-for-repo", {}, { repository = "o/n", limit = 3 }):all(),
                    issue.title, response.status]])
            assert.same({ 981, 3, "Called", 404 }, { count, few, title, status })
            assert.equal(1, #server.issues_titled("Called"))
            local planned = server.run([[
                print(github.call("issues/create", { title = "Planned" }, { repository = "o/n" }).planned)]],
                { arguments = { "--dry-run" } })
            assert.matches("true\n", planned.stdout)
            assert.matches("issues/create %(POST /repos/o/n/issues%)", planned.stdout .. planned.stderr)
            assert.equal(0, #server.issues_titled("Planned"))
        end)
    end)

    it("reads its table only when it is used", function()
        local loaded = servers.uhost([[
            local repo = github.repository("o/n")
            print(package.loaded["uhost.github.operations"])]])
        assert.equal("nil\n", loaded.stdout)
    end)
end)
