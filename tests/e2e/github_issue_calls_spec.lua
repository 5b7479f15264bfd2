-- Issues, comments, labels and milestones in the real binary, each request held against GitHub's own description.
local calls = require("support.github_calls")
local with_github, results, changes = calls.with, calls.results, calls.changes

describe("github.repository", function()
    it("is the one of GITHUB_REPOSITORY when none is named, and says what to set", function()
        with_github(function(server)
            local code = [[print(github.repository().name, github.repository():issue(4).number)]]
            local result = server.run(code, { env = { GITHUB_REPOSITORY = "o/n" } })
            assert.equal("o/n\t4\n", result.stdout, result.stderr)
            local refused = server.run(code, { env = { GITHUB_REPOSITORY = false } })
            assert.equal(2, refused.code)
            assert.matches("GITHUB_REPOSITORY is not set\n  hint: .*GITHUB_REPOSITORY=owner/name", refused.stderr)
        end)
    end)

    it("reports the states of many issues", function()
        with_github(function(server)
            local states = results(server, [[
                local states = repo:issue_states({ 4, 7, 50 })
                return { states[4].kind, states[7].kind, states[50].kind }]])
            assert.same({ "issue", "pull_request", "missing" }, states)
        end)
    end)

    it("that is not there has no issue, and its lists are an error", function()
        with_github(function(server)
            local issue, kind = results(server, [[
                local none = github.repository("no/such")
                local list = none:issues()
                local _, err = pcall(list)
                return none:issue(1), err.kind]])
            assert.is_nil(issue)
            assert.equal("github.not_found", kind)
        end)
    end)
end)

