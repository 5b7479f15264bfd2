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
    { [[repo:create_release{ tag = "v1" }]], "release.create o/n: make the release v1" },
    { [[repo:update_release(5, { name = "N" })]], "release.update o/n: change the release 5" },
    { [[repo:delete_release(5)]], "release.delete o/n: delete the release 5" },
    { [[repo:upload_asset(5, FILE)]], "asset.upload o/n: add the file plan.json to release 5" },
    { [[repo:delete_asset(5)]], "asset.delete o/n: delete the file 5 of a release" },
    { [[repo:create_deployment_status(6, { state = "success" })]],
        "deployment.status o/n: set deployment 6 to success" },
    { ([[repo:create_status("%s", { state = "success" })]]):format(sha),
        "status.create o/n: set the status of " .. sha .. " to success" },
    { [[repo:update_label("old", { color = "123456" })]], "label.update o/n: change the label old" },
    { [[repo:delete_label("old")]], "label.delete o/n: delete the label old" },
    { [[repo:create_pull{ title = "T", head = "h", base = "main" }]],
        "pull.create o/n: open the pull request \"T\" from h" },
    { [[repo:update_pull(2002, { body = "b" })]], "pull.update o/n#2002: change the pull request" },
    { [[repo:merge_pull(2002)]], "pull.merge o/n#2002: merge it" },
    { [[repo:create_review(2002, { event = "approve" })]], "pull.review o/n#2002: review it: approve" },
    { [[repo:request_reviewers(2002, { reviewers = { "ada" } })]],
        "pull.request_reviewers o/n#2002: ask for reviews of it" },
    { [[repo:create_blob("x")]], "git.blob o/n: write a blob" },
    { [[repo:create_tree({ { path = "a", content = "x" } })]], "git.tree o/n: write a tree" },
    { [[repo:create_commit{ message = "m", tree = "t" }]], "git.commit o/n: write a commit" },
    { [[repo:create_ref("heads/x", "abc")]], "ref.create o/n: make the ref heads/x at abc" },
    { [[repo:update_ref("heads/x", "abc")]], "ref.update o/n: move the ref heads/x to abc" },
    { [[repo:delete_ref("heads/x")]], "ref.delete o/n: delete the ref heads/x" },
    { [[repo:create_tag("v1", "abc", { message = "m" })]], "git.tag o/n: write the tag v1",
        "ref.create o/n: make the ref tags/v1 at abc" },
    { [[repo:write_contents("a", "x", { message = "m" })]], "contents.write o/n: write a: m" },
    { [[repo:delete_contents("a", { message = "m", sha = "abc" })]], "contents.delete o/n: delete a: m" },
    { [[repo:rerun(77)]], "run.rerun o/n: run all jobs of run 77 again" },
    { [[repo:rerun_job(78)]], "run.rerun o/n: run the job 78 again" },
    { [[repo:cancel_run(77)]], "run.cancel o/n: cancel the run 77" },
    { [[repo:delete_run(77)]], "run.delete o/n: delete the run 77" },
    { [[repo:approve_run(77)]], "run.approve o/n: let the run 77 of a fork begin" },
    { [[repo:review_deployments(77, { environments = { "production" }, state = "approved" })]],
        "run.review o/n: have its deployments of run 77 approved" },
    { [[repo:enable_workflow("ci.yml")]], "workflow.enable o/n: enable the workflow ci.yml" },
    { [[repo:disable_workflow("ci.yml")]], "workflow.disable o/n: disable the workflow ci.yml" },
    { [[repo:add_reaction(4, "heart")]], "reaction.add o/n#4: react with heart" },
    { [[repo:delete_reaction(4, 5)]], "reaction.delete o/n#4: take the reaction 5 back" },
    { [[repo:add_comment_reaction(COMMENT, "heart")]], "reaction.add o/n: react with heart" },
    { [[repo:delete_comment_reaction(COMMENT, 5)]], "reaction.delete o/n: take the reaction 5 back" },
    { [[repo:mark_notification_read(5)]], "notification.read o/n: mark the notification 5 as read" },
    { [[repo:set_variable("A", "1")]], "variable.set o/n: set the variable A" },
    { [[repo:delete_variable("A")]], "variable.delete o/n: delete the variable A" },
    { [[repo:ping_hook(5)]], "hook.ping o/n: ping the hook 5" },
    { [[repo:delete_hook(5)]], "hook.delete o/n: delete the hook 5" },
    { [[repo:upload_sarif("{}", { commit = "abc", ref = "refs/heads/main" })]],
        "scanning.upload o/n: send findings for refs/heads/main" },
    { [[repo:update_code_scanning_alert(1, { state = "open" })]], "scanning.update o/n#1: make it open" },
    { [[repo:add_project_item(3, 4)]], "project.add o/n#4: put it into project 3" },
    { [[repo:update_project_item(3, 5, {})]], "project.update o/n: change the item 5 of project 3" },
    { [[github.call("issues/create", { title = "T" }, { repository = "o/n" })]],
        "call o/n: issues/create (POST /repos/o/n/issues)" },
}

describe("a change by github.repository", function()
    it("is planned by its kind and not made under a dry run", function()
        calls.with(function(server)
            server.control({
                repository = "o/n", commits = { { sha = sha } }, labels = { { name = "old" } },
                milestones = { { title = "Old" } }, comments = { { issue = 4, body = "text" } },
                issues = {
                    { number = 2001, body = "<!-- uhost:there -->" }, { number = 2002, kind = "pull_request" },
                },
                runs = { { id = 77, workflow = "ci.yml", jobs = { { id = 78 } }, pending = { "production" } } },
                caches = { { id = 11, key = "k" } },
            })
            local comment = ("%d"):format(calls.results(server, "return repo:comments(4)().id"))
            server.control({ forget = true })
            for _, change in ipairs(changes) do
                local file = server.state .. "/plan.json"
                local code = change[1]:gsub("COMMENT", comment):gsub("FILE", ("%q"):format(file))
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
