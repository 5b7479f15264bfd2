-- Calls of github.repository that read and change what a repository has and how it is set up: releases, git data,
-- files, pull requests, runs, statuses, settings, people, code scanning, projects, and what happens around issues.
local calls = require("support.github_calls")
local with_github, results = calls.with, calls.results

local sha = ("ab"):rep(20)

describe("releases of github.repository", function()
    it("are made, changed and deleted, with their files", function()
        with_github(function(server)
            local file = server.state .. "/tool.tar.gz"
            fs.write(file, "bytes of the tool")
            local made, changed, asset, again, fetched, notes, gone = results(server, ([[
                local file = %q
                local made = repo:create_release{ tag = "v1", name = "One", body = "Notes", is_draft = true }
                local asset = repo:upload_asset(made.id, file, { label = "The tool" })
                local changed = repo:update_release(made.id, { is_draft = false, body = "More" })
                local ok, err = pcall(repo.upload_asset, repo, made.id, file)
                local fetched = repo:download_asset(asset.id, file .. ".copy")
                local deleted = { repo:delete_asset(asset.id), repo:delete_asset(asset.id),
                    repo:delete_release(made.id), repo:delete_release(made.id) }
                return made, changed, asset, err.details.code, fetched, repo:release_notes{ tag = "v2" }, deleted
            ]]):format(file))
            assert.same({ "v1", "One", "Notes", true }, { made.tag, made.name, made.body, made.is_draft })
            assert.same({ "More", false, "tool.tar.gz" }, { changed.body, changed.is_draft, changed.assets[1].name })
            assert.same({ "tool.tar.gz", "The tool", 17, "application/gzip" },
                { asset.name, asset.label, asset.size_bytes, asset.content_type })
            assert.equal("already_exists", again)
            assert.equal(17, fetched.size_bytes)
            assert.equal("bytes of the tool", fs.read(file .. ".copy"))
            assert.same({ name = "v2", body = "Changes of v2" }, notes)
            assert.same({ true, false, true, false }, gone)
        end)
    end)
end)

