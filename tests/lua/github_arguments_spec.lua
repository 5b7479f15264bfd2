-- What calls of github refuse before anything is asked. No request may be sent.
local repo = github.repository("o/n")

local function refused(call, ...)
    local arguments, count = { ... }, select("#", ...)
    local err
    http.intercept(function(request) error("asked for " .. request.url) end, function()
        local ok, raised = pcall(function() return call(unpack(arguments, 1, count)) end)
        assert.is_false(ok)
        err = raised
    end)
    assert.is_true(uhost.is_error(err), tostring(err))
    assert.equal("argument", err.kind, tostring(err))
    return err
end

-- Of each call: arguments that are right, and which of them are ids, texts and options.
local signatures = {
    issue = { "id" }, issues = { "options" }, create_issue = { "options" }, update_issue = { "id", "options" },
    close_issue = { "id", "options" }, reopen_issue = { "id" }, lock_issue = { "id", "options" },
    unlock_issue = { "id" }, ensure_issue = { "options" }, find_issue = { "options" }, comments = { "id", "options" },
    create_comment = { "id", "options" }, update_comment = { "id", "text", "options" }, delete_comment = { "id" },
    ensure_comment = { "id", "options" }, ensure_labels = { "list" }, add_labels = { "id", "list" },
    remove_label = { "id", "text" }, milestones = { "options" }, ensure_milestone = { "options" }, pull = { "id" },
    pulls = { "options" }, pull_files = { "id", "options" }, pull_reviews = { "id", "options" },
    pulls_of_commit = { "text" }, commit = { "text" }, commits = { "options" },
    compare = { "text", "text", "options" }, release = { "text" },
    contents = { "text", "options" }, runs = { "options" }, run = { "id", "options" },
    jobs = { "id", "options" }, job = { "id" },
    rerun_failed_jobs = { "id", "options" }, rerun = { "id", "options" }, rerun_job = { "id", "options" },
    cancel_run = { "id" }, delete_run = { "id" }, approve_run = { "id" },
    run_approvals = { "id", "options" }, pending_deployments = { "id", "options" },
    review_deployments = { "id", "options" }, enable_workflow = { "text" }, disable_workflow = { "text" },
    caches = { "options" }, delete_cache = { "id" }, job_log = { "id" },
    run_logs = { "id", "text", "options" }, artifacts = { "options" }, download_artifact = { "id", "text" },
    dispatch = { "text", "options" }, check_runs = { "text", "options" }, create_check = { "options" },
    update_check = { "id", "options" }, annotations = { "id", "options" }, deployments = { "options" },
    create_deployment = { "options" }, deployment_statuses = { "id", "options" },
    create_deployment_status = { "id", "options" }, issue_states = { "list" }, labels = { "options" },
    update_label = { "text", "options" }, delete_label = { "text" }, workflows = { "options" },
    timeline = { "id", "options" }, reactions = { "id", "options" }, add_reaction = { "id", "word" },
    delete_reaction = { "id", "id" }, comment_reactions = { "id", "options" }, add_comment_reaction = { "id", "word" },
    delete_comment_reaction = { "id", "id" }, notifications = { "options" }, mark_notification_read = { "id" },
    create_pull = { "options" }, update_pull = { "id", "options" }, merge_pull = { "id", "options" },
    request_reviewers = { "id", "options" }, create_review = { "id", "options" }, blob = { "text" },
    create_blob = { "text" }, tree = { "text", "options" }, create_tree = { "list", "options" },
    create_commit = { "options" }, ref = { "text" }, refs = { "text", "options" }, create_ref = { "text", "text" },
    update_ref = { "text", "text", "options" }, delete_ref = { "text" }, create_tag = { "text", "text", "options" },
    write_contents = { "text", "text", "options" }, delete_contents = { "text", "options" },
    releases = { "options" }, tags = { "options" }, create_release = { "options" },
    update_release = { "id", "options" }, delete_release = { "id" }, release_notes = { "options" },
    delete_asset = { "id" }, upload_asset = { "id", "text", "options" }, download_asset = { "id", "text" },
    statuses = { "text", "options" }, combined_status = { "text" }, create_status = { "text", "options" },
    branches = { "options" }, branch = { "text" }, rulesets = { "options" }, branch_rules = { "text", "options" },
    required_checks = { "text" }, environments = { "options" }, variables = { "options" }, secrets = { "options" },
    set_variable = { "text", "text", "options" }, delete_variable = { "text", "options" }, hooks = { "options" },
    ping_hook = { "id" }, delete_hook = { "id" }, runners = { "options" }, teams = { "options" },
    team_members = { "text", "options" }, code_owners = { "list", "options" },
    upload_sarif = { "sarif", "options" }, sarif_upload = { "text" }, code_scanning_alerts = { "options" },
    update_code_scanning_alert = { "id", "options" }, add_project_item = { "id", "id" },
    update_project_item = { "id", "id", "list" },
}
local without_arguments = { latest_release = true, details = true }
local right = { id = 1, text = "x", word = "heart", sarif = "x", options = nil, list = {} }
local wrong = {
    id = { "x", 0, -1, 1.5, 2 ^ 60, {}, true, 0 / 0 }, text = { 0 / 0, {}, true }, options = { "x", 1, true },
    word = { "x", 1, {} }, sarif = { 1, true },
    list = { "x", 1, true },
}

