-- What people write scripts with: types for an editor, lint, beginnings, completion, man pages, schemas, the doctor.
local peers = require("support.peers")

local binary = os.getenv("UHOST")

describe("beside writing scripts,", function()
    local folder, home

    before_each(function()
        folder = fs.temp_dir()
        home = folder:path()
        fs.mkdir(home .. "/work")
        git.init(home .. "/work", { initial_branch = "main" }):close()
        fs.symlink(binary, home .. "/uhost")
    end)

    after_each(function() folder:close() end)

    local function uhost_in(path, ...)
        local command = { binary, ... }
        command.cwd = home .. "/work" .. path
        command.env = { HOME = home, UHOST_STATE = home .. "/state", PATH = home .. ":" .. os.getenv("PATH"),
            GITHUB_TOKEN = false, GH_TOKEN = false, GITHUB_ACTIONS = false, UHOST_OFFLINE = "1" }
        return process.run(command)
    end

    local function work(...) return uhost_in("", ...) end

    describe("uhost new", function()
        it("writes beginnings that work, and whose tests pass", function()
            for _, kind in ipairs({ "script", "policy", "kb", "channel", "executor" }) do
                assert.matches("^wrote ", work("new", kind, "my_" .. kind).stdout)
            end
            local tested = work("test", "tests", "policies", "kb")
            assert.matches("9 passed, 0 failed", tested.stdout .. tested.stderr)
            assert.equal(0, work("check", "--strict").code)
            assert.equal(0, work("lint").code)
            assert.matches("uhost run my_script", work("run", "my_script", "--help").stdout)
        end)

        it("writes at the root of the repository, over nothing, and nothing under a dry run", function()
            fs.mkdir(home .. "/work/src")
            assert.equal(0, uhost_in("/src", "new", "policy", "labels").code)
            assert.is_true(fs.exists(home .. "/work/policies/labels.lua"))
            assert.matches("labels.lua exists already", work("new", "policy", "labels").stderr)
            work("--dry-run", "new", "policy", "others")
            assert.is_false(fs.exists(home .. "/work/policies/others.lua"))
        end)

        it("refuses names that are no module, and primitives outside of a checkout", function()
            for _, name in ipairs({ "../x", "X", "a b", "" }) do assert.equal(2, work("new", "script", name).code) end
            assert.matches("this is not a checkout of it", work("new", "primitive", "x").stderr)
        end)
    end)

    describe("uhost types", function()
        it("names the folder of the definitions, which hold every primitive", function()
            local path = work("types").stdout:gsub("\n", "")
            assert.is_true(fs.exists(path .. "/git/definition.lua"))
        end)

        it("adds it to the settings of the language server, once, and keeps what is there", function()
            local file = home .. "/work/.luarc.json"
            fs.write(file, '{ "workspace.library": ["own"], "hint.enable": true }')
            work("types", "--install")
            local settings = json.decode(fs.read(file))
            assert.equal("own", settings["workspace.library"][1])
            assert.is_true(settings["hint.enable"])
            assert.matches("knows the types already", work("types", "--install").stdout)
            assert.equal(2, #json.decode(fs.read(file))["workspace.library"])
            fs.write(file, "// a comment")
            assert.matches("is not a JSON object", work("types", "--install").stderr)
        end)
    end)

    describe("uhost lint", function()
        it("knows the primitives, and finds what is not one", function()
            fs.write(home .. "/work/good.lua", "print(git.open('.'):head(), seq({ 1 }):first())\n")
            assert.equal(0, work("lint").code)
            fs.write(home .. "/work/bad.lua", "print(gitt.open('.'))\n")
            local result = work("lint", "bad.lua")
            assert.equal(1, result.code)
            assert.matches("undefined variable 'gitt'", result.stdout)
            assert.equal(2, work("lint", "missing.lua").code)
        end)
    end)

    describe("uhost completion", function()
        local function words(...) return work("completion", "words", "--", ...).stdout end

        it("offers commands, options, choices and subcommands", function()
            assert.equal("monthly_audit\n", words("mon"))
            assert.equal("--state\n", words("--stat"))
            assert.equal("doctor\n", words("--state", "somewhere", "doc"))
            assert.equal("csv\nhtml\njson\nmarkdown\nsarif\ntext\n", words("monthly_audit", "--format", ""))
            assert.equal("--format\n", words("--dry-run", "monthly_audit", "--form"))
            assert.equal("explain\nlearn\nlist\nstats\ntry\n", words("kb", ""))
            assert.equal("--class\n", words("kb", "list", "--cl"))
            assert.equal("", words("nonsense", "--x"))
            assert.equal("", words("../../x", "--x"))
        end)

        it("completes in bash", function()
            fs.write(home .. "/completion", work("completion", "bash").stdout)
            local script = ("source %s/completion; COMP_WORDS=(uhost diagnose --form); COMP_CWORD=2; _uhost; "
                .. "echo ${COMPREPLY[@]}"):format(home)
            local env = { PATH = home .. ":" .. os.getenv("PATH") }
            assert.equal("--format\n", process.run{ "bash", "-c", script, env = env }.stdout)
        end)

        it("writes a man page for each command, that man reads without a warning", function()
            work("completion", "man", home .. "/man1")
            for _, name in ipairs({ "uhost", "uhost-monthly_audit", "uhost-repl" }) do
                local page = fs.read(("%s/man1/%s.1"):format(home, name))
                assert.matches("%.SH NAME\n" .. name:gsub("%-", "%%-"):gsub("_", "_"), (page:gsub("\\", "")))
                assert.not_matches("\n%.[^STfn]", page)
            end
        end)
    end)

    describe("uhost doctor", function()
        it("says what works, and the remedy for what does not", function()
            local result = work("doctor")
            assert.matches("\nok +repository +.*no%s+commit%s+yet", result.stdout)
            assert.matches("look +GitHub token.*\n +→ ", result.stdout)
            assert.matches("not asked: offline", result.stdout)
            assert.equal(1, result.code)
        end)

        it("needs no repository", function()
            local result = process.run{ binary, "doctor", cwd = home, env = { UHOST_OFFLINE = "1", HOME = home } }
            assert.matches("this is not a git repository", result.stdout)
        end)

        it("sees a damaged store, broken rules, a shallow and a partial clone", function()
            fs.mkdir(home .. "/state")
            fs.write(home .. "/state/broken.sqlite", ("no database "):rep(100))
            fs.mkdir(home .. "/work/policies")
            fs.write(home .. "/work/policies/bad.lua", "return {")
            fs.append(home .. "/work/.git/config", '[remote "origin"]\n\tpromisor = true\n')
            fs.write(home .. "/work/.git/shallow", ("1"):rep(40) .. "\n")
            local checks = {}
            for _, check in ipairs(json.decode(work("doctor", "--json").stdout).checks) do checks[check.id] = check end
            for _, id in ipairs({ "stores", "rules", "partial_clone", "history" }) do
                assert.equal("attention", checks[id].status, id)
                assert.is_true(#checks[id].fix > 0, id)
            end
        end)

        it("names the process that writes to a store", function()
            local held = process.start{ binary, "--state", home .. "/state", "-e", [[
                local store = db.open(nil, { store = "held" })
                store:transaction(function()
                    store:execute("CREATE TABLE t (a)")
                    print("held")
                    io.stdout:flush()
                    io.read()
                end)]], stdin = true }
            task.finally(function()
                assert.equal("held", held:read_line())
                local text
                for _, check in ipairs(json.decode(work("doctor", "--json").stdout).checks) do
                    if check.id == "stores" then text = check.text end
                end
                assert.matches("process %d+ %(uhost%) is writing to held", text)
                assert.matches(("process %d "):format(held:pid()), text)
            end, function() held:close() end)
        end)

        it("writes a report without names of users and secrets", function()
            local result = process.run{ binary, "doctor", "--report", "report.json", cwd = home,
                env = { UHOST_OFFLINE = "1", HOME = home, GITHUB_TOKEN = "a_very_secret_value" } }
            assert.matches("GITHUB_TOKEN", result.stdout)
            local report = fs.read(home .. "/report.json")
            assert.not_matches("a_very_secret_value", report)
            assert.is_nil(report:find(home, 1, true))
        end)
    end)

    describe("uhost self-check", function()
        local function self_check(environment)
            environment.HOME = home
            return process.run{ binary, "self-check", "--json", cwd = home, env = environment }
        end

        local function statuses(result)
            local found = {}
            for _, check in ipairs(json.decode(result.stdout).checks) do found[check.id] = check.status end
            return found
        end

        it("finds that what was built works, without network and token", function()
            local found = statuses(self_check({ UHOST_STATE = home .. "/untouched" }))
            for _, id in ipairs({ "libraries", "demo", "log" }) do assert.equal("ok", found[id], id) end
            assert.is_false(fs.exists(home .. "/untouched"))
        end)

        it("names programs that are not there, and fails without git", function()
            local result = self_check({ PATH = home })
            assert.equal(1, result.code)
            assert.equal("attention", statuses(result).companions)
            assert.matches("not here: git, luacheck %(for uhost lint%)", result.stdout)
        end)
    end)

    describe("uhost schema", function()
        local function assert_valid(name, text)
            local schema = json.decode(work("schema", name).stdout)
            local file = home .. "/checked.json"
            fs.write(file, json.encode({ schema = schema, value = json.decode(text) }))
            assert.equal("", peers.problems("schema", file))
        end

        it("describes what commands write", function()
            if peers.missing() then return pending(peers.missing()) end
            local function writes(name, ...) assert_valid(name, work(...).stdout) end
            writes("doctor", "doctor", "--json")
            writes("doctor", "self-check", "--json")
            writes("bundle", "bundle", "--demo", "--json")
            writes("monthly_audit", "monthly_audit", "--demo", "--format", "json")
            writes("monthly_audit", "monthly_audit", "--demo", "--since", "1 year", "--format", "json")
            writes("policy_list", "policy", "list", "--format", "json")
            writes("policy_explain", "policy", "explain", "crash_tests", "--format", "json")
            writes("policy_try", "policy", "try", "crash_tests", "issues_of", '["tests/1.rs"]', "--format", "json")
            writes("kb_list", "kb", "list", "rust", "--format", "json")
            writes("kb_explain", "kb", "explain", "rust.e0277", "--format", "json")
            local log = fs.absolute("tests/fixtures/logs/asan_overflow.log")
            writes("kb_try", "kb", "try", log, "--format", "json")
            writes("diagnose", "diagnose", log, "--format", "json")
            writes("kb_stats", "kb", "stats", "--format", "json")
            fs.mkdir(home .. "/work/policies")
            fs.write(home .. "/work/policies/bad.lua", "return {")
            writes("check", "check", "--format", "json")
            work("--dry-run", "--plan-json", "plan.json", "-e", "fs.write('x', 'y')")
            assert_valid("plan", fs.read(home .. "/work/plan.json"))
        end)

        it("lists its names, and knows what was meant", function()
            assert.matches("doctor\n", work("schema").stdout)
            assert.matches("did you mean 'doctor'", work("schema", "docter").stderr)
        end)
    end)
end)
