-- `uhost ci_failures check` and `track`, against the stand-in for GitHub.
local ci = require("support.ci_world")

local failed, green, run = ci.failed, ci.green, ci.run

-- The same failure as it looks in another run.
local function refused(i)
    local line = "curl: (7) Failed to connect to cache-%d.example port 443 after %d ms: Connection refused"
    return { line:format(i, i * 7) }
end

local function strange(i)
    return { ("/home/runner/work/n%d/n%d/glaze.c: error: the glaze %08x has run away at 2026-01-%02dT10:00:00Z"):format(
        i, i, i * 7919, i) }
end

local function kinds(failures)
    local list = {}
    for i, failure in ipairs(failures) do list[i] = failure.action.kind end
    return list
end

describe("uhost ci_failures", function()
    it("opens one issue for a job that fails in seven nightly runs, and counts seven", function()
        ci.with(function(world)
            local list = {}
            for i = 1, 7 do
                list[i] = run(i, (8 - i) * 24, "failure", { failed("build", strange(i)), green("docs") },
                    { event = "schedule" })
            end
            world.runs(list)
            local seen, result = world.json("check", "--json")
            assert.equal(1, result.code)
            assert.same({ 1, 7, "create" }, { #seen.failures, seen.failures[1].occurrences,
                seen.failures[1].action.kind })
            assert.same({}, world.issues())
            assert.same({ "create" }, kinds(world.track()))
            local issues = world.issues()
            assert.equal(1, #issues)
            assert.matches("^%[CI Failure%] ci.yml %- build: .*glaze", issues[1].title)
            assert.matches("%*%*Occurrences:%*%* 7", issues[1].body)
            assert.same({ "ci-failure", "github-actions", "automated" }, issues[1].labels)
            assert.same({ "none" }, kinds(world.track()))
            assert.equal(1, #world.issues())
        end)
    end)

    it("raises events without tokens of other people", function()
        ci.with(function(world)
            local token = "ghp_" .. ("b2"):rep(18)
            world.runs({ run(1, 2, "failure", { failed("build", { "glaze.c: error: the glaze ran away with "
                .. token }) }) })
            world.track()
            local result = process.run{ os.getenv("UHOST") or "uhost", "-e",
                "for _, row in ipairs(db.open():query('SELECT * FROM events')) do print(json.encode(row)) end",
                env = { UHOST_STATE = world.state }, check = true }
            assert.matches("the glaze ran away with %*%*%*", result.stdout)
            assert.is_nil(result.stdout:find(token, 1, true))
        end)
    end)

    it("asks nothing again of runs that have not changed", function()
        ci.with(function(world)
            local list = {}
            for i = 1, 12 do list[i] = run(i, 20 - i, "failure", { failed("build", strange(i)) }) end
            world.runs(list)
            world.ci("check")
            local first = #world.report().requests
            world.control({ forget = true })
            local seen = world.json("check", "--json")
            assert.equal(0, seen.read)
            assert.equal(12, seen.failures[1].occurrences)
            assert.is_true(#world.report().requests < first / 3)
        end)
    end)

    it("gives two jobs of one run two issues, and the jobs of a matrix one", function()
        ci.with(function(world)
            world.runs({ run(1, 3, "failure", { failed("build (linux)", strange(1)), failed("build (mac)", strange(2)),
                failed("test", strange(3)) }) })
            assert.same({ "create", "create" }, kinds(world.track()))
            local body = world.issues()[1].body
            assert.matches("linux; mac", body)
        end)
    end)

    it("gives a second cause in the same job an issue of its own", function()
        ci.with(function(world)
            world.runs({ run(1, 5, "failure", { failed("build", strange(1)) }) })
            world.track()
            world.runs({ run(2, 3, "failure", { failed("build", { "error: the kiln is cold" }) }) })
            assert.same({ "none", "create" }, kinds(world.track()))
        end)
    end)

    it("neither opens nor closes anything for a run that a newer push took the place of", function()
        ci.with(function(world)
            world.runs({
                run(1, 9, "failure", { failed("build", strange(1)) }),
                run(2, 5, "cancelled", { { name = "build", conclusion = "cancelled" } },
                    { updated_at = ci.hours_ago(4) }),
                run(3, 4.5, "failure", { failed("build", strange(2)) }),
            })
            local seen = world.json("check", "--json")
            assert.same({ 1, 2 }, { #seen.failures, seen.failures[1].occurrences })
            assert.equal("a newer push took its place", seen.left_out[1].why)
        end)
    end)

    it("opens no issue for a run by hand on a branch", function()
        ci.with(function(world)
            world.runs({ run(1, 3, "failure", { failed("build", strange(1)) },
                { event = "workflow_dispatch", branch = "topic" }) })
            local seen, result = world.json("check", "--json")
            assert.same({ 0, 0 }, { #seen.failures, result.code })
        end)
    end)

    it("folds hundreds of tests that fail at once into one issue that lists them", function()
        ci.with(function(world)
            local function pytest(first)
                local lines = { "collected 260 items" }
                for i = first, first + 239 do
                    lines[#lines + 1] = ("FAILED tests/test_kiln.py::test_%d - assert 1 == 2"):format(i)
                end
                lines[#lines + 1] = "============ 240 failed, 20 passed in 12.34s ============"
                return lines
            end
            world.runs({ run(1, 5, "failure", { failed("test", pytest(1)) }) })
            world.track()
            world.runs({ run(2, 3, "failure", { failed("test", pytest(4)) }) })
            assert.same({ "update" }, kinds(world.track()))
            local issues = world.issues()
            assert.equal(1, #issues)
            assert.matches("240", issues[1].title)
            assert.matches("and %d+ more", issues[1].body)
        end)
    end)

    it("finds the issue of tests again without a store, and with a window that begins later", function()
        ci.with(function(world)
            local function pytest(...)
                local lines = {}
                for i, name in ipairs({ ... }) do
                    lines[i] = ("FAILED tests/test_kiln.py::test_%s - assert 1 == 2"):format(name)
                end
                lines[#lines + 1] = ("============ %d failed, 20 passed in 12.34s ============"):format(#lines)
                return lines
            end
            local early = run(1, 72, "failure", { failed("test", pytest("a", "b", "c", "d")) })
            local late = run(2, 3, "failure", { failed("test", pytest("b", "c", "d")) })
            world.runs({ early })
            world.track()
            world.runs({ early, late })
            fs.remove(world.state, { recursive = true })
            assert.same({ "update" }, kinds(world.track("--since", "1 day")))
            assert.equal(1, #world.issues())
            assert.same({ "none" }, kinds(world.track("--since", "1 day")))
            world.runs({ early, run(3, 2, "failure", { failed("test", pytest("x", "y", "z")) }) })
            assert.same({ "none", "create" }, kinds(world.track("--since", "150 minutes")))
        end)
    end)

    it("keeps the first and the newest of many occurrences, with a count", function()
        ci.with(function(world)
            local list = {}
            for i = 1, 900 do list[i] = run(i, 300 - i / 4, "failure", { failed("build", strange(3)) }) end
            world.runs(list)
            world.track()
            local body = world.issues()[1].body
            assert.is_true(#body <= 65536)
            assert.matches("%[run 900%]", body)
            assert.matches("%[run 1%]", body)
            assert.matches("%d+ more", body)
            assert.matches("%*%*Occurrences:%*%* 900", body)
        end)
    end)

    it("closes an issue when the job is green for long enough, and not when it was skipped", function()
        ci.with(function(world)
            world.runs({ run(1, 9, "failure", { failed("build", strange(1)), green("docs") }) })
            world.track()
            for i = 2, 6 do world.runs({ run(i, 9 - i, "success", { green("docs") }) }) end
            assert.same({ "none" }, kinds(world.track()))
            for i = 7, 9 do world.runs({ run(i, 2 - i / 10, "success", { green("build"), green("docs") }) }) end
            assert.same({ "close" }, kinds(world.track()))
            local issue = world.issues()[1]
            assert.same({ "closed", 1 }, { issue.state, #issue.comments })
            assert.matches("Fixed: the job `build` succeeded in 3 runs", issue.comments[1].body)
        end)
    end)

    it("opens a closed issue again when its failure comes back, whatever people call it", function()
        ci.with(function(world)
            world.runs({ run(1, 9, "failure", { failed("build", strange(1)) }) })
            world.track()
            local issue = world.issues()[1]
            world.control({ repository = "o/n", issues = { { number = issue.number, state = "closed",
                title = "The glaze, again", body = issue.body, labels = issue.labels,
                closed_at = ci.hours_ago(5) } } })
            world.runs({ run(2, 1, "failure", { failed("build", strange(2)) }) })
            assert.same({ "reopen" }, kinds(world.track()))
            local issues = world.issues()
            assert.equal(1, #issues)
            assert.same({ "open", "The glaze, again" }, { issues[1].state, issues[1].title })
        end)
    end)

    it("leaves an issue closed that people closed as not planned", function()
        ci.with(function(world)
            world.runs({ run(1, 9, "failure", { failed("build", strange(1)) }) })
            world.track()
            local issue = world.issues()[1]
            world.control({ repository = "o/n", issues = { { number = issue.number, state = "closed",
                state_reason = "not_planned", title = issue.title, body = issue.body, labels = issue.labels,
                closed_at = ci.hours_ago(5) } } })
            world.runs({ run(2, 1, "failure", { failed("build", strange(2)) }) })
            assert.same({ "none" }, kinds(world.track()))
        end)
    end)

    it("comments once for a commit, and after some comments in a day once more and then no more", function()
        ci.with(function(world)
            world.runs({ run(1, 21, "failure", { failed("build", strange(1)) }) })
            world.track()
            for i = 2, 10 do
                world.runs({ run(i, 21 - i, "failure", { failed("build", strange(i)) }) })
                world.track()
                world.track()
            end
            local comments = world.issues()[1].comments
            assert.equal(6, #comments)
            assert.matches("no more until tomorrow", comments[6].body)
        end)
    end)

    it("takes up an issue that has the older identifier", function()
        ci.with(function(world)
            world.control({ repository = "o/n", issues = { { number = 4, kind = "issue", labels = { "ci-failure" },
                title = "[CI Failure] ci.yml - build",
                body = "Failure ID: " .. hash.text("ci.yml:build", "md5") } } })
            world.runs({ run(1, 3, "failure", { failed("build", strange(1)) }) })
            assert.same({ "update" }, kinds(world.track()))
            assert.equal(1, #world.issues())
            assert.same({ "none" }, kinds(world.track()))
        end)
    end)

    it("does not believe a stranger's marker", function()
        ci.with(function(world)
            world.runs({ run(1, 3, "failure", { failed("build", strange(1)) }) })
            local fingerprint = world.json("check", "--json").failures[1].fingerprint
            world.control({ repository = "o/n", issues = { { number = 4, kind = "issue", user = "mallory",
                labels = { "ci-failure" }, title = "[CI Failure] x",
                body = ("<!-- uhost:ci_failure:%s -->"):format(fingerprint) } } })
            assert.same({ "create" }, kinds(world.track()))
        end)
    end)

    it("opens nothing when the search for an issue fails, and says so", function()
        ci.with(function(world)
            world.runs({ run(1, 3, "failure", { failed("build", strange(1)) }) })
            world.control({ faults = { { path = "/repos/o/n/issues", kind = "status", status = 502, times = 50 } } })
            local result = world.ci("track", "--execute")
            assert.equal(3, result.code)
            assert.matches("502", result.stderr)
            world.control({ faults = json.array() })
            assert.same({}, world.issues())
        end)
    end)

    it("opens nothing when only some of the issues can be looked through, and says so", function()
        ci.with(function(world)
            local issues = {}
            for i = 1, 130 do
                issues[i] = { number = 1000 + i, title = "x", labels = { "ci-failure" }, body = "y" }
            end
            world.control({ repository = "o/n", issues = issues })
            world.runs({ run(1, 3, "failure", { failed("build", strange(1)) }) })
            world.control({ faults = { { path = "/repos/o/n/issues", kind = "status", status = 502, skip = 1,
                times = 50 } } })
            local result = world.ci("track", "--execute")
            assert.equal(3, result.code)
            world.control({ faults = json.array() })
            assert.same({}, world.issues())
        end)
    end)

    it("opens one issue when two runs begin at the same time, and when an answer is lost", function()
        ci.with(function(world)
            world.runs({ run(1, 3, "failure", { failed("build", strange(1)) }) })
            world.control({ lag = 1 })
            local children = {}
            for i = 1, 2 do
                children[i] = process.start(world.command({ "track", "--execute" },
                    { UHOST_STATE = ("%s/state%d"):format(world.folder, i) }))
            end
            for _, child in ipairs(children) do assert.equal(0, child:wait(120).code) end
            local open = 0
            for _, issue in ipairs(world.issues()) do open = open + (issue.state == "open" and 1 or 0) end
            assert.equal(1, open)
            world.runs({ run(2, 2, "failure", { failed("test", strange(1)) }) })
            world.control({ faults = { { path = "/repos/o/n/issues", method = "POST", kind = "lost", times = 1 } } })
            world.track()
            open = 0
            for _, issue in ipairs(world.issues()) do open = open + (issue.state == "open" and 1 or 0) end
            assert.equal(2, open)
        end)
    end)

    it("lets nothing of a log format, mention, link or show a secret", function()
        ci.with(function(world)
            world.runs({ run(1, 3, "failure", { failed("build", {
                "error: ``` @everyone closes #1 <img src=x> \226\128\174rtl \27[31mred \226\128\139zero "
                    .. "ghp_abcdefghijklmnopqrstuvwxyz0123456789" }) },
                { branch = "main" }) })
            world.track()
            local issue = world.issues()[1]
            for _, text in ipairs({ issue.title, issue.body }) do
                assert.is_nil(text:find("ghp_abc", 1, true))
                assert.is_nil(text:find("\226\128\139zero", 1, true))
                assert.is_nil(text:find("\27", 1, true))
                assert.is_nil(text:find("\226\128\174", 1, true))
            end
            assert.matches("````+\n", issue.body)
        end)
    end)

    it("takes lines and names of any length", function()
        ci.with(function(world)
            world.runs({ run(1, 3, "failure", { failed("build", { "error: " .. ("glaze "):rep(200000) }) }) })
            assert.same({ "create" }, kinds(world.track()))
            local issue = world.issues()[1]
            assert.is_true(#issue.body < 65536 and #issue.title <= 256 + 2)
        end)
    end)

    it("asks nobody where nobody is, and plans under --dry-run", function()
        ci.with(function(world)
            world.runs({ run(1, 3, "failure", { failed("build", strange(1)) }) })
            local result = world.ci("track")
            assert.equal(2, result.code)
            assert.matches("add %-%-execute", result.stderr)
            world.host = { "--dry-run" }
            result = world.ci("track")
            assert.equal(0, result.code, result.stderr)
            assert.same({}, world.issues())
        end)
    end)

    it("shows what it would do on a terminal, and asks", function()
        ci.with(function(world)
            world.runs({ run(1, 3, "failure", { failed("build", strange(1)) }) })
            local function answer(text)
                local command = world.command({ "track" })
                command.terminal, command.stdin, command.timeout_s = true, text, 120
                return process.run(command)
            end
            local shown = answer("n\n")
            assert.matches("it has no issue yet", shown.stdout)
            assert.matches("Write 1 issue%? %[y/N%]", shown.stdout)
            assert.same({ 0, {} }, { shown.code, world.issues() })
            assert.equal(0, answer("y\n").code)
            assert.equal(1, #world.issues())
        end)
    end)

    it("knows causes of the knowledge base", function()
        ci.with(function(world)
            world.runs({ run(1, 3, "failure", { failed("build", refused(1)) }),
                run(2, 2, "failure", { failed("build", refused(2)) }) })
            local seen = world.json("check", "--json")
            assert.same({ 1, "kb", 2 }, { #seen.failures, seen.failures[1].kind, seen.failures[1].occurrences })
        end)
    end)

    it("says what is missing on its command line", function()
        ci.with(function(world)
            local result = world.ci("check", "--since", "yesteryear")
            assert.same({ 2 }, { result.code })
            assert.matches("%-%-since: 'yesteryear' is neither a date nor a length of time", result.stderr)
            assert.equal(2, world.ci().code)
        end)
    end)
end)

describe("what is remembered", function()
    it("closes an issue whose failure is older than the window, and keeps its first occurrence", function()
        ci.with(function(world)
            world.runs({ run(1, 24 * 13, "failure", { failed("build", strange(1)) }) })
            world.track()
            assert.equal(1, #world.issues())
            for i = 2, 4 do world.runs({ run(i, 10 - i, "success", { green("build") }) }) end
            local result = world.ci("track", "--execute", "--json", "--since", "2 days")
            assert.equal(0, result.code, result.stderr)
            assert.same({ "close" }, kinds(json.decode(result.stdout).failures))
        end)
    end)

    it("is of the workflow that is asked for", function()
        ci.with(function(world)
            world.runs({ run(1, 5, "failure", { failed("build", strange(1)) }),
                run(2, 4, "failure", { failed("build", strange(1)) }, { workflow = "nightly.yml" }) })
            assert.equal(2, #world.json("check", "--json").failures)
            local seen = world.json("check", "--workflow", "nightly.yml", "--json")
            assert.same({ 1, "nightly.yml" }, { #seen.failures, seen.failures[1].workflow })
        end)
    end)

    it("is asked for by a repository's name", function()
        ci.with(function(world)
            local result = world.ci("check", "--github", "nowhere")
            assert.equal(2, result.code)
            assert.equal("error: --github: 'nowhere' is not OWNER/NAME\n  hint: such as rust-lang/rust\n",
                result.stderr)
        end)
    end)
end)
