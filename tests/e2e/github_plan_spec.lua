-- What calls of github that change something show in the plan, and that a dry run does none of it.
local calls = require("support.github_calls")

local sha = ("ab"):rep(20)

-- Each change: the code that makes it, and its kind, target and summary in the plan. Where a call makes several, each.
local changes = {
    { [[repo:create_issue{ title = "T" }]], "issue.create o/n: open the issue \"T\"" },
    { [[repo:update_issue(4, { title = "T", labels = {} })]], "issue.update o/n#4: change its labels, title" },
    { [[repo:close_issue(4, { comment = "c", reason = "not_planned" })]], "comment.create o/n#4: comment on it",
        "issue.close o/n#4: close it as not planned" },
    { [[repo:reopen_issue(1)]], "issue.reopen o/n#1: open it again" },
    { [[repo:lock_issue(4)]], "issue.lock o/n#4: lock its conversation" },
    { [[repo:unlock_issue(4)]], "issue.unlock o/n#4: unlock its conversation" },
    { [[repo:ensure_issue{ marker = "m", title = "T" }]], "issue.create o/n: open the issue \"T\"" },
    { [[repo:ensure_issue{ marker = "there", title = "New", labels = { "l" } }]],
        "label.add o/n#2001: label it l", "issue.update o/n#2001: change its title" },
    { [[repo:create_comment(4, { body = "b" })]], "comment.create o/n#4: comment on it" },
    { [[repo:update_comment(COMMENT, "b")]], "comment.update o/n: change the comment COMMENT" },
    { [[repo:delete_comment(COMMENT)]], "comment.delete o/n: delete the comment COMMENT" },
    { [[repo:ensure_comment(4, { marker = "m", body = "b" })]], "comment.create o/n#4: comment on it" },
    { [[repo:ensure_labels{ { name = "old", color = "123456" }, { name = "new" } }]],
        "label.update o/n: change the label old", "label.create o/n: make the label new" },
    { [[repo:add_labels(4, { "a", "b" })]], "label.add o/n#4: label it a, b" },
    { [[repo:remove_label(4, "a")]], "label.remove o/n#4: take off the label a" },
    { [[repo:ensure_milestone{ title = "M" }]], "milestone.create o/n: make the milestone M" },
    { [[repo:ensure_milestone{ title = "Old", description = "d" }]], "milestone.update o/n: change the milestone Old" },
    { [[repo:rerun_failed_jobs(77)]], "run.rerun o/n: run the failed jobs of run 77 again" },
    { [[repo:dispatch("ci.yml", { ref = "main" })]], "workflow.dispatch o/n: start the workflow ci.yml on main" },
    { [[repo:delete_cache(11)]], "cache.delete o/n: delete the cache 11" },
    { ([[repo:create_check{ name = "c", head_sha = "%s" }]]):format(sha),
        "check.create o/n: make the check run c of ababababab" },
    { [[repo:update_check(5, { status = "in_progress" })]], "check.update o/n: change the check run 5" },
    { [[repo:create_deployment{ ref = "main" }]], "deployment.create o/n: deploy main to production" },
    { [[repo:create_deployment_status(6, { state = "success" })]],
        "deployment.status o/n: set deployment 6 to success" },
}

describe("a change by github.repository", function()
    it("is planned by its kind and not made under a dry run", function()
        calls.with(function(server)
            server.control({
                repository = "o/n", commits = { { sha = sha } }, labels = { { name = "old" } },
                milestones = { { title = "Old" } }, comments = { { issue = 4, body = "text" } },
                issues = { { number = 2001, body = "<!-- uhost:there -->" } },
                runs = { { id = 77, workflow = "ci.yml" } }, caches = { { id = 11, key = "k" } },
            })
            local comment = ("%d"):format(calls.results(server, "return repo:comments(4)().id"))
            server.control({ forget = true })
            for _, change in ipairs(changes) do
                local code = change[1]:gsub("COMMENT", comment)
                local file = server.state .. "/plan.json"
                local result = server.run("local repo = github.repository('o/n') " .. code,
                    { arguments = { "--dry-run", "--plan-json", file } })
                assert.equal(0, result.code, code .. "\n" .. result.stderr)
                local lines, expected = {}, {}
                for i, entry in ipairs(json.decode(fs.read(file)).mutations) do
                    lines[i] = ("%s %s: %s"):format(entry.kind, entry.target, entry.summary)
                end
                for i = 2, #change do expected[i - 1] = "github." .. change[i]:gsub("COMMENT", comment) end
                assert.same(expected, lines, code)
            end
            assert.same({}, (calls.changes(server)))
        end)
    end)

    it("gives a record that says it is planned", function()
        calls.with(function(server)
            local issue, comment, updated, labels, check = calls.results(server, ([[
                return repo:create_issue{ title = "T" }, repo:create_comment(4, { body = "b" }),
                    repo:update_issue(4, { title = "T" }), repo:add_labels(4, { "a" }),
                    repo:create_check{ name = "c", head_sha = "%s" }]]):format(sha), { arguments = { "--dry-run" } })
            for _, record in ipairs({ issue, comment, updated, labels, check }) do
                assert.same({ planned = true }, record)
            end
        end)
    end)
end)