describe("an issue of github.repository", function()
    it("is a record with what GitHub says, and nil when it is not there or was deleted", function()
        with_github(function(server)
            server.control({ repository = "o/n", milestones = { { title = "1.4" } }, issues = { {
                number = 2001, title = "Crash", body = "text\n\n<!-- uhost:audit -->", user = "ada", labels = { "bug" },
                assignees = { "grace" }, milestone = 1, locked = true, lock_reason = "spam",
            } } })
            local issue, missing, deleted = results(server, "return repo:issue(2001), repo:issue(5000), repo:issue(50)")
            assert.is_nil(missing)
            assert.is_nil(deleted)
            assert.equal("Crash", issue.title)
            assert.equal("text", issue.body)
            assert.same({ "audit" }, issue.markers)
            assert.same({ "bug" }, issue.labels)
            assert.same({ "grace" }, issue.assignees)
            assert.equal("ada", issue.author)
            assert.equal("1.4", issue.milestone)
            assert.equal("spam", issue.lock_reason)
            assert.equal("open", issue.state)
            assert.is_nil(issue.reason)
            assert.is_false(issue.is_pull_request)
            assert.equal("https://github.com/o/n/issues/2001", issue.url)
        end)
    end)

    it("that was transferred is given from its new place", function()
        with_github(function(server)
            server.control({ repository = "o/n", issues = {
                { number = 2001, kind = "transferred", moved_to = "other/place#77" },
            } })
            local issue = results(server, "return repo:issue(2001)")
            assert.equal(77, issue.number)
            assert.equal("other/place", issue.repository)
        end)
    end)

    it("is listed by every filter, without pull requests unless they are asked for", function()
        with_github(function(server)
            server.control({ repository = "o/n", milestones = { { title = "Next" } }, issues = {
                { number = 2001, labels = { "a b", "c" }, user = "ada", updated_at = "2030-01-01T00:00:00Z" },
                { number = 2002, labels = { "c" }, assignees = { "grace" }, milestone = 1 },
                { number = 2003, labels = { "c" }, kind = "pull_request" },
            } })
            local function numbers(filters)
                return results(server, ([[
                    local numbers = json.array()
                    for issue in repo:issues(%s) do numbers[#numbers + 1] = issue.number end
                    return numbers]]):format(filters))
            end
            assert.same({ 2002, 2001 }, numbers([[{ labels = { "c" } }]]))
            assert.same({ 2003, 2002, 2001 }, numbers([[{ labels = { "c" }, pull_requests = true }]]))
            assert.same({ 2001 }, numbers([[{ labels = { "a b", "c" } }]]))
            assert.same({ 2002 }, numbers([[{ assignee = "grace" }]]))
            assert.same({ 2002 }, numbers([[{ milestone = "next", state = "all" }]]))
            assert.same({ 2002 }, numbers([[{ milestone = 1 }]]))
            assert.same({ 2001 }, numbers([[{ creator = "ada", sort = "created", direction = "asc" }]]))
            assert.same({ 2001 }, numbers([[{ since = time.parse("2029-01-01") }]]))
            assert.same({}, numbers([[{ labels = { "none" } }]]))
            local all = numbers([[{ state = "all" }]])
            assert.equal(882, #all)
        end)
    end)

    it("is created with all it was given, once also when the answer is lost", function()
        with_github(function(server)
            server.control({ repository = "o/n", milestones = { { title = "Next" } }, forget = true })
            local issue = results(server, [[return repo:create_issue{
                title = "New", body = "Body", labels = { "a", "b" }, assignees = { "ada" }, milestone = "Next",
                marker = "purpose",
            }]])
            assert.equal("Body", issue.body)
            assert.equal("purpose", issue.markers[1])
            assert.matches("^call%-%x+$", issue.markers[2])
            assert.same({ "a", "b" }, issue.labels)
            assert.equal("Next", issue.milestone)
            server.control({ lag = 2, faults = { { method = "POST", path = "/repos/o/n/issues", kind = "lost" } } })
            local lost = results(server, [[return repo:create_issue{ title = "Lost" }]])
            assert.equal("Lost", lost.title)
            assert.equal(1, #server.issues_titled("Lost"))
        end)
    end)

    it("changes by what is named, and keeps the markers of its body", function()
        with_github(function(server)
            server.control({ repository = "o/n", forget = true, issues = { {
                number = 2001, body = "old\n\n<!-- uhost:audit -->", milestone = 1, labels = { "a" },
            } }, milestones = { { title = "Next" } } })
            local issue = results(server, [[return repo:update_issue(2001, {
                body = "new", title = "T", labels = {}, milestone = false,
            })]])
            assert.equal("new", issue.body)
            assert.same({ "audit" }, issue.markers)
            assert.same({}, issue.labels)
            assert.is_nil(issue.milestone)
            local lines, bodies = changes(server)
            assert.same({ "PATCH /repos/o/n/issues/2001" }, lines)
            assert.equal("new\n\n<!-- uhost:audit -->", bodies[1].body)
        end)
    end)

    it("is closed for each reason, with a comment, as a duplicate by the id of the other, and opened again", function()
        with_github(function(server)
            local first, second, third, open = results(server, [[
                return repo:close_issue(4), repo:close_issue(8, { reason = "not_planned", comment = "No." }),
                    repo:close_issue(12, { duplicate_of = 4 }), repo:reopen_issue(12)]])
            assert.equal("completed", first.reason)
            assert.equal("not_planned", second.reason)
            assert.equal("duplicate", third.reason)
            assert.equal("open", open.state)
            local lines, bodies = changes(server)
            assert.same({
                "PATCH /repos/o/n/issues/4", "POST /repos/o/n/issues/8/comments", "PATCH /repos/o/n/issues/8",
                "PATCH /repos/o/n/issues/12", "PATCH /repos/o/n/issues/12",
            }, lines)
            assert.same({ state = "closed", state_reason = "duplicate", duplicate_issue_id = first.id }, bodies[4])
        end)
    end)

    it("is locked for a reason and unlocked", function()
        with_github(function(server)
            local locked, unlocked = results(server, [[
                repo:lock_issue(4, { reason = "too heated" })
                local locked = repo:issue(4)
                repo:unlock_issue(4)
                return locked, repo:issue(4)]])
            assert.is_true(locked.locked)
            assert.equal("too heated", locked.lock_reason)
            assert.is_false(unlocked.locked)
        end)
    end)

    it("may have a body of 65,536 characters; a longer one is an error, or cut with a note", function()
        with_github(function(server)
            local refused = server.run([[github.repository("o/n"):create_issue{
                title = "T", body = ("ä"):rep(65536) }]])
            assert.equal(2, refused.code)
            assert.matches("has 65536 characters", refused.stderr)
            assert.matches("cut = true", refused.stderr)
            local issue = results(server, [[
                local issue = repo:create_issue{ title = "T", body = "```\n" .. ("ä"):rep(70000), cut = true }
                return repo:issue(issue.number)]])
            local raw = server.issues_titled("T")[1].body
            local _, characters = raw:gsub("[^\128-\191]", "")
            assert.is_true(characters <= 65536 and characters > 65300, characters)
            assert.matches("ä\n```\n\n_%(%d+ more characters are left out.%)_$", issue.body)
            assert.equal(1, #issue.markers)
        end)
    end)

    it("takes no marker that the caller did not name", function()
        with_github(function(server)
            server.control({ forget = true })
            for _, code in ipairs({
                [[repo:create_issue{ title = "T", body = "x <!-- uhost:audit -->" }]],
                [[repo:create_comment(4, { body = "<!--   uhost:audit -->" })]],
                [[repo:update_issue(4, { body = "<!-- uhost:audit --> y" })]],
                [[repo:ensure_issue{ marker = "m", title = "T", body = "<!-- uhost:n -->" }]],
            }) do
                local result = server.run([[local repo = github.repository("o/n") ]] .. code)
                assert.equal(2, result.code, code .. result.stderr)
                assert.matches("holds a marker of uhost", result.stderr)
            end
            assert.same({}, (changes(server)))
        end)
    end)
end)

describe("comments of github.repository", function()
    it("are listed, created once, changed with their markers kept, and deleted", function()
        with_github(function(server)
            server.control({ repository = "o/n", forget = true, comments = {
                { issue = 4, body = "first", user = "ada", created_at = "2026-01-01T00:00:00Z" },
            } })
            server.control({ faults = { { method = "POST", path = "/repos/o/n/issues/4/comments", kind = "lost" } } })
            local all, recent, created, changed, gone, again = results(server, [[
                local created = repo:create_comment(4, { body = "second", marker = "m" })
                local all = repo:comments(4):all()
                local recent = repo:comments(4, { since = "2026-06-01" }):all()
                local changed = repo:update_comment(created.id, "third")
                local gone = repo:delete_comment(created.id)
                return all, recent, created, changed, gone, repo:delete_comment(created.id)]])
            assert.equal(2, #all)
            assert.equal("ada", all[1].author)
            assert.equal(1, #recent)
            assert.equal("second", created.body)
            assert.equal("m", created.markers[1])
            assert.equal(4, created.issue)
            assert.equal("third", changed.body)
            assert.same(created.markers, changed.markers)
            assert.is_true(gone)
            assert.is_false(again)
        end)
    end)
end)

describe("labels of github.repository", function()
    it("are made and corrected, also when another run makes one at the same time", function()
        with_github(function(server)
            server.control({ repository = "o/n", labels = { { name = "Bug", color = "ff0000" }, { name = "ok" } } })
            server.control({ forget = true })
            local outcome, again = results(server, [[
                local wanted = {
                    { name = "bug", color = "00FF00" }, { name = "a/b c", description = "d" }, { name = "ok" },
                }
                return repo:ensure_labels(wanted), repo:ensure_labels(wanted)]])
            assert.same({ created = { "a/b c" }, updated = { "bug" }, unchanged = { "ok" } }, outcome)
            assert.same({ created = {}, updated = {}, unchanged = { "bug", "a/b c", "ok" } }, again)
            assert.same({ "PATCH /repos/o/n/labels/Bug", "POST /repos/o/n/labels" }, (changes(server)))
            -- The list is from before the other run made it.
            server.control({ faults = { {
                method = "GET", path = "/repos/o/n/labels", kind = "status", status = 200, body = json.array(),
            } } })
            local raced = results(server, [[return repo:ensure_labels{ { name = "ok", color = "123456" } }]])
            assert.same({ created = {}, updated = { "ok" }, unchanged = {} }, raced)
            local labels = results(server, "return repo:labels():all()")
            local colors = {}
            for _, label in ipairs(labels) do colors[label.name] = label.color end
            assert.same({ bug = "00ff00", ok = "123456", ["a/b c"] = "ededed" }, colors)
        end)
    end)

    it("are added to an issue and taken off, whatever characters they have", function()
        with_github(function(server)
            local added, off, absent, whole = results(server, [[
                local added = repo:add_labels(4, { "needs: ä/ö?", "100%" })
                return added, repo:remove_label(4, "needs: ä/ö?"), repo:remove_label(4, "none"), repo:issue(4).labels]])
            assert.same({ "needs: ä/ö?", "100%" }, added)
            assert.is_true(off)
            assert.is_false(absent)
            assert.same({ "100%" }, whole)
            local result = server.run([[github.repository("o/n"):remove_label(4, "..")]])
            assert.equal(2, result.code)
            assert.matches("names nothing", result.stderr)
        end)
    end)
end)

describe("milestones of github.repository", function()
    it("are listed, and ensured by title", function()
        with_github(function(server)
            server.control({ repository = "o/n", milestones = { { title = "Old", state = "closed" } } })
            local open, all, first, first_outcome, second_outcome, third_outcome, missing = results(server, [[
                local first, first_outcome = repo:ensure_milestone{ title = "1.4", due_on = "2026-09-01" }
                local _, second = repo:ensure_milestone{ title = "1.4", due_on = "2026-09-01T07:00:00Z" }
                local _, third = repo:ensure_milestone{ title = "Old", state = "open", description = "d" }
                local _, err = pcall(repo.issues, repo, { milestone = "none such" })
                return repo:milestones():all(), repo:milestones{ state = "all" }:all(), first, first_outcome, second,
                    third, err.kind]])
            assert.equal("1.4", first.title)
            assert.same({ "created", "unchanged", "updated" }, { first_outcome, second_outcome, third_outcome })
            assert.equal(2, #open)
            assert.equal(2, #all)
            assert.equal("github.not_found", missing)
        end)
    end)

    it("are found when another run makes one at the same time", function()
        with_github(function(server)
            server.control({ repository = "o/n", milestones = { { title = "1.4" } }, faults = { {
                method = "GET", path = "/repos/o/n/milestones", kind = "status", status = 200, body = json.array(),
            } } })
            local milestone, outcome = results(server, [[return repo:ensure_milestone{ title = "1.4" }]])
            assert.equal(1, milestone.number)
            assert.equal("unchanged", outcome)
        end)
    end)
end)
