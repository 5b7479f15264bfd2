-- What --close finds when the world changes between the audit and the closing of an issue.
local scratch = require("support.git_scratch")
local main = require("lib.monthly_audit.main")

local function user() return { login = "ada", id = 1, type = "User" } end

-- A GitHub with the issues 1 and 2, both open. `github.on_state(number)` is called when --close asks for an issue's
-- state right before closing it; `github.tip` and `github.files` are its default branch.
local function new_github()
    local github = { states = { [1] = {}, [2] = {} }, files = {}, tip = ("f"):rep(40), comments = {}, patched = {} }
    function github.on_state() end
    local audited = false

    local function node(number)
        local known = { __typename = "Issue", number = number, state = "OPEN", stateReason = json.null, title = "T",
            url = "https://github.com/o/n/issues/" .. number, closedAt = json.null,
            repository = { nameWithOwner = "o/n" } }
        for name, value in pairs(github.states[number]) do known[name] = value end
        return known
    end

    local function graphql(asked)
        local numbers, repository = {}, { nameWithOwner = "o/n" }
        for number in asked.query:gmatch("issueOrPullRequest%(number: (%d+)%)") do
            numbers[#numbers + 1] = tonumber(number)
        end
        if audited then github.on_state(numbers[1]) end
        audited = true
        for alias, number in asked.query:gmatch("([%w_]+): %w+%(number: (%d+)%)") do
            repository[alias] = node(tonumber(number))
        end
        return { data = { repository = repository } }
    end

    local function comment(body)
        return { id = 1, body = body, user = user(), author_association = "OWNER", html_url = "https://github.com/x" }
    end

    local answers = {
        { "^POST /graphql$", function(_, asked) return graphql(asked) end },
        { "^GET /user$", user },
        { "^GET /repos/o/n/commits/HEAD$", function() return { sha = github.tip, files = json.array() } end },
        { "^GET /repos/o/n/contents/(.+)$", function(path)
            if not github.files[path] then return nil end
            return { type = "file", encoding = "base64", content = "", name = path, path = path, size = 0 }
        end },
        { "^GET /repos/o/n/issues/(%d+)/comments$", function(number)
            local written = github.comments[tonumber(number)]
            return json.array({ written and comment(written) })
        end },
        { "^POST /repos/o/n/issues/(%d+)/comments$", function(number, asked)
            github.comments[tonumber(number)] = asked.body
            return comment(asked.body)
        end },
        { "^GET /repos/o/n/issues/(%d+)$", function(number)
            return { number = tonumber(number), state = "open", title = "T", user = user(), labels = json.array() }
        end },
        { "^PATCH /repos/o/n/issues/(%d+)$", function(number, asked)
            github.patched[tonumber(number)] = asked
            return { number = tonumber(number), state = asked.state, user = user(), labels = json.array() }
        end },
    }

    function github.handler(request)
        local name = request.method .. " " .. request.url:match("^https?://[^/]+([^?]*)")
        for _, answer in ipairs(answers) do
            local captured = name:match(answer[1])
            if captured then
                local body = answer[2](captured, request.body and json.decode(request.body))
                if not body then return { status = 404, body = '{"message": "Not Found"}' } end
                return { status = request.method == "POST" and name ~= "POST /graphql" and 201 or 200,
                    body = json.encode(body) }
            end
        end
        error("nobody answers " .. name, 0)
    end
    return github
end

local function write(repo, files)
    for name, content in pairs(files) do fs.write(repo.path .. "/" .. name, content) end
    repo:git("add", "-A")
    repo:git("commit", "-qm", "Add")
end

-- A repository whose tests of the issues 1 and 2 were deleted.
local function new_repository()
    local repo = scratch.new()
    fs.mkdir(repo.path .. "/tests/crashes")
    write(repo, { ["tests/crashes/1.rs"] = "one\n", ["tests/crashes/2.rs"] = "two\n", ["tests/crashes/3.rs"] = "3\n" })
    repo:git("rm", "-q", "tests/crashes/1.rs", "tests/crashes/2.rs")
    repo:git("commit", "-qm", "Fix both (#77)")
    return repo
end

-- Runs the audit with --close; gives the report's `closing`, and why issues were left by number.
local function close(repo, github)
    local output = repo.path .. "/.git/report.json"
    http.intercept(github.handler, main.run,
        { "--repo", repo.path, "--github", "o/n", "--close", "--output", output })
    local closing, why = json.decode(fs.read(output)).closing, {}
    for _, left in ipairs(closing.left) do why[left.issue] = left.why end
    return closing.closed, why
end

describe("--close, right before an issue is closed", function()
    after_each(scratch.clean_up)

    it("closes it as completed when nothing has changed", function()
        local github = new_github()
        assert.same({ 1, 2 }, (close(new_repository(), github)))
        assert.same({ state = "closed", state_reason = "completed" }, github.patched[1])
        assert.matches("tests/crashes/1%.rs", github.comments[1])
        assert.is_nil(github.comments[1]:find("tests/crashes/2.rs", 1, true))
        assert.matches("%[\\#77%]%(https://github.com/o/n/pull/77%)", github.comments[1])
    end)

    it("leaves it when its test came back, also under another name", function()
        local github, repo = new_github(), new_repository()
        function github.on_state(number)
            if number == 1 then write(repo, { ["tests/crashes/1-again.rs"] = "one again\n" }) end
        end
        local closed, why = close(repo, github)
        assert.same({ 2 }, closed)
        assert.equal("tests/crashes/1-again.rs is there meanwhile", why[1])
        assert.is_nil(github.patched[1])
        assert.is_nil(github.comments[1])
    end)

    it("leaves it when somebody closed, reopened or transferred it", function()
        local changes = {
            [{ state = "CLOSED" }] = "it was closed meanwhile",
            [{ stateReason = "REOPENED" }] = "it was reopened meanwhile",
            [{ repository = { nameWithOwner = "x/y" } }] = "it is no longer an issue of this repository",
            [{ __typename = "PullRequest" }] = "it is no longer an issue of this repository",
        }
        for change, expected in pairs(changes) do
            local github = new_github()
            function github.on_state(number)
                if number == 1 then github.states[1] = change end
            end
            local closed, why = close(new_repository(), github)
            assert.same({ 2 }, closed)
            assert.equal(expected, why[1])
            assert.is_nil(github.comments[1])
        end
    end)

    it("leaves it when GitHub's default branch still has the test", function()
        local github = new_github()
        github.files["tests/crashes/1.rs"] = true
        local closed, why = close(new_repository(), github)
        assert.same({ 2 }, closed)
        assert.equal("GitHub's default branch has tests/crashes/1.rs", why[1])
    end)

    it("does not ask for files when the default branch is what was audited", function()
        local github, repo = new_github(), new_repository()
        github.tip = repo:git("rev-parse", "HEAD")
        github.files["tests/crashes/1.rs"] = true
        assert.same({ 1, 2 }, (close(repo, github)))
    end)

    it("does not take a mistake for a refusal of one issue", function()
        local github = new_github()
        function github.on_state() error("a mistake", 0) end
        local ok, err = pcall(close, new_repository(), github)
        assert.is_false(ok)
        assert.matches("a mistake", tostring(err))
        assert.same({}, github.patched)
    end)
end)
