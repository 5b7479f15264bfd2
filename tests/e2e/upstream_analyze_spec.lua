-- What a release does to a fork: on real repositories, with git's own merge beside it.
local servers = require("support.servers")
local upstream = require("support.upstream")
local assert_schema, with_demo = upstream.assert_schema, upstream.with_demo

local binary = os.getenv("UHOST")

local function run_git(folder, ...)
    local command = { "git", "-C", folder, "-c", "user.name=A", "-c", "user.email=a@x", ... }
    command.check = true
    return process.run(command).stdout
end

local function by_path(analysis)
    local files = {}
    for _, file in ipairs(analysis.affected_files) do files[file.path] = file end
    return files
end

-- The paths that git's own merge leaves in conflict.
local function git_conflicts(folder, ours, theirs)
    local result = process.run{ "git", "-C", folder, "merge-tree", "--write-tree", "--name-only", "--no-messages", ours,
        theirs }
    local paths = {}
    for path in result.stdout:match("^[^\n]*\n?(.*)$"):gmatch("[^\n]+") do paths[#paths + 1] = path end
    table.sort(paths)
    return paths
end

local function expected_paths(analysis)
    local seen, paths = {}, {}
    for _, conflict in ipairs(analysis.conflicts_expected) do
        if not seen[conflict.path] then paths[#paths + 1] = conflict.path end
        seen[conflict.path] = true
    end
    table.sort(paths)
    return paths
end

describe("uhost upstream analyze", function()
    it("gives each file the risk that the release is to it", function()
        with_demo(function(world)
            local result = world.upstream("analyze", "1.3.0", "--json")
            assert.same({ 1, "" }, { result.code, result.stderr })
            assert_schema("upstream_analyze", result.stdout)
            local analysis = json.decode(result.stdout)
            local risks = {}
            for path, file in pairs(by_path(analysis)) do risks[path] = file.risk end
            assert.same({
                ["src/passes.rs"] = "SAFE", ["src/lower.rs"] = "MINOR", ["src/types.rs"] = "MINOR",
                ["src/options.rs"] = "MODERATE", ["src/attributes.rs"] = "BREAKING", ["src/legacy.rs"] = "BREAKING",
                ["src/lints.rs"] = "BREAKING", ["README.md"] = "SAFE",
            }, risks)
            assert.same({ "1.0.0", "1.3.0", "HIGH", false, "ancestor", 1 }, { analysis.from_version,
                analysis.to_version, analysis.overall_risk, analysis.auto_mergeable, analysis.base.kind,
                analysis.own_files })
            local options = by_path(analysis)["src/options.rs"].functions[1]
            assert.same({ "options", "pub fn options() -> Vec<Flag>", "pub fn options(target: Target) -> Vec<Flag>" },
                { options.name, options.before, options.after })
        end)
    end)

    it("predicts conflicts with their lines, function and commit, as git finds them", function()
        with_demo(function(world)
            local analysis = world.analyze("1.3.0")
            local first, second = analysis.conflicts_expected[1], analysis.conflicts_expected[2]
            assert.same({ "src/attributes.rs", "content", 4, 4, "Add the attribute requires" }, { first.path,
                first.kind, first.first_line, first.last_line, first.commits[1].subject })
            assert.same({ "src/legacy.rs", "modify_delete", "Verify in the legacy pass, too" }, { second.path,
                second.kind, second.commits[1].subject })
            assert.same(git_conflicts(world.fork, "HEAD", "v1.3.0"), expected_paths(analysis))
            assert.same({}, expected_paths(world.analyze("1.2.0")))
            assert.same({}, git_conflicts(world.fork, "HEAD", "v1.2.0"))
        end)
    end)

    it("says what a clean merge would break, and what the policy does not say", function()
        with_demo(function(world)
            local analysis = world.analyze("1.3.0")
            assert.same({ { kind = "caller_lost", path = "src/lints.rs",
                text = "nothing calls run_lints any more, which the fork hooks into" } }, analysis.safety)
            assert.same({ { "README.md" }, { "hir" } }, { analysis.undeclared_files, analysis.untouched_points })
            assert.same({ "options: the pattern matches 3 times in the fork, not once: flag\\(" },
                analysis.policy_problems)
            local states = {}
            for _, api in ipairs(analysis.dependencies[1].apis) do states[api.name] = api.state end
            assert.same({ type_of = "changed", def_path = "gone", walk_body = "renamed" }, states)
        end)
    end)

    it("sees a pattern that the release would take away or double", function()
        with_demo(function(world)
            world.points([==[return { points = {
                { id = "anchor", path = "src/driver.rs", pattern = "run_lints" },
                { id = "twice", path = "src/attributes.rs", pattern = '"[a-z]+_use"|"inline"' },
            } }]==])
            run_git(world.fork, "checkout", "-q", "v1.0.0")
            local analysis = world.analyze("1.3.0")
            local found = {}
            for _, each in ipairs(analysis.safety) do found[each.path] = each.kind end
            assert.same({ ["src/driver.rs"] = "pattern_gone", ["src/attributes.rs"] = "pattern_twice" }, found)
            assert.is_false(analysis.auto_mergeable)
            assert.same({ "BREAKING", 1 }, { by_path(analysis)["src/driver.rs"].risk,
                world.upstream("analyze", "1.3.0").code })
        end)
    end)

    it("goes release by release, and names the cheaper way", function()
        with_demo(function(world)
            local analysis = world.analyze("1.3.0")
            local steps = {}
            for i, step in ipairs(analysis.releases) do steps[i] = step.to_version .. " " .. step.risk end
            assert.same({ "1.1.0 MINOR", "1.2.0 MODERATE", "1.3.0 BREAKING" }, steps)
            assert.same({ "src/attributes.rs", "src/legacy.rs" }, analysis.releases[3].conflicts)
            assert.equal("direct", analysis.recommended_path.kind)
            assert.same({}, world.analyze("1.1.0").releases)
        end)
    end)

    it("names the pull requests behind the changes, with links where the project is at GitHub", function()
        with_demo(function(world)
            local numbers = {}
            for i, each in ipairs(world.analyze("1.3.0").pull_requests) do numbers[i] = each.number end
            assert.same({ 106, 105, 104, 103, 102, 101 }, numbers)
            world.upstream("monitor")
            fs.write(world.fork .. "/policies/upstream.lua", "return { upstream = { github = 'example/compiler' } }")
            assert.equal("https://github.com/example/compiler/pull/106",
                world.analyze("1.3.0").pull_requests[1].url)
        end)
    end)

    it("estimates by past syncs, once there are enough", function()
        with_demo(function(world)
            assert.matches("rule of thumb", world.analyze("1.3.0").estimated_effort.basis)
            local result = world.run([[
                local syncs = require("lib.upstream.syncs")
                local project = require("lib.upstream.project").open()
                for i = 1, 3 do
                    local id = syncs.begin_sync(project.store, { project = project.name, fork = project.fork,
                        to_version = "0." .. i, started_at = time.iso(time.now() - i * 3600) })
                    syncs.finish_sync(project.store, id, { status = "success" })
                end
            ]])
            assert.equal("", result.stderr)
            assert.same({ hours = 6, basis = "the median of 3 past syncs, by their conflicts" },
                world.analyze("1.3.0").estimated_effort)
        end)
    end)

    it("writes a report in each format", function()
        with_demo(function(world)
            for format, pattern in pairs({ text = "From 1%.0%.0 to 1%.3%.0: risk HIGH\n===",
                markdown = "# From 1%.0%.0 to 1%.3%.0", html = "<h1>From 1%.0%.0" }) do
                assert.matches(pattern, world.upstream("analyze", "1.3.0", "--format", format).stdout)
            end
            local file = world.folder .. "/impact_report.json"
            assert.equal("", world.upstream("analyze", "v1.3.0", "--output", file).stdout)
            assert.equal("HIGH", json.decode(fs.read(file)).overall_risk)
        end)
    end)

    it("is the same for a detached HEAD and a dirty tree, and changes nothing in them", function()
        with_demo(function(world)
            local before = world.analyze("1.3.0")
            run_git(world.fork, "checkout", "-q", "--detach")
            fs.write(world.fork .. "/src/passes.rs", "garbage")
            run_git(world.fork, "rm", "-q", "src/lower.rs")
            local status = run_git(world.fork, "status", "--porcelain")
            local after = world.analyze("1.3.0")
            before.analysis_date, after.analysis_date = nil, nil
            assert.same(before, after)
            assert.equal(status, run_git(world.fork, "status", "--porcelain"))
        end)
    end)

    it("finds the base of a snapshot by its files, and says how many they share", function()
        with_demo(function(world)
            local snapshot = world.folder .. "/snapshot"
            process.run{ "git", "init", "-q", "-b", "main", snapshot, check = true }
            run_git(world.fork, "checkout", "-q", "v1.1.0")
            fs.copy(world.fork .. "/src", snapshot .. "/src", { recursive = true })
            fs.copy(world.fork .. "/README.md", snapshot .. "/README.md")
            run_git(snapshot, "add", ".")
            run_git(snapshot, "commit", "-qm", "Import")
            fs.write(snapshot .. "/README.md", "Ours\n")
            run_git(snapshot, "commit", "-qam", "Our own")
            fs.copy(world.fork .. "/policies", snapshot .. "/policies", { recursive = true })
            run_git(snapshot, "fetch", "-q", world.project_folder, "--tags")
            world.fork = snapshot
            world.upstream("monitor")
            assert.matches("unknown: this history contains none of its releases", world.upstream("status").stdout)
            local analysis = world.analyze("1.3.0")
            assert.matches("2 releases behind: based on 1.1.0", world.upstream("status").stdout)
            assert.same({ "1.1.0", "snapshot", 90 }, { analysis.from_version, analysis.base.kind,
                math.floor(analysis.base.shared_percent) })
            local readme = by_path(analysis)["README.md"]
            assert.same({ "Our own" }, { readme.commits[1].subject, readme.commits[2] })
            assert.matches("no history is shared; 90.0 %% of the fork's files",
                world.upstream("analyze", "1.3.0").stdout)
            assert.equal("given", world.analyze("1.3.0", "--from", "1.0.0").base.kind)
        end)
    end)

    it("says so where nothing is shared at all", function()
        with_demo(function(world)
            run_git(world.fork, "checkout", "-q", "--orphan", "other")
            run_git(world.fork, "rm", "-rfq", ".")
            fs.write(world.fork .. "/else.txt", "something else\n")
            run_git(world.fork, "add", "else.txt")
            run_git(world.fork, "commit", "-qm", "Other")
            local result = world.upstream("analyze", "1.3.0")
            assert.matches("HEAD contains none of the releases", result.stderr)
            assert.matches("%-%-from VERSION", result.stderr)
            assert.same({ 3, "" }, { result.code, result.stdout })
        end)
    end)

    it("deepens a shallow clone until it sees where the fork began, and never guesses before", function()
        with_demo(function(world)
            local shallow = world.folder .. "/shallow"
            process.run{ "git", "clone", "-q", "--depth=1", "--no-tags", "-b", "fork",
                "file://" .. world.project_folder, shallow, check = true }
            fs.copy(world.fork .. "/policies", shallow .. "/policies", { recursive = true })
            world.fork = shallow
            world.upstream("monitor")
            run_git(shallow, "remote", "rename", "origin", "elsewhere")
            local result = world.upstream("analyze", "1.3.0")
            assert.equal(3, result.code)
            assert.matches("this clone is shallow.*git fetch %-%-unshallow", result.stderr)
            assert.matches("unknown: this clone is shallow.*next: uhost upstream analyze 1.3.0",
                world.upstream("check").stderr)
            run_git(shallow, "remote", "rename", "elsewhere", "origin")
            local analysis = world.analyze("1.3.0")
            assert.same({ "1.0.0", "ancestor" }, { analysis.from_version, analysis.base.kind })
            assert.equal("CRITICAL_BEHIND", json.decode(world.upstream("status", "--json").stdout).status)
        end)
    end)

    it("fetches a release that is missing, to references of its own", function()
        with_demo(function(world)
            for version = 1, 3 do run_git(world.fork, "tag", "-d", ("v1.%d.0"):format(version)) end
            run_git(world.fork, "update-ref", "-d", "refs/remotes/origin/main")
            run_git(world.fork, "reflog", "expire", "--expire=now", "--all")
            run_git(world.fork, "gc", "-q", "--prune=now")
            world.upstream("monitor")
            assert.equal("HIGH", world.analyze("1.3.0").overall_risk)
            assert.equal("v1.0.0\n", run_git(world.fork, "tag"))
            fs.rename(world.project_folder, world.project_folder .. "-gone")
            run_git(world.fork, "update-ref", "-d", "refs/uhost/upstream/v1.3.0")
            run_git(world.fork, "gc", "-q", "--prune=now")
            assert.equal(3, world.upstream("analyze", "1.3.0").code)
        end)
    end)

    it("finds the commits of a release of which only the tag is known", function()
        with_demo(function(world)
            run_git(world.fork, "tag", "-d", "v1.3.0")
            world.upstream("monitor")
            local result = world.run([[
                local project = require("lib.upstream.project").open()
                project.store:execute("UPDATE upstream_releases SET commit_id = NULL")
            ]])
            assert.equal("", result.stderr)
            local analysis = world.analyze("1.3.0")
            assert.same({ "1.0.0", "HIGH" }, { analysis.from_version, analysis.overall_risk })
        end)
    end)

    it("takes the project's tag where that has moved, and says so", function()
        with_demo(function(world)
            run_git(world.project_folder, "tag", "-f", "v1.3.0", "v1.2.0")
            world.upstream("monitor")
            local result = world.upstream("analyze", "1.3.0", "--json")
            assert.matches("the tag v1.3.0 of this repository is at .*the project has it at", result.stderr)
            assert.same({}, json.decode(result.stdout).conflicts_expected)
        end)
    end)

    it("shows nothing of names and subjects to the terminal that acts on it", function()
        with_demo(function(world)
            local project = git.open(world.project_folder)
            local name = "src/\27]0;evil\7.rs"
            git.open(world.fork):create_commit{ ref = "refs/heads/fork", message = "\27[31mred", author = "A",
                author_email = "a@x", files = { [name] = "ours\n", ["src/attributes.rs"] = "\27[2Jours\n" } }
            project:create_commit{ ref = "refs/heads/main", message = "\27[31mred (#7)", author = "B",
                author_email = "b@x", files = { [name] = "theirs\n" } }
            project:create_tag("v1.4.0", "refs/heads/main")
            git.open(world.fork):fetch{ tags = "all" }
            for _, format in ipairs({ "text", "markdown", "html", "json" }) do
                local result = world.upstream("analyze", "1.4.0", "--format", format)
                assert.same({ 1, "" }, { result.code, result.stderr })
                assert.is_nil((result.stdout):find("[\27\7]"), format)
            end
            assert.equal("add_add", world.analyze("1.4.0").conflicts_expected[1].kind)
        end)
    end)

    it("has nothing to say of releases that the fork contains", function()
        with_demo(function(world)
            run_git(world.fork, "checkout", "-q", "v1.2.0")
            local result = world.upstream("analyze", "1.1.0")
            assert.equal(2, result.code)
            assert.matches("the fork is based on 1.2.0, which contains 1.1.0", result.stderr)
            local analysis = world.analyze("1.2.0")
            assert.same({ "1.2.0", "LOW", true }, { analysis.from_version, analysis.overall_risk,
                analysis.auto_mergeable })
        end)
    end)

    it("names what was meant for a release that there is not", function()
        with_demo(function(world)
            local result = world.upstream("analyze", "1.3.1")
            assert.equal(2, result.code)
            assert.matches("there is no release '1.3.1'\n  hint: ", result.stderr)
            assert.equal("HIGH", world.analyze("v1.3").overall_risk)
        end)
    end)

    it("agrees with git on which files conflict, whatever both sides do", function()
        servers.in_folder(function(folder)
            math.randomseed(20)
            local repo = git.init(folder .. "/r", { initial_branch = "main" })
            local function text(changes)
                local lines = {}
                for i = 1, 30 do lines[i] = changes[i] or "line " .. i end
                return table.concat(lines, "\n") .. "\n"
            end
            local function side(base, ref)
                local files = {}
                for file = 1, 6 do
                    local changes = {}
                    for _ = 1, math.random(0, 3) do
                        changes[math.random(30)] = ({ "same", "x" .. math.random(3), "" })[math.random(3)]
                    end
                    files["f" .. file] = math.random(8) > 1 and text(changes) or false
                end
                if math.random(2) == 1 then files.new = "new " .. math.random(2) .. "\n" end
                return repo:create_commit{ ref = ref, parents = { base }, message = ref, files = files, author = "A",
                    author_email = "a@x" }
            end
            local base_files = {}
            for file = 1, 6 do base_files["f" .. file] = text({}) end
            local base = repo:create_commit{ ref = "refs/heads/main", message = "Base", files = base_files,
                author = "A", author_email = "a@x" }
            repo:create_tag("v1.0", base)
            fs.mkdir(folder .. "/r/policies")
            fs.write(folder .. "/r/policies/upstream.lua",
                ("return { upstream = { url = %q } }"):format(folder .. "/r"))
            for round = 1, 25 do
                local ours, theirs = side(base, "refs/heads/ours" .. round), side(base, "refs/heads/theirs" .. round)
                repo:create_tag("v1.1", theirs, { force = true })
                run_git(folder .. "/r", "update-ref", "--no-deref", "HEAD", ours)
                local result = process.run{ binary, "upstream", "analyze", "v1.1", "--json", cwd = folder .. "/r",
                    env = { HOME = folder, UHOST_STATE = folder .. "/state" } }
                assert.same(git_conflicts(folder .. "/r", ours, theirs), expected_paths(json.decode(result.stdout)))
            end
        end)
    end)
end)

-- A fork of a project with these files; both sides are texts by path. The policy is a shipped example.
local function with_example(name, texts, ours, theirs, body)
    upstream.with_fork(function(world)
        local project = git.init(world.folder .. "/shaped", { initial_branch = "main" })
        local function commit(repo, files, message)
            repo:create_commit{ ref = "refs/heads/main", message = message, files = files, author = "A",
                author_email = "a@x" }
        end
        commit(project, texts, "Base")
        project:create_tag("1.83.0", "HEAD")
        world.fork = world.folder .. "/shaped_fork"
        git.clone(world.folder .. "/shaped", world.fork):close()
        commit(git.open(world.fork), ours, "Hook in (#1)")
        commit(project, theirs, "Change it (#2)")
        project:create_tag("1.84.0", "HEAD")
        git.open(world.fork):fetch{ tags = "all" }
        fs.mkdir(world.fork .. "/policies")
        fs.copy(fs.join(uhost.share, "policies/examples", name, "integration_points.lua"),
            world.fork .. "/policies/integration_points.lua")
        fs.write(world.fork .. "/policies/upstream.lua",
            ("return { upstream = { url = %q } }"):format(world.folder .. "/shaped"))
        local result = world.upstream("analyze", "1.84.0", "--json")
        assert.equal("", result.stderr)
        body(json.decode(result.stdout))
    end)
end

-- Ten lines that nobody changes.
local apart = ("    //\n"):rep(10)

describe("the examples of a fork's policies", function()
    it("fit a fork of rustc", function()
        local passes = "pub static PROVIDERS: Lazy = Lazy::new(|| {\n    let providers = &mut Providers::default();\n"
            .. "    hir::provide(providers);\n" .. apart .. "});\n\n"
            .. "fn analysis(tcx: TyCtxt<'_>, (): ()) -> Result<()> {\n    run(tcx);\n}\n"
        local attributes = "pub static BUILTIN_ATTRIBUTES: &[BuiltinAttribute] = &[\n    gated!(cold),\n];\n"
        local options = "options! {\n    unpretty: Option<String> = (None, parse_opt),\n}\n"
        local visitor = "pub fn walk_expr<V>(v: &mut V) {\n}\n\npub fn walk_fn<V>(v: &mut V) {\n}\n"
        local interface = "compiler/rustc_interface/src/passes.rs"
        local feature = "compiler/rustc_feature/src/builtin_attrs.rs"
        local session = "compiler/rustc_session/src/options.rs"
        with_example("rustc_fork", {
            [interface] = passes, [feature] = attributes, [session] = options,
            ["compiler/rustc_hir/src/intravisit.rs"] = visitor, ["compiler/rustc_middle/src/ty/mod.rs"] =
                "pub fn type_of(id: Id) -> Ty {\n}\n\npub fn def_path_str(id: Id) -> String {\n}\n",
        }, {
            [interface] = passes:gsub("hir::provide%(providers%);\n", "%0    rustc_verify::provide(providers);\n"),
            [feature] = attributes:gsub("gated!%(cold%),\n", "%0    gated!(requires),\n"),
            [session] = options:gsub("parse_opt%),\n", "%0    verify: bool = (false, parse_bool),\n"),
        }, {
            [interface] = passes:gsub("analysis%(tcx: TyCtxt<'_>, %(%): %(%)%)", "analysis(tcx: TyCtxt<'_>)"),
            [feature] = attributes:gsub("gated!%(cold%),\n", "%0    gated!(coverage),\n"),
            ["compiler/rustc_hir/src/intravisit.rs"] = (visitor:gsub("walk_fn<V>%(v: &mut V%)",
                "walk_fn<V>(v: &mut V, id: Id)")),
        }, function(analysis)
            local risks, rules = {}, {}
            for path, file in pairs(by_path(analysis)) do risks[path] = file.risk end
            assert.same({ [interface] = "SAFE", [feature] = "BREAKING", [session] = "SAFE" }, risks)
            assert.same({ feature }, expected_paths(analysis))
            for _, conflict in ipairs(analysis.conflicts_expected) do rules[#rules + 1] = conflict.rule end
            assert.equal(1, #rules)
            assert.same({ "SAFE", "MODERATE" }, { analysis.dependencies[1].risk, analysis.dependencies[2].risk })
            assert.same({ {}, {} }, { analysis.policy_problems, analysis.undeclared_files })
            assert.same({ "types", "mir_build", "hir" }, analysis.untouched_points)
        end)
    end)

    it("fit a patched database", function()
        local planner = "PlannedStmt *\nplanner(Query *parse, const char *query_string)\n{\n    result = plan();\n"
            .. apart .. "}\n"
        local settings = "static struct config_int ints[] =\n{\n    {\"work_mem\"},\n};\n"
        local path, misc = "src/backend/optimizer/plan/planner.c", "src/backend/utils/misc/guc_tables.c"
        with_example("database_fork", {
            [path] = planner, [misc] = settings, ["meson.build"] = "project('db')\n",
            ["src/include/optimizer/planner.h"] = "extern int standard_planner(Query *q);\n"
                .. "extern int subquery_planner(Query *q);\n",
        }, {
            [path] = planner:gsub("{\n", "%0    vendor_planner(parse, query_string);\n"),
            [misc] = settings:gsub('work_mem"},\n', '%0    {"vendor_planner_cost_limit"},\n'),
            ["meson.build"] = "project('db-vendor')\n",
        }, {
            [path] = planner:gsub("const char %*query_string%)", "const char *query_string, int options)"),
            ["src/include/optimizer/planner.h"] = "extern int standard_planner(Query *q, int options);\n",
        }, function(analysis)
            local file = by_path(analysis)[path]
            assert.same({ "MODERATE", "BREAKING" }, { file.risk, analysis.dependencies[1].risk })
            local states = {}
            for _, api in ipairs(analysis.dependencies[1].apis) do states[api.name] = api.state end
            assert.same({ standard_planner = "changed", subquery_planner = "gone" }, states)
            assert.same({ {}, {}, {} }, { analysis.policy_problems, analysis.undeclared_files,
                analysis.untouched_points })
        end)
    end)
end)

describe("an event of a release", function()
    it("says what the release does to the fork", function()
        with_demo(function(world)
            local v1_3 = run_git(world.project_folder, "rev-parse", "v1.3.0"):gsub("%s", "")
            run_git(world.project_folder, "tag", "-d", "v1.3.0")
            world.upstream("monitor")
            run_git(world.project_folder, "tag", "v1.3.0", v1_3)
            assert.matches("1.3.0 was released, impact HIGH", world.upstream("monitor").stdout)
            local store = db.open(world.folder .. "/state/uhost.sqlite", { read_only = true })
            local event = store:one("SELECT severity, text, data FROM events WHERE kind = 'upstream.release'")
            store:close()
            local data = json.decode(event.data)
            assert.same({ "warning", "HIGH", "1.0.0" }, { event.severity, data.impact, data.analysis.from_version })
            assert.matches("# From 1.0.0 to 1.3.0: risk HIGH", event.text)
        end)
    end)
end)

describe("uhost upstream --demo", function()
    it("shows monitor, status, check and analyze with every kind of outcome, and leaves nothing", function()
        servers.in_folder(function(folder)
            local result = process.run{ binary, "--offline", "upstream", "--demo", cwd = folder, env = { HOME = folder,
                TMPDIR = folder, UHOST_STATE = folder .. "/state" } }
            assert.equal(0, result.code)
            for _, word in ipairs({ "SAFE", "MINOR", "MODERATE", "BREAKING", "modify/delete", "nothing calls run_lints",
                "was renamed", "1.3.0 was released, impact HIGH", "3 releases behind", "Cheapest" }) do
                assert.is_true((result.stdout .. result.stderr):find(word, 1, true) ~= nil, word)
            end
            assert.is_false(fs.exists(folder .. "/state/uhost.sqlite"))
        end)
    end)
end)