describe("git data of github.repository", function()
    it("is written and read: blobs, trees, commits, refs and tags", function()
        with_github(function(server)
            local blob, tree, refs, moved, tag, gone = results(server, [[
                local blob = repo:create_blob("line\0\n")
                local tree = repo:create_tree({
                    { path = "a", id = blob }, { path = "run", mode = "100755", id = blob },
                })
                local smaller = repo:create_tree({ { path = "a", id = false } }, { base = tree })
                local head = repo:branch("main").commit
                local commit = repo:create_commit{ message = "M", tree = tree, parents = { head },
                    author = { name = "A", email = "a@b", time = 0 } }
                local ref = repo:create_ref("heads/topic/one", head)
                local moved = repo:update_ref("heads/topic/one", commit, { force = true })
                local tag = repo:create_tag("v1", commit, { message = "One" })
                repo:create_tag("light", commit)
                local names = {}
                for each in repo:refs("tags/") do names[#names + 1] = each.name end
                local gone = { repo:delete_ref("heads/topic/one"), repo:delete_ref("heads/topic/one"),
                    repo:ref("heads/topic/one") == nil, repo:ref("tags/v1").type }
                return repo:blob(blob), { #repo:tree(tree).entries, repo:tree(smaller).entries[1].path,
                    repo:tree(tree).entries[2].mode }, names, moved.id == commit and ref.id == head, tag.type, gone
            ]])
            assert.equal("line\0\n", blob)
            assert.same({ 2, "run", "100755" }, tree)
            assert.same({ "refs/tags/v1", "refs/tags/light" }, refs)
            assert.is_true(moved)
            assert.equal("tag", tag)
            assert.same({ true, false, true, "tag" }, gone)
        end)
    end)

    it("is written a file at a time, only over what one has seen", function()
        with_github(function(server)
            server.control({ repository = "o/n", files = { VERSION = "1\n" } })
            local kind, changed, text, deleted = results(server, [[
                local ok, err = pcall(repo.write_contents, repo, "VERSION", "2\n", { message = "Two", sha = "0" })
                local old = repo:contents("")[1]
                local changed = repo:write_contents("VERSION", "2\n", { message = "Two", sha = old.id })
                local text = repo:contents("VERSION")
                local deleted = repo:delete_contents("VERSION", { message = "None", sha = changed.id })
                return err.details.status, changed, text, { deleted.commit ~= nil, repo:contents("VERSION") == nil }]])
            assert.equal(409, kind)
            assert.equal("VERSION", changed.path)
            assert.equal("2\n", text)
            assert.same({ true, true }, deleted)
        end)
    end)
end)

describe("pull requests of github.repository", function()
    it("are opened, changed, reviewed and merged", function()
        with_github(function(server)
            local made, changed, review, asked, merged, refused = results(server, [[
                local made = repo:create_pull{ title = "T", head = "topic", base = "main", body = "B", is_draft = true }
                local changed = repo:update_pull(made.number, { title = "U", body = "C" })
                local review = repo:create_review(made.number, { event = "approve", body = "Fine" })
                local asked = repo:request_reviewers(made.number, { reviewers = { "ada" } })
                local merged = repo:merge_pull(made.number, { method = "squash", title = "U" })
                local ok, err = pcall(repo.merge_pull, repo, made.number)
                return made, changed, review, asked.reviewers, merged, err.details.status]])
            assert.same({ "T", "B", true, "topic" }, { made.title, made.body, made.is_draft, made.head.ref })
            assert.same({ "U", "C", made.markers }, { changed.title, changed.body, changed.markers })
            assert.same({ "approved", "Fine", "tester" }, { review.state, review.body, review.author })
            assert.same({ "ada" }, asked)
            assert.is_true(merged.is_merged)
            assert.equal(405, refused)
        end)
    end)
end)

describe("runs of github.repository", function()
    it("are run again, cancelled, approved and deleted; workflows are turned off and on", function()
        with_github(function(server)
            server.control({ repository = "o/n", workflows = { { id = 3, path = ".github/workflows/ci.yml" } }, runs = {
                { id = 7, workflow = 3, conclusion = "failure", pending = { "production", "staging" },
                    jobs = { { id = 8, conclusion = "failure" }, { id = 9, name = "lint" } } },
                { id = 10, workflow = 3, status = "in_progress", conclusion = json.null },
            } })
            local attempts, stopped, gates, states, total, few = results(server, [[
                local list, states = {}, {}
                repo:rerun_job(8)
                list[1] = repo:run(7).attempt
                repo:cancel_run(7)
                repo:rerun(7)
                list[2] = repo:run(7).attempt
                local stopped = { repo:cancel_run(10), repo:cancel_run(10), repo:approve_run(10) }
                local first = repo:pending_deployments(7)()
                repo:review_deployments(7, { environments = { "production" }, state = "approved", comment = "ok" })
                local gates = { first.environment, #repo:pending_deployments(7):all(),
                    repo:run_approvals(7)().environments[1], repo:run_approvals(7)().reviewer }
                repo:disable_workflow("ci.yml")
                states[1] = repo:workflows()().state
                repo:enable_workflow(3)
                states[2] = repo:workflows()().state
                local runs = repo:runs()
                local few = #repo:runs{ limit = 1 }:all()
                runs()
                return list, stopped, gates, states, runs.total, { few, repo:delete_run(10), repo:delete_run(10) }]])
            assert.same({ 2, 3 }, attempts)
            assert.same({ true, false, true }, stopped)
            assert.same({ "production", 1, "production", "tester" }, gates)
            assert.same({ "disabled_manually", "active" }, states)
            assert.equal(2, total)
            assert.same({ 1, true, false }, few)
        end)
    end)
end)

describe("statuses of github.repository", function()
    it("are set, listed and summed up", function()
        with_github(function(server)
            server.control({ repository = "o/n", commits = { { sha = sha } } })
            local set, listed, combined = results(server, ([[
                repo:create_status(%q, { state = "pending", context = "ci" })
                local set = repo:create_status(%q, { state = "failure", context = "ci", description = "No",
                    url = "https://example.org/1" })
                repo:create_status(%q, { state = "success" })
                return set, #repo:statuses(%q):all(), repo:combined_status(%q)]]):format(sha, sha, sha, sha, sha))
            assert.same({ "failure", "ci", "No", "https://example.org/1" },
                { set.state, set.context, set.description, set.url })
            assert.equal(3, listed)
            assert.same({ "failure", 2 }, { combined.state, combined.total })
        end)
    end)
end)

describe("what happens around issues", function()
    it("is their timeline, reactions and notifications", function()
        with_github(function(server)
            server.control({ repository = "o/n", comments = { { issue = 4, body = "text" } }, settings = {
                notifications = { { id = 15, title = "Crash" } },
            } })
            local same, listed, gone, comment, notifications = results(server, [[
                local first, second = repo:add_reaction(4, "heart"), repo:add_reaction(4, "heart")
                repo:add_reaction(4, "+1")
                local listed = { #repo:reactions(4):all(), #repo:reactions(4, { content = "heart" }):all() }
                local gone = { repo:delete_reaction(4, first.id), repo:delete_reaction(4, first.id) }
                local comment = repo:comments(4)()
                local made = repo:add_comment_reaction(comment.id, "eyes")
                local kept = repo:comment_reactions(comment.id)().content
                repo:delete_comment_reaction(comment.id, made.id)
                local one = repo:notifications()()
                repo:mark_notification_read(one.id)
                return first.id == second.id, listed, gone, { kept, #repo:comment_reactions(comment.id):all() },
                    { one.title, one.is_unread, #repo:notifications():all(), #repo:timeline(4):all() }]])
            assert.is_true(same)
            assert.same({ 2, 1 }, listed)
            assert.same({ true, false }, gone)
            assert.same({ "eyes", 0 }, comment)
            assert.same({ "Crash", true, 0, 0 }, notifications)
        end)
    end)

    it("names the issues and pull requests that mention one", function()
        http.intercept(function()
            return { status = 200, body = json.encode({
                { event = "cross-referenced", actor = { login = "ada" }, source = { type = "issue", issue = {
                    number = 9, title = "Fix", state = "open", html_url = "u", pull_request = {},
                    repository = { full_name = "p/q" },
                } } }, { event = "labeled", label = { name = "bug" } },
            }) }
        end, function()
            local events = github.repository("o/n"):timeline(4):all()
            assert.same({ 9, "p/q", true }, { events[1].source, events[1].source_repository,
                events[1].is_from_pull_request })
            assert.same({ "bug", false }, { events[2].label, events[2].is_from_pull_request })
        end)
    end)
end)

describe("the settings of github.repository", function()
    it("are read: itself, branches and what they require, environments, secrets, hooks, runners", function()
        with_github(function(server)
            server.control({ repository = "o/n", settings = {
                protected = { main = { "build", "lint" } }, environments = { "production" }, secrets = { "KEY" },
                rules = { { branch = "main", type = "required_status_checks", parameters = {
                    strict_required_status_checks_policy = true,
                    required_status_checks = { { context = "lint" }, { context = "test", integration_id = 5 } },
                } } },
                hooks = { { id = 13, url = "https://example.org/", events = { "push" } } },
                runners = { { id = 14, name = "box", os = "linux", status = "online", busy = false,
                    labels = json.array() } },
            } })
            local details, checks, lists, hook, gone = results(server, [[
                local hook = repo:hooks()()
                repo:ping_hook(hook.id)
                return repo:details(), { repo:required_checks("main"), repo:required_checks("none") == nil,
                    repo:branch("main").is_protected, #repo:branches{ is_protected = false }:all(),
                    repo:branch_rules("main")().type }, { repo:environments()().name, repo:secrets()().name,
                    repo:secrets{ environment = "production" }().name, repo:runners()().name }, hook,
                    { repo:delete_hook(hook.id), repo:delete_hook(hook.id) }]])
            assert.same({ "o/n", "main" }, { details.name, details.default_branch })
            assert.same({
                { name = "build", source = "protection" }, { name = "lint", source = "protection" },
                { name = "test", app_id = 5, source = "ruleset" },
            }, checks[1])
            assert.same({ true, true, 0, "required_status_checks" }, { unpack(checks, 2) })
            assert.same({ "production", "KEY", "KEY", "box" }, lists)
            assert.same({ { "push" }, "https://example.org/" }, { hook.events, hook.url })
            assert.same({ true, false }, gone)
        end)
    end)

    it("hold variables, of the repository and of environments", function()
        with_github(function(server)
            local values, gone = results(server, [[
                repo:set_variable("A", "1")
                repo:set_variable("A", "2")
                repo:set_variable("A", "", { environment = "production" })
                return { repo:variables()().value, repo:variables{ environment = "production" }().value },
                    { repo:delete_variable("A"), repo:delete_variable("A"),
                        repo:delete_variable("A", { environment = "production" }) }]])
            assert.same({ "2", "" }, values)
            assert.same({ true, false, true }, gone)
        end)
    end)
end)

describe("people of github.repository", function()
    it("are teams and their members", function()
        with_github(function(server)
            server.control({ repository = "o/n", settings = { teams = { core = { "ada", "grace" } } } })
            local slugs, members = results(server, [[
                return { repo:teams()().slug }, { repo:team_members("core"):all(), repo:team_members("@o/core")() }]])
            assert.same({ "core" }, slugs)
            assert.same({ { "ada", "grace" }, "ada" }, members)
        end)
    end)

    it("own files as the last rule of CODEOWNERS that fits says", function()
        local rules = table.concat({
            "# owners", "*                @all", "*.js             @js # inline", "/build/logs/     @doctocat",
            "docs/*           docs@example.org", "apps/            @octo", "/docs/           @writers",
            "/apps/github", "**/vendor/*.c    @c", "a/**/z           @deep", "my\\ file.txt     @spaces @two",
        }, "\n")
        http.intercept(function(request)
            if not request.url:find("/contents/CODEOWNERS", 1, true) then return { status = 404, body = "{}" } end
            return { status = 200, body = json.encode({ type = "file", encoding = "base64", path = "CODEOWNERS",
                content = process.run({ "base64", "-w0", stdin = rules, check = true }).stdout }) }
        end, function()
            local expected = {
                ["README"] = { "@all" }, ["x/y.js"] = { "@js" }, ["build/logs/a/b.txt"] = { "@doctocat" },
                ["x/build/logs/a"] = { "@all" }, ["x/docs/a.md"] = { "@all" }, ["docs/a/b.md"] = { "@writers" },
                ["lib/apps/x"] = { "@octo" }, ["apps/github/x.lua"] = {}, ["apps/other"] = { "@octo" },
                ["x/vendor/y.c"] = { "@c" }, ["vendor/y.c"] = { "@c" }, ["vendor/x/y.c"] = { "@all" },
                ["a/z"] = { "@deep" }, ["a/b/c/z"] = { "@deep" }, ["ab/z"] = { "@all" },
                ["my file.txt"] = { "@spaces", "@two" }, ["docs"] = { "@all" },
            }
            local paths = {}
            for path in pairs(expected) do paths[#paths + 1] = path end
            assert.same(expected, github.repository("o/n"):code_owners(paths))
        end)
    end)

    it("own nothing where there is no CODEOWNERS", function()
        http.intercept(function() return { status = 404, body = "{}" } end, function()
            assert.is_nil(github.repository("o/n"):code_owners({ "a" }))
        end)
    end)
end)

describe("code scanning of github.repository", function()
    it("takes findings, and lists and dismisses its alerts", function()
        with_github(function(server)
            server.control({ repository = "o/n", settings = { alerts = {
                { number = 1, state = "open", rule = { id = "sql", severity = "error" } },
                { number = 2, state = "fixed", rule = { id = "xss" } },
            } } })
            local status, listed, changed, refused = results(server, ([[
                local sent = repo:upload_sarif({ version = "2.1.0", runs = json.array() },
                    { commit = %q, ref = "refs/heads/main" })
                local ok, err = pcall(repo.update_code_scanning_alert, repo, 1, { state = "dismissed" })
                local list = repo:code_scanning_alerts{ state = "open" }:all()
                local changed = repo:update_code_scanning_alert(1, { state = "dismissed", reason = "won't fix" })
                return repo:sarif_upload(sent.id).status, { #list, list[1].rule, list[1].severity },
                    { changed.state, changed.dismissed_reason }, { err.kind, repo:sarif_upload("none") == nil }
            ]]):format(sha))
            assert.equal("complete", status)
            assert.same({ 1, "sql", "error" }, listed)
            assert.same({ "dismissed", "won't fix" }, changed)
            assert.same({ "github.invalid", true }, refused)
        end)
    end)
end)

describe("projects of the owner", function()
    it("take issues as items, whose fields are set by name", function()
        with_github(function(server)
            server.control({ repository = "o/n", settings = { project_fields = {
                { id = 16, name = "Estimate", data_type = "number" },
                { id = 17, name = "Status", data_type = "single_select", options = {
                    { id = "f1", name = { raw = "Done", html = "Done" }, color = "GREEN",
                        description = { raw = "", html = "" } },
                } },
            } } })
            local same, refused = results(server, [[
                local first, second = repo:add_project_item(3, 4), repo:add_project_item(3, 4)
                repo:update_project_item(3, first.id, { Estimate = 5, Status = "Done" })
                repo:update_project_item(3, first.id, { Estimate = false })
                local ok, err = pcall(repo.update_project_item, repo, 3, first.id, { Status = "Dun" })
                local _, other = pcall(repo.update_project_item, repo, 3, first.id, { Stat = "Done" })
                return first.id == second.id, { err.message, other.message }]])
            assert.is_true(same)
            assert.matches("expected an option of the field 'Status', got 'Dun'", refused[1])
            assert.matches("expected names of the project's fields, got 'Stat'", refused[2])
            local _, bodies = calls.changes(server)
            assert.same({ { id = 16, value = json.null } }, bodies[#bodies].fields)
        end)
    end)
end)
