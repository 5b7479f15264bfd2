-- What ensure_issue and ensure_comment do when another run was quicker: the orders of events that two processes seldom
-- meet in.
local marker = "audit"
local body = "x\n\n<!-- uhost:audit -->"

local function user(login) return { login = login, id = 1, type = "User" } end

local function issue_body(number, fields)
    local issue = {
        number = number, id = number, title = "T", body = body, state = "open", user = user("ada"),
        author_association = "OWNER", labels = json.array(), assignees = json.array(),
        html_url = "https://github.com/o/n/issues/" .. number,
    }
    for name, value in pairs(fields or {}) do issue[name] = value end
    return issue
end

-- Runs `code` with a GitHub where `answers["METHOD path"]` is what each request gets, or gives it; gives the changes.
local function with_answers(answers, code)
    local changes = {}
    answers["POST /graphql"] = { data = { viewer = { login = "ada" }, repository = { id = "R" } } }
    http.intercept(function(request)
        local name = ("%s %s"):format(request.method, request.url:match("^https?://[^/]+([^?]*)"))
        if request.method ~= "GET" and name ~= "POST /graphql" then changes[#changes + 1] = name end
        local answer = answers[name]
        if type(answer) == "function" then answer = answer(request.body and json.decode(request.body)) end
        assert(answer, "nobody answers " .. name)
        return { status = request.method == "POST" and 201 or 200, body = json.encode(answer) }
    end, function() code(github.repository("o/n")) end)
    return changes
end

describe("github.Repository:ensure_issue", function()
    it("gives the other run's issue when that has closed its own already", function()
        local lists = 0
        local changes = with_answers({
            ["GET /repos/o/n/issues"] = function()
                lists = lists + 1
                return lists == 1 and json.array() or json.array({ issue_body(7) })
            end,
            ["POST /repos/o/n/issues"] = issue_body(8),
            ["PATCH /repos/o/n/issues/8"] = function(change)
                assert.equal("duplicate", change.state_reason)
                return issue_body(8, { state = "closed", state_reason = "duplicate" })
            end,
        }, function(repo)
            local issue, outcome = repo:ensure_issue({ marker = marker, title = "T", body = "x" })
            assert.same({ 7, "unchanged" }, { issue.number, outcome })
        end)
        assert.same({ "POST /repos/o/n/issues", "PATCH /repos/o/n/issues/8" }, changes)
        assert.equal(2, lists)
    end)
end)

describe("github.Repository:find_issue", function()
    local function found(...)
        local list, number = json.array({ ... }), nil
        local changes = with_answers({ ["GET /repos/o/n/issues"] = list }, function(repo)
            local issue = repo:find_issue({ marker = marker })
            number = issue and issue.number
        end)
        assert.same({}, changes)
        return number
    end

    it("gives the lowest open issue, or else the newest closed one, and changes nothing", function()
        local closed = { state = "closed", state_reason = "completed" }
        assert.equal(5, found(issue_body(9), issue_body(5), issue_body(3, closed)))
        assert.equal(4, found(issue_body(2, closed), issue_body(4, closed)))
        assert.equal(2, found(issue_body(2, closed), issue_body(4, { state = "closed", state_reason = "duplicate" })))
        assert.is_nil(found())
        assert.is_nil(found(issue_body(2, { body = "another" })))
        assert.is_nil(found(issue_body(2, { user = user("mallory"), author_association = "NONE" })))
    end)
end)

describe("github.Repository:ensure_comment", function()
    it("gives the other run's comment when that has deleted its own already", function()
        local function comment(id)
            return { id = id, body = body, user = user("ada"), author_association = "OWNER",
                html_url = "https://github.com/o/n/issues/1#issuecomment-" .. id }
        end
        local lists = 0
        local changes = with_answers({
            ["GET /repos/o/n/issues/1/comments"] = function()
                lists = lists + 1
                return lists == 1 and json.array() or json.array({ comment(7) })
            end,
            ["POST /repos/o/n/issues/1/comments"] = comment(8),
            ["DELETE /repos/o/n/issues/comments/8"] = { message = "Not Found" },
        }, function(repo)
            local found, outcome = repo:ensure_comment(1, { marker = marker, body = "x" })
            assert.same({ 7, "unchanged" }, { found.id, outcome })
        end)
        assert.same({ "POST /repos/o/n/issues/1/comments", "DELETE /repos/o/n/issues/comments/8" }, changes)
    end)
end)