describe("every call of github.Repository", function()
    it("refuses each argument that is of another type, and names it", function()
        for name, kinds in pairs(signatures) do
            for position, kind in ipairs(kinds) do
                for _, value in ipairs(wrong[kind]) do
                    local arguments = {}
                    for i = 1, position - 1 do arguments[i] = right[kinds[i]] end
                    arguments[position] = value
                    local err = refused(repo[name], repo, unpack(arguments, 1, position))
                    if name ~= "issue_states" then
                        assert.matches("^bad argument '[%w_]+' to 'github%.Repository:" .. name .. "': expected ",
                            err.message)
                    end
                end
            end
        end
    end)

    it("refuses options that it does not know, and says which it means", function()
        for name, kinds in pairs(signatures) do
            if kinds[#kinds] == "options" then
                local arguments = {}
                for i = 1, #kinds - 1 do arguments[i] = right[kinds[i]] end
                arguments[#kinds] = { no_such_option = 1 }
                local err = refused(repo[name], repo, unpack(arguments, 1, #kinds))
                assert.equal(("unknown option 'no_such_option' to 'github.Repository:%s'"):format(name), err.message)
                assert.matches("^known are: ", err.hint)
            end
        end
        assert.equal("did you mean 'labels'?", refused(repo.issues, repo, { label = { "x" } }).hint)
        assert.equal("did you mean 'conclusion'?", refused(repo.create_check, repo, { conclusions = "x" }).hint)
    end)

    it("is among those that these tests know", function()
        for name, value in pairs(debug.getregistry()["uhost.classes"]["github.Repository"]) do
            if type(value) == "function" and not name:find("^__") then
                assert.is_true(without_arguments[name] or signatures[name] ~= nil, name)
            end
        end
    end)
end)

describe("calls of github.Repository", function()
    it("refuse values that GitHub would refuse, and name them", function()
        for expected, call in pairs({
            ["'title' .* expected a string that is not blank, got ' '"] = { "create_issue", { title = " " } },
            ["'title' .* got nil"] = { "create_issue", {} },
            ["'labels' .* expected a list of strings"] = { "create_issue", { title = "T", labels = "bug" } },
            ["'since' .* expected a time"] = { "issues", { since = "yesterday-ish" } },
            ["'state' .* expected \"open\", \"closed\" or \"all\""] = { "issues", { state = "opened" } },
            ["'labels' .* without a comma"] = { "issues", { labels = { "a,b" } } },
            ["'reason' .* \"off%-topic\", \"too heated\""] = { "lock_issue", 1, { reason = "rude" } },
            ["'reason' .* beside duplicate_of"] = { "close_issue", 1, { reason = "completed", duplicate_of = 2 } },
            ["'options' .* something to change"] = { "update_issue", 1, {} },
            ["'a %-%-> b' is not a marker"] = { "ensure_issue", { title = "T", marker = "a --> b" } },
            ["'color' .* without '#'"] = { "ensure_labels", { { name = "n", color = "#ffffff" } } },
            ["'description' .* 100 characters"] = { "ensure_labels", { { name = "n", description = ("x"):rep(101) } } },
            ["'ref' .* names nothing"] = { "commit", ".." },
            ["'path' .* names nothing"] = { "contents", "a/../b" },
            ["'attempt' .* number or \"all\""] = { "jobs", 1, { attempt = "last" } },
            ["'inputs' .* at most 25 inputs"] = { "dispatch", "ci.yml", { ref = "main", inputs = { { 1 } } } },
            ["'description' .* at most 140 bytes"] = {
                "create_deployment", { ref = "r", description = ("x"):rep(141) },
            },
            ["'payload' .* without a field 'uhost'"] = { "create_deployment", { ref = "r", payload = { uhost = 1 } } },
        }) do
            local err = refused(repo[call[1]], repo, unpack(call, 2))
            assert.matches(expected, err.message)
        end
    end)
end)

describe("github.repository", function()
    it("takes \"owner/name\" and nothing else", function()
        for _, name in ipairs({ "o", "o/n/x", "o/..", "../n", "o/n?x", "", 1, {}, true }) do
            assert.matches("expected \"owner/name\"", refused(github.repository, name).message)
        end
        assert.equal("a-b.c/d_e", github.repository("a-b.c/d_e").name)
        assert.equal("github.Repository (a/b)", tostring(github.repository("a/b")))
    end)
end)

describe("github.search", function()
    it("checks what it is asked", function()
        assert.matches("\"issues\", \"commits\"", refused(github.search, "users", "x").message)
        assert.matches("'query'", refused(github.search, "issues", " ").message)
        assert.matches("'sort'", refused(github.search, "code", "x", { sort = "stars" }).message)
        assert.equal("did you mean 'order'?", refused(github.search, "code", "x", { oder = "asc" }).hint)
    end)
end)
