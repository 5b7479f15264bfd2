-- `uhost cache_advisor` as a person calls it.
local expect = require("support.expect")
local peers = require("support.peers")
local uhost_binary = os.getenv("UHOST") or "uhost"

local workflow = "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npm ci\n"

local function run(folder, ...)
    local command = { uhost_binary, "cache_advisor", ... }
    command.cwd, command.timeout_s = folder, 120
    command.env = { UHOST_STATE = folder .. "/state", GITHUB_ACTIONS = "", HOME = folder }
    return process.run(command)
end

local function git_in(folder, words)
    process.run({ "sh", "-c", words, cwd = folder, check = true, env = { HOME = folder, GIT_AUTHOR_NAME = "A",
        GIT_AUTHOR_EMAIL = "a@b.c", GIT_COMMITTER_NAME = "A", GIT_COMMITTER_EMAIL = "a@b.c" } })
end

describe("uhost cache_advisor", function()
    it("proposes a patch that git applies, after which it has nothing to say", function()
        expect.in_folder({ [".github/workflows/ci.yml"] = workflow, ["package-lock.json"] = "{}" }, function(folder)
            git_in(folder, "git init -q -b main . && git add -A && git commit -qm One")
            local found = run(folder)
            assert.equal(1, found.code, found.stderr)
            assert.matches("[layer_missing]", found.stdout, 1, true)
            assert.matches("cost unknown", found.stdout, 1, true)
            fs.write(folder .. "/p", run(folder, "--patch").stdout)
            git_in(folder, "git apply p")
            local after = run(folder .. "/.github")
            assert.equal(0, after.code, after.stdout)
            assert.matches("caches are as they should be", after.stdout, 1, true)
            assert.matches("actions/cache@%x+ # v%d", fs.read(folder .. "/.github/workflows/ci.yml"))
        end)
    end)

    it("counts with what the store knows of past runs", function()
        local fill = [[
            local store = require("lib.ci_failures.store")
            local runs = {}
            for i = 1, 8 do
                local at = time.now() - i * 86400
                runs[i] = { id = i, workflow = "ci.yml", workflow_name = "CI", number = i, attempt = 1, event = "push",
                    branch = "main", head_sha = "a", status = "completed", conclusion = "success",
                    created_at = time.iso(at), updated_at = time.iso(at), url = "u", pulls = {}, is_read = true,
                    jobs = { { id = i, run = i, attempt = 1, name = "test", conclusion = "success",
                        started_at = time.iso(at), completed_at = time.iso(at + 300), url = "u", causes = {} } } }
            end
            store.keep(store.open(), "example/kiln", runs)]]
        expect.in_folder({ [".github/workflows/ci.yml"] = workflow, ["package-lock.json"] = "{}" }, function(folder)
            git_in(folder, "git init -q -b main . && git remote add origin https://github.com/example/kiln")
            process.run({ uhost_binary, "-e", fill, cwd = folder, check = true,
                env = { UHOST_STATE = folder .. "/state" } })
            -- 8 runs in 4 weeks, 5 minutes each, 60 % of it.
            local proposal = json.decode(run(folder, "--json").stdout).proposals[1]
            assert.is_true(math.abs(proposal.minutes_per_week - 6) < 0.01)
            assert.matches("of steps, nothing is known", proposal.basis, 1, true)
        end)
    end)

    it("prefers what the store of builds knows of steps", function()
        local fill = [[
            local store_of = require("lib.metrics.store")
            local store = store_of.open()
            for i = 1, 8 do
                local at = math.floor(time.now()) - i * 86400
                store_of.keep(store, { { repository = "example/kiln", source = "github", key = tostring(i),
                    workflow = "ci.yml", event = "push", branch = "main", commit_sha = "a", attempt = 1,
                    conclusion = "success", url = "u", created_at = at, version = "1", jobs = { { key = tostring(i),
                        attempt = 1, name = "test", platform = "linux", arch = "", variant = "", runner = "",
                        conclusion = "success", url = "u", duration_s = 300, steps = { { name = "Run npm ci",
                            conclusion = "success", duration_s = 90 } } } } } })
            end]]
        expect.in_folder({ [".github/workflows/ci.yml"] = workflow, ["package-lock.json"] = "{}" }, function(folder)
            git_in(folder, "git init -q -b main . && git remote add origin https://github.com/example/kiln")
            process.run({ uhost_binary, "-e", fill, cwd = folder, check = true,
                env = { UHOST_STATE = folder .. "/state" } })
            -- 8 runs in 4 weeks, a minute and a half each, 60 % of it.
            local proposal = json.decode(run(folder, "--json").stdout).proposals[1]
            assert.is_true(math.abs(proposal.minutes_per_week - 1.8) < 0.01, proposal.basis)
            assert.matches("durations of steps", proposal.basis, 1, true)
        end)
    end)

    it("asks GitHub for the steps of the newest runs", function()
        require("support.ci_world").with(function(world)
            local runs = {}
            for i = 1, 4 do
                local at = time.now() - i * 86400
                local steps = { { name = "Run npm ci", conclusion = "success", started_at = time.iso(at),
                    completed_at = time.iso(at + 120) }, { name = "Test", conclusion = "success" } }
                local job = { name = "test", conclusion = "success", steps = steps, started_at = time.iso(at),
                    completed_at = time.iso(at + 300) }
                runs[i] = { id = i, workflow = "ci.yml", run_number = i, conclusion = "success",
                    head_sha = ("a"):rep(40), created_at = time.iso(at), jobs = { job } }
            end
            world.runs(runs)
            local command = world.command({})
            local words = { command[1], "-q", "cache_advisor", "--github", "o/n", "--json", cwd = world.folder,
                env = command.env, timeout_s = 120 }
            fs.mkdir(world.folder .. "/.github/workflows")
            fs.write(world.folder .. "/.github/workflows/ci.yml", workflow)
            fs.write(world.folder .. "/package-lock.json", "{}")
            local result = process.run(words)
            assert.equal(1, result.code, result.stderr)
            local proposal = json.decode(result.stdout).proposals[1]
            assert.matches("newest 4 successful runs", proposal.basis, 1, true)
            -- 4 runs in 4 days, 2 minutes each, 60 % of it.
            assert.is_true(math.abs(proposal.minutes_per_week - 4 / (4 / 7) * 2 * 0.6) < 0.1, proposal.basis)
        end)
    end)

    it("leaves out what is no YAML, and says so", function()
        expect.in_folder({ [".github/workflows/ci.yml"] = "a: [" }, function(folder)
            local result = run(folder)
            assert.equal(0, result.code)
            assert.matches("ci.yml is not valid YAML", result.stderr, 1, true)
        end)
    end)

    it("refuses paths that are not there, and what is not a repository", function()
        expect.in_folder({ [".github/workflows/ci.yml"] = workflow }, function(folder)
            for _, words in ipairs({ { ".github/workflows/cj.yml" }, { "--github", "nowhere" } }) do
                local result = run(folder, unpack(words))
                assert.equal(2, result.code)
                assert.matches(words[#words], result.stderr, 1, true)
                assert.is_nil(result.stderr:find("traceback", 1, true))
            end
        end)
    end)

    it("shows no control characters of a hostile workflow", function()
        local hostile = workflow:gsub("test:", '"te\\e[31mst":')
        expect.in_folder({ [".github/workflows/ci.yml"] = hostile, ["package-lock.json"] = "{}" }, function(folder)
            local result = run(folder)
            assert.equal(1, result.code)
            assert.is_nil(result.stdout:find("\27", 1, true))
        end)
    end)

    it("demonstrates itself, also as JSON by its schema", function()
        expect.in_folder({}, function(folder)
            local demo = run(folder, "--demo")
            assert.equal(1, demo.code)
            assert.equal("", demo.stderr)
            for _, rule in ipairs({ "layer_missing", "key_never_hits", "key_without_system", "build_without_content",
                "path_of_other_system" }) do
                assert.matches("[" .. rule .. "]", demo.stdout, 1, true)
            end
            if peers.missing() then return pending(peers.missing()) end
            local schema = process.run({ uhost_binary, "schema", "cache_advisor", check = true }).stdout
            fs.write(folder .. "/d.json", ('{"schema": %s, "value": %s}'):format(schema,
                run(folder, "--demo", "--json").stdout))
            assert.equal("", peers.problems("schema", folder .. "/d.json"))
        end)
    end)
end)
