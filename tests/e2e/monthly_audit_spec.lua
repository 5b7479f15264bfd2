-- The audit as its user runs it: the real binary on real repositories, against a stand-in for GitHub, and as a
-- demonstration without either.
local servers = require("support.servers")
local audit_world = require("support.audit_world")

local run, git, with_world = audit_world.run, audit_world.git, audit_world.with

-- A bare-bones environment, as a scheduler may give: no home, no token.
local function demo(arguments, folder)
    local command = { "-q", "monthly_audit", "--demo" }
    for _, argument in ipairs(arguments or {}) do command[#command + 1] = argument end
    -- The options of a sanitizer must reach it.
    return run(command, { clear_env = true, cwd = folder, env = { ASAN_OPTIONS = os.getenv("ASAN_OPTIONS") } })
end

local function assert_fails(code, cause, remedy, result)
    assert.equal(code, result.code, result.stderr)
    assert.equal("", result.stdout)
    assert.matches(cause, result.stderr)
    local without_excerpt = result.stderr:gsub("\n +%d+ | [^\n]*\n +| +%^~*\n", "\n")
    assert.matches("error: [^\n]+\n  hint: [^\n]+\n$", without_excerpt)
    assert.matches(remedy, result.stderr)
    assert.is_nil(result.stderr:find("traceback", 1, true))
end

-- The verdict of every issue in a report, and the report.
local function verdicts_in(text)
    local decoded, verdicts = json.decode(text), {}
    for _, judged in ipairs(decoded.verdicts) do verdicts[tostring(judged.issue)] = judged.verdict end
    return verdicts, decoded
end

local demo_verdicts = {
    ["101"] = "out_of_sync", ["102"] = "out_of_sync", ["example/solver#42"] = "out_of_sync",
    ["105"] = "moved", ["106"] = "moved", ["107"] = "moved", ["119"] = "moved",
    ["103"] = "partial", ["104"] = "partial", ["110"] = "back", ["118"] = "back",
    ["111"] = "unknown", ["112"] = "unknown", ["113"] = "unknown", ["109"] = "in_sync",
}

describe("the audit's demonstration", function()
    it("walks through every verdict without network, token, home or a file left behind", function()
        servers.in_folder(function(folder)
            local result = demo({ "--format", "json" }, folder)
            assert.equal(0, result.code, result.stderr)
            assert.equal("", result.stderr)
            local verdicts, decoded = verdicts_in(result.stdout)
            assert.same(demo_verdicts, verdicts)
            assert.equal(2, decoded.stats.api_requests)
            assert.same({}, fs.list(folder))
        end)
    end)

    it("says what it is, and names every verdict", function()
        servers.in_folder(function(folder)
            local text = demo({}, folder).stdout
            assert.matches("[Dd]emonstration", text)
            for _, word in ipairs({ "Out of sync", "Moved", "Partial", "Back again", "Unknown", "In sync" }) do
                assert.matches(word, text)
            end
            for issue in pairs(demo_verdicts) do assert.is_truthy(text:find(issue, 1, true), issue) end
        end)
    end)

    it("writes CSV with a row for each file of each issue", function()
        servers.in_folder(function(folder)
            local rows = {}
            for line in demo({ "--format", "csv" }, folder).stdout:gmatch("[^\r\n]+") do rows[#rows + 1] = line end
            assert.equal("issue,verdict,state,path,commit,date,pr,moved_to,present,remaining,action,issue_url,"
                .. "commit_url,pr_url", rows[1])
            assert.equal(1 + 17, #rows)
            local found = table.concat(rows, "\n")
            local site = "https://github%.com/example/compiler"
            assert.matches("\n101,out_of_sync,open,tests/crashes/101%.rs,%x+,%d+%-%d+%-%d+T[%d:]+Z,1209,,false,,"
                .. "close the issue: its test is gone since [%d-]+,"
                .. site .. "/issues/101," .. site .. "/commit/%x+," .. site .. "/pull/1209\n", found)
        end)
    end)

    it("writes HTML and Markdown with links to issues, commits and pull requests", function()
        servers.in_folder(function(folder)
            local html = demo({ "--format", "html" }, folder).stdout
            local page = folder .. "/page.html"
            fs.write(page, html)
            local markdown = demo({ "--format", "markdown" }, folder).stdout
            for _, text in ipairs({ html, markdown }) do
                for _, address in ipairs({ "issues/101", "pull/1209", "commit/%x+" }) do
                    assert.matches("https://github%.com/example/compiler/" .. address, text)
                end
            end
            local open_tags = {}
            for slash, name, rest in html:gmatch("<(/?)([%a][%w]*)([^>]*)>") do
                local void = rest:match("/$") or ({ meta = true, link = true, br = true, hr = true, col = true })[name]
                if slash == "/" then
                    assert.equal(table.remove(open_tags), name)
                elseif not void then
                    open_tags[#open_tags + 1] = name
                end
            end
            assert.same({}, open_tags)
        end)
    end)

    it("shows what it would close and track, and does neither", function()
        servers.in_folder(function(folder)
            local result = demo({ "--close", "--close-limit", "1", "--tracking-issue" }, folder)
            assert.equal(0, result.code, result.stderr)
            assert.matches("Would be closed: #101%.", result.stdout)
            assert.matches("Left open: example/solver#42, because it is of another repository", result.stdout)
            assert.matches("tracking issue in example/compiler would be", result.stdout)
            assert.same(demo_verdicts, (verdicts_in(demo({ "--close", "--format", "json" }, folder).stdout)))
            assert.same({}, fs.list(folder))
        end)
    end)

    it("exits with 1 for findings when asked to", function()
        servers.in_folder(function(folder) assert.equal(1, demo({ "--fail-on-findings" }, folder).code) end)
    end)

    it("writes to a file, in the format of its name; nothing under --dry-run", function()
        servers.in_folder(function(folder)
            local file = folder .. "/audit.json"
            local planned = run({ "--dry-run", "-q", "monthly_audit", "--demo", "--output", file })
            assert.equal(0, planned.code, planned.stderr)
            assert.matches("audit%.json", planned.stderr)
            assert.is_false(fs.exists(file))
            local result = demo({ "--output", file }, folder)
            assert.equal(0, result.code, result.stderr)
            assert.equal("", result.stdout)
            assert.same(demo_verdicts, (verdicts_in(fs.read(file))))
            assert.same({ "audit.json" }, fs.list(folder))
            assert.equal(0, demo({ "--output", folder .. "/audit.sarif" }, folder).code)
            assert.equal("2.1.0", json.decode(fs.read(folder .. "/audit.sarif")).version)
        end)
    end)

    it("shows only what a window allows, and still judges at the tip", function()
        servers.in_folder(function(folder)
            local verdicts = verdicts_in(demo({ "--format", "json", "--since", "70 days" }, folder).stdout)
            assert.same({ ["102"] = "out_of_sync", ["example/solver#42"] = "out_of_sync",
                ["111"] = "unknown", ["112"] = "unknown", ["113"] = "unknown" }, verdicts)
        end)
    end)
end)

-- The verdicts of a run as JSON, and the report.
local function json_of(world, arguments)
    local command = { "--format", "json" }
    for _, argument in ipairs(arguments or {}) do command[#command + 1] = argument end
    local result = world.audit_here(command)
    assert.equal(0, result.code, result.stderr)
    return verdicts_in(result.stdout)
end

describe("the audit against GitHub", function()
    it("asks one request a repository and gives every verdict", function()
        with_world(function(world)
            local verdicts, decoded = json_of(world)
            assert.same(demo_verdicts, verdicts)
            assert.equal(2, decoded.stats.api_requests)
            assert.equal(2, #world.requests())
        end)
    end)

    it("keeps its counts for the history of audits", function()
        with_world(function(world)
            local _, decoded = json_of(world)
            local kept = db.open(world.folder .. "/state/metrics.sqlite", { read_only = true }):query(
                "SELECT repository, subject, value FROM metrics_measures WHERE name = 'audit.needing_attention'")
            assert.same({ { repository = "example/compiler", subject = "tests/crashes",
                value = decoded.stats.needing_attention } }, kept)
        end)
    end)

    it("keeps the documented shape", function()
        with_world(function(world)
            local _, decoded = json_of(world, { "--from", "2000-01-01" })
            local by_issue = {}
            for _, judged in ipairs(decoded.verdicts) do by_issue[judged.issue] = judged end
            local moved = by_issue[105]
            assert.equal("open", moved.state)
            assert.same({}, moved.remaining)
            assert.matches("tests/ui/drop/moved%-out%-of%-box%.rs", moved.action)
            local file = moved.files[1]
            assert.equal("tests/crashes/105.rs", file.path)
            assert.equal("tests/ui/drop/moved-out-of-box.rs", file.moved_to)
            assert.equal(1203, file.pr)
            assert.is_false(file.present)
            assert.equal(40, #file.commit)
            assert.equal(json.null, by_issue[101].files[1].moved_to)
            assert.is_true(by_issue[110].files[1].present)
            assert.same({ "tests/crashes/110.rs" }, by_issue[110].remaining)
            assert.same({ "tests/crashes/const-generics.rs" }, by_issue[104].remaining)
            assert.matches("example/parser#7", by_issue[112].action)
            assert.equal("example/solver#42", by_issue["example/solver#42"].issue)
            assert.equal("2000-01-01T00:00:00Z", decoded.stats.from)
            assert.equal(json.null, decoded.stats.to)
            assert.equal(19, decoded.stats.deleted_files)
            assert.equal(2, decoded.stats.files_without_issue)
            assert.equal("example/compiler", decoded.stats.repository)
            for _, key in ipairs({ "time_s", "needing_attention", "fully_cleaned_up", "partial" }) do
                assert.is_number(decoded.stats[key])
            end
        end)
    end)

    it("gives the same from its index, sees new commits, and starts anew when asked to", function()
        with_world(function(world)
            local first = json_of(world)
            assert.same(first, (json_of(world)))
            git(world.repo, "rm", "-q", "tests/crashes/103-2.rs")
            git(world.repo, "commit", "-qm", "Remove the last test (#1213)")
            first["103"] = "out_of_sync"
            assert.same(first, (json_of(world)))
            assert.same(first, (json_of(world, { "--refresh" })))
        end)
    end)

    it("finds the repository's name in its remotes, upstream first", function()
        with_world(function(world)
            local address = world.url:gsub("^http://", "")
            git(world.repo, "remote", "add", "origin", ("https://%s/ada/fork.git"):format(address))
            git(world.repo, "remote", "add", "upstream", ("git@%s:example/compiler.git"):format("github.com"))
            local result = world.audit({ "--format", "json", "--also", "example/*" }, { cwd = world.repo })
            assert.equal(0, result.code, result.stderr)
            assert.same(demo_verdicts, (verdicts_in(result.stdout)))
        end)
    end)

    it("takes issues of a repository that GitHub does not show for unknown", function()
        with_world(function(world)
            fs.write(world.repo .. "/tests/crashes/odd.rs", "//@ known-bug: nobody/nothing#3\n")
            git(world.repo, "add", ".")
            git(world.repo, "commit", "-qm", "Add")
            git(world.repo, "rm", "-q", "tests/crashes/odd.rs")
            git(world.repo, "commit", "-qm", "Remove")
            assert.equal("unknown", json_of(world)["nobody/nothing#3"])
        end)
    end)

    it("lets the user's own policy decide which issues files stand for", function()
        with_world(function(world)
            fs.mkdir(world.folder .. "/policies")
            fs.write(world.folder .. "/policies/crash_tests.lua", [[return { issues_of = function(path)
                return path:find("/10[12]") and { 101 } or {}
            end }]])
            assert.same({ ["101"] = "out_of_sync" }, (json_of(world)))
        end)
    end)

    it("writes to standard output for -, and through a symbolic link, and says so", function()
        servers.in_folder(function(folder)
            local shown = demo({ "--output", "-", "--format", "json" }, folder)
            assert.equal(0, shown.code, shown.stderr)
            assert.same(demo_verdicts, (verdicts_in(shown.stdout)))
            assert.same({}, fs.list(folder))
            fs.write(folder .. "/real.md", "old")
            fs.symlink("real.md", folder .. "/link.md")
            local written = run({ "monthly_audit", "--demo", "--output", folder .. "/link.md" })
            assert.matches("report written to [^\n]*link.md, a link to real.md", written.stderr)
            assert.matches("^# ", fs.read(folder .. "/real.md"))
            assert.equal("real.md", fs.readlink(folder .. "/link.md"))
        end)
    end)

    it("reports a repository where nothing was deleted, and an empty one", function()
        with_world(function(world)
            local verdicts, decoded = json_of(world, { "--path", "README.md", "--since", "1 day" })
            assert.same({}, verdicts)
            assert.equal(0, decoded.stats.deleted_files)
            assert.equal(0, decoded.stats.api_requests)
            process.run { "git", "init", "-q", world.folder .. "/empty", check = true }
            local result = world.audit({ "--repo", world.folder .. "/empty", "--github", "o/n", "--format", "json" })
            assert.equal(0, result.code, result.stderr)
            assert.equal(json.null, json.decode(result.stdout).stats.tip)
        end)
    end)
end)

describe("the audit refuses", function()
    local function refuses(cause, remedy, ...) assert_fails(2, cause, remedy, run({ "-q", "monthly_audit", ... })) end

    it("wrong options, in two lines and with exit code 2", function()
        refuses("unknown option '%-%-formt'", "%-%-help", "--formt", "json")
        refuses("%-%-format", "%-%-help", "--format", "xml")
        refuses("too many arguments", "%-%-help", "tests")
        refuses("option '%-%-since' requires an argument", "%-%-help", "--since")
        refuses("%-%-since: '6 moons'", ".", "--since", "6 moons", "--demo")
        refuses("%-%-from: 'yesteryear' is not a date", ".", "--from", "yesteryear", "--demo")
        refuses("%-%-from: '2026%-02%-30'", ".", "--from", "2026-02-30", "--demo")
        refuses("exclude each other", "one of them", "--since", "1 day", "--from", "2026-01-01", "--demo")
        refuses("nothing lies between", "before", "--from", "2026-02-01", "--to", "2026-01-01", "--demo")
        refuses("%-%-github: 'rust' is not OWNER/NAME", "rust%-lang/rust", "--github", "rust")
        refuses("not inside the repository", "root", "--path", "../x")
        refuses("not inside the repository", "root", "--path", "/x")
        refuses("repository of its own", "leave out", "--demo", "--repo", ".")
        refuses("no folder /no/such", "make it", "--demo", "--output", "/no/such/file.html")
        refuses("is a folder", "name a file", "--demo", "--output", "/tmp")
    end)

    it("repositories that are not there, or have nothing to audit", function()
        with_world(function(world)
            assert_fails(3, "/no/such", ".", world.audit({ "--repo", "/no/such", "--github", "o/n" }))
            fs.mkdir(world.folder .. "/plain")
            assert_fails(3, "plain", ".", world.audit({ "--repo", world.folder .. "/plain", "--github", "o/n" }))
            assert_fails(2, "no remote of this repository is at GitHub", "%-%-github OWNER/NAME",
                world.audit({ "--repo", world.repo }))
            assert_fails(2, "nothing was ever in tests/crashs", "%-%-path",
                world.audit({ "--repo", world.repo, "--github", "o/n", "--path", "tests/crashs" }))
        end)
    end)

    it("broken policies, naming file and line, before anything is written", function()
        with_world(function(world)
            local file = world.folder .. "/policies/crash_tests.lua"
            local output = world.folder .. "/audit.md"
            fs.mkdir(world.folder .. "/policies")
            local function refused(source, cause)
                fs.write(file, source)
                assert_fails(2, cause, ".",
                    world.audit({ "--repo", world.repo, "--github", "example/compiler", "--output", output }))
                assert.is_false(fs.exists(output))
            end
            refused("return {\n  issues_of = function( end\n}", "policies/crash_tests%.lua:2: ")
            refused("return {\n issues_of = function(path)\n return path.x.y\n end }", "%.lua:3: issues_of failed")
            refused("return { issues_of = function() return 5 end }", "issues_of returned a number")
            refused("return { issues_of = function() local l = {} for i = 1, 9999 do l[i] = i end return l end }",
                "issues_of returned 9999 issues for one file, more than 100")
            refused("return { issues_of = function() return { 'x' } end }", "'x', which is not an issue")
            refused("return 5", "returns a number instead of a table")
        end)
    end)

    it("to go on when GitHub does not answer, or not to us", function()
        with_world(function(world)
            local arguments = { "--repo", world.repo, "--github", "example/compiler" }
            local wrong_token = { env = { GITHUB_TOKEN = "ghp_wrong_0123456789" } }
            assert_fails(3, "token", "token", world.audit(arguments, wrong_token))
            fs.mkdir(world.folder .. "/policies")
            fs.write(world.folder .. "/policies/crash_tests.lua", [[return { issues_of = function()
                local many = {}
                for i = 1, 100 do many[i] = i end
                return many
            end }]])
            local no_token = { env = { GITHUB_TOKEN = false } }
            assert_fails(3, "no token is set", "GITHUB_TOKEN", world.audit(arguments, no_token))
            fs.remove(world.folder .. "/policies/crash_tests.lua")
            assert_fails(3, "", ".", world.audit(arguments, { env = { GITHUB_API_URL = "http://127.0.0.1:1" } }))
            assert_fails(3, "no repository example/nothing", "spelling",
                world.audit({ "--repo", world.repo, "--github", "example/nothing" }))
            world.control { faults = { { path = "/graphql", kind = "status", status = 502, times = 9 } } }
            assert_fails(3, "502", ".", world.audit(arguments))
        end)
    end)
end)
